import Inventory
import NodeCore
import Primitives
import Raft
import Simulation

/// Whole nodes, a payment provider and a sale of thirty seats. Time moves only when a command says
/// so, or waits for an answer. Node 1 leads at the beginning.
struct NodeWorld: World {
    var cluster: NodeCluster
    let sale: NodeSale
    var watch = NodeWatch()
    /// Of the last request: it also names the hold, order or payment that the request makes.
    var lastNumber = 0
    private(set) var beginning: [String] = []

    /// Longer than any patience.
    static let answerWait = Milliseconds.seconds(10)

    init(_ command: inout ScriptCommand) throws {
        let count = try command.number("a number of nodes")
        guard 1...7 ~= count else { throw ScriptError("1 to 7 nodes, not \(count)") }
        let seed = try command.number(setting: "seed") ?? 1
        let settings = try NodeSettings(&command)
        cluster = NodeCluster(nodes: count, seed: UInt64(seed)) { settings.apply(to: &$0) }
        // Even: the trace should depend on as few draws as can be.
        cluster.timings.linkMicroseconds = 200...200
        cluster.timings.logSyncMicroseconds = 500...500
        cluster.timings.storeMicroseconds = 2_000...2_000
        cluster.timings.providerMicroseconds = 10_000...10_000
        sale = cluster.openSale(ttlSeconds: 60)
        try makeFirstNodeLead()
    }

    private mutating func makeFirstNodeLead() throws {
        let first = cluster.ids[0]
        if let leader = cluster.leader, leader != first {
            _ = cluster.answer(to: .administer(.transferLeadership(to: first)), at: leader)
        }
        let leads = cluster.run(atMost: .seconds(5)) { cluster in
            cluster.leader == first && cluster.core(first).raft.hasCommittedInTerm
        }
        guard leads else { throw ScriptError("node \(first) doesn't lead") }
        watch.skip(cluster)
        beginning = [Trace.line("\(first)", "leads", cluster.core(first).raft.term.word)]
    }

    var violations: [String] { cluster.safety.violations }

    mutating func perform(_ command: inout ScriptCommand) throws -> [String] {
        watch.lines = []
        switch command.verb {
        case "run": run(for: try command.span())
        case "elect": try elect()
        case "send": try send(&command, command.word("a request"), waiting: false)
        case "cut": try cut(&command)
        case "heal": cluster.healNetwork()
        case "crash": cluster.crash(try command.node(cluster.ids))
        case "start": cluster.start(try command.node(cluster.ids))
        case "pause": cluster.pause(try command.node(cluster.ids))
        case "resume": cluster.resume(try command.node(cluster.ids))
        case "clock": try setClock(&command)
        case "disk": try disk(&command)
        case "provider": try setProvider(&command)
        case "status": watch.lines = cluster.statusTable
        case "seats": try showSeats(&command)
        case "charges": watch.lines = cluster.provider.charges.map { $0.chargeLine(cluster) }
        default: try send(&command, command.verb, waiting: true)
        }
        watch.look(at: cluster)
        return watch.lines + violations.map { "VIOLATION \($0)" }
    }

    mutating func run(for span: Milliseconds) {
        run(atMost: span) { _ in false }
    }

    /// - Returns: whether the condition held within `span`.
    @discardableResult
    mutating func run(
        atMost span: Milliseconds, until condition: (NodeCluster) -> Bool
    ) -> Bool {
        var watch = watch
        let held = cluster.run(atMost: span) { cluster in
            watch.look(at: cluster)
            return condition(cluster)
        }
        watch.look(at: cluster)
        self.watch = watch
        return held
    }

    /// Until a reign that begins now has committed its first entry.
    private mutating func elect() throws {
        let reigns = cluster.machines.map(\.reigns)
        let isNew = run(atMost: Self.answerWait) { cluster in
            zip(cluster.machines, reigns).contains { machine, before in
                machine.reigns > before && machine.core?.raft.hasCommittedInTerm == true
            }
        }
        guard isNew else { throw ScriptError("nobody is elected") }
    }
}

extension NodeMachine {
    /// How often it has become the leader.
    fileprivate var reigns: Int {
        events.count { if case .becameLeader = $0 { true } else { false } }
    }
}
