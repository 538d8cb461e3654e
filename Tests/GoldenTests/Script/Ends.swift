import Primitives

/// One-way links between nodes: `1->2`, `1->*`, `1,2<->3`.
struct Ends {
    private var from: [NodeID]
    private var to: [NodeID]
    private var isBothWays = false

    init(all ids: [NodeID]) { (from, to) = (ids, ids) }

    /// Nil when the word has no arrow.
    init?(_ word: String, _ ids: [NodeID]) throws {
        isBothWays = word.contains("<->")
        let ends = word.split(separator: isBothWays ? "<->" : "->").map(String.init)
        guard ends.count == 2 else { return nil }
        from = try ScriptCommand.nodes(ends[0], ids)
        to = try ScriptCommand.nodes(ends[1], ids)
    }

    func join(_ a: NodeID, to b: NodeID) -> Bool {
        from.contains(a) && to.contains(b) || isBothWays && from.contains(b) && to.contains(a)
    }
}
