import Primitives
import Raft
import Simulation

// What `status` and `log` print.
extension RaftCluster {
    var statusTable: [String] {
        let head = ["node", "role", "term", "vote", "leader", "commit", "last", "on disk", "match"]
        return Trace.table([head] + ids.map(statusRow))
    }

    private func statusRow(_ id: NodeID) -> [String] {
        guard let raft = self[id].raft else { return ["\(id)", "down"] }
        let match = raft.peers.map { "\($0.id):\($0.match.word)" }.joined(separator: " ")
        return [
            "\(id)", raft.role.word, raft.term.word, self[id].vote.map { "\($0)" } ?? "-",
            raft.leader.map { "\($0)" } ?? "-", raft.commitIndex.word, raft.lastPosition.word,
            raft.durableIndex.word, match,
        ]
    }

    /// As in the paper's figures: an entry is its term and its data, the empty one that opens a
    /// term is `·`; committed ones are in brackets, those not yet on disk have a `?`.
    var logTable: [String] {
        let length = ids.map { self[$0].log.count }.max() ?? 0
        let head = ["index"] + (0..<length).map { " \($0 + 1)" }
        return Trace.table(
            [head]
                + ids.map { id in
                    ["\(id)"] + self[id].log.map { cell($0, of: self[id]) }
                })
    }

    private func cell(_ entry: Entry, of node: Node) -> String {
        let data = entry.kind == .noop ? "·" : String(decoding: entry.data.prefix(3), as: UTF8.self)
        let text = "\(entry.term.rawValue)\(data)"
        let isSafe = node.disk.holds(entry)
        let isCommitted = node.raft.map { entry.index <= $0.commitIndex } ?? false
        return (isCommitted ? "[\(text)]" : " \(text)") + (isSafe ? "" : "?")
    }
}

extension RaftDisk {
    fileprivate func holds(_ entry: Entry) -> Bool {
        let slot = Int(entry.index.rawValue) - 1
        return entries.indices.contains(slot) && entries[slot] == entry
    }
}
