import Inventory
import NodeCore
import Primitives
import Simulation

/// Tells what has happened in a cluster of nodes since the last look: reigns, alarms, calls to the
/// provider, answers.
struct NodeWatch {
    var lines: [String] = []
    private var eventsSeen: [NodeID: Int] = [:]
    private var callsSeen = 0
    private var haltsSeen: Set<NodeID> = []
    /// What the log says: every node that applies it tells the same.
    private var facts: Set<String> = []
    private var waiting: [(number: Int, request: RequestID)] = []

    /// A request that is under way.
    mutating func expect(_ number: Int, _ request: RequestID) {
        waiting.append((number, request))
    }

    /// Takes what has happened as known.
    mutating func skip(_ cluster: NodeCluster) {
        look(at: cluster)
        lines = []
    }

    mutating func look(at cluster: NodeCluster) {
        for machine in cluster.machines { look(at: machine) }
        for call in cluster.provider.log.dropFirst(callsSeen) {
            lines.append(Trace.line("money", call.words.what, "payment \(call.words.payment)"))
        }
        callsSeen = cluster.provider.log.count
        guard waiting.contains(where: { cluster.replies[$0.request] != nil }) else { return }
        for (number, request) in waiting {
            guard let reply = cluster.replies[request] else { continue }
            let (what, rest) = reply.answer.words
            lines.append(Trace.line("r\(number)", what, rest))
        }
        waiting.removeAll { cluster.replies[$0.request] != nil }
    }

    private mutating func look(at machine: NodeMachine) {
        let seen = eventsSeen[machine.id, default: 0]
        for event in machine.events.dropFirst(seen) {
            guard let words = event.words else { continue }
            switch words {
            case .ofNode(let what, let rest):
                lines.append(Trace.line("\(machine.id)", what, rest))
            case .ofLog(let what, let rest):
                let line = Trace.line("log", what, rest)
                if facts.insert(line).inserted { lines.append(line) }
            }
        }
        eventsSeen[machine.id] = machine.events.count
        if let halted = machine.halted, haltsSeen.insert(machine.id).inserted {
            lines.append(Trace.line("\(machine.id)", "ends", "\(halted)"))
        }
    }
}
