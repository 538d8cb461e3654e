import Primitives
import Raft
import Simulation

/// Rafts without anything around them. Nothing happens by itself but this: a disk that isn't
/// stalled finishes a write at once, and silently. Any command may end in `quietly`: it shows what
/// nodes do, and no messages.
struct RaftWorld: World {
    var cluster: RaftCluster
    var sights: [RaftSight] = []
    /// What is lost from now on, and what waits.
    var cuts: [MessagePattern] = []
    var delays: [MessagePattern] = []
    var lines: [String] = []
    var lastRead: UInt64 = 0

    /// A run that takes longer goes round in circles.
    static let deliveriesMax = 5_000

    init(_ command: inout ScriptCommand) throws {
        let count = try command.number("a number of nodes")
        guard 1...7 ~= count else { throw ScriptError("1 to 7 nodes, not \(count)") }
        let learners = try command.number(setting: "learners") ?? 0
        let ids = (1...(count + learners)).map { NodeID(UInt16($0)) }
        let membership = try Membership(
            voters: Array(ids[..<count]), learners: Array(ids[count...]))
        let settings = try RaftSettings(&command)
        let seed = try command.number(setting: "seed") ?? 1
        cluster = RaftCluster(membership, seed: UInt64(seed)) { settings.apply(to: &$0) }
        sights = cluster.nodes.map { RaftSight($0) }
        step { _ in }
    }

    var beginning: [String] { [] }
    var violations: [String] { cluster.safety.violations }

    mutating func perform(_ command: inout ScriptCommand) throws -> [String] {
        lines = []
        let isQuiet = command.takes("quietly")
        switch command.verb {
        case "given": try given(&command)
        case "tick": try tick(&command)
        case "run": try run(&command)
        case "elect": try elect(&command)
        case "campaign", "step-down": try change(&command)
        case "eligible": try setEligibility(&command)
        case "propose": try propose(&command)
        case "read": try read(&command)
        case "transfer": try transfer(&command)
        case "deliver", "drop", "repeat": try carry(&command)
        case "cut", "delay": try obstruct(&command)
        case "heal": (cuts, delays) = ([], [])
        case "forge": try forge(&command)
        case "disk": try disk(&command)
        case "crash": try crash(&command)
        case "restart": try restart(&command)
        case "status": lines = cluster.statusTable
        case "log": lines = cluster.logTable
        case "network": lines = cluster.network.map { $0.line(.pending) }
        default: throw ScriptError("no command `\(command.verb)`")
        }
        if isQuiet { lines.removeAll(where: Arrow.isInLine) }
        return lines + violations.map { "VIOLATION \($0)" }
    }

    /// One thing happens, and what follows from it on the nodes themselves. It takes `taken`
    /// messages from the network.
    mutating func step(taking taken: Int = 0, _ body: (inout RaftCluster) -> Void) {
        var known = cluster.network.count - taken
        body(&cluster)
        observe(networkSince: known)
        while let work = unfinishedWork {
            known = cluster.network.count
            switch work {
            case .write(let id): cluster.sync(id)
            case .fetch(let id): cluster.answerFetch(id)
            }
            observe(networkSince: known)
        }
    }

    private enum Work {
        case write(NodeID)
        case fetch(NodeID)
    }

    private var unfinishedWork: Work? {
        for (id, node) in zip(cluster.ids, cluster.nodes) where node.raft != nil {
            if !node.isDiskStalled, !node.disk.pending.isEmpty { return .write(id) }
            if !node.fetches.isEmpty { return .fetch(id) }
        }
        return nil
    }

    private mutating func observe(networkSince known: Int) {
        for slot in sights.indices { lines += sights[slot].look(at: cluster.nodes[slot]) }
        let cuts = cuts
        lose(from: known) { envelope in cuts.contains { $0.matches(envelope) } }
    }

    /// Loses messages on their way, from a place in the network on.
    mutating func lose(
        from start: Int = 0, count: Int = .max,
        where isLost: (RaftCluster.Envelope) -> Bool
    ) {
        var (position, left) = (start, count)
        while position < cluster.network.count, left > 0 {
            let envelope = cluster.network[position]
            guard isLost(envelope) else {
                position += 1
                continue
            }
            lines.append(envelope.line(.lost))
            cluster.drop(at: position)
            left -= 1
        }
    }
}
