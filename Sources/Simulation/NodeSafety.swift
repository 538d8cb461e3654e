import Inventory
import NodeCore
package import Primitives
package import Raft
import Wire

/// What must hold in a cluster of nodes at every moment, checked after every input.
package struct NodeSafety: Sendable {
    /// What went wrong, in words; the first one counts.
    package private(set) var violations: [String] = []
    /// Every entry that any node has known to be committed: entry 1 first.
    package private(set) var committed: [Entry] = []
    private let membership: Membership
    /// How far each node's commits were compared with `committed`.
    private var compared: [NodeID: LogIndex] = [:]
    private var digests: [LogIndex: UInt64] = [:]
    private var lastStamp = WallTime.zero

    init(_ membership: Membership) {
        self.membership = membership
    }

    /// Notes a broken promise.
    package mutating func violate(_ what: String) {
        if violations.count < 10 { violations.append(what) }
    }

    /// The number of the last entry known to be committed by anybody.
    package var commitIndex: LogIndex { LogIndex(UInt64(committed.count)) }

    mutating func started(_ id: NodeID) { compared[id] = .zero }

    mutating func check(_ core: NodeCore, machines: [NodeMachine], time: UInt64) {
        let commit = core.raft.commitIndex
        while commitIndex < commit { learn(commitIndex.next, from: core, machines) }
        compare(core)
        let digest = core.inventory.digest
        if core.appliedIndex == core.inventory.smallestAppliedIndex,
            core.appliedIndex == core.inventory.largestAppliedIndex
        {
            if let known = digests[core.appliedIndex], known != digest {
                violate("node \(core.raft.id) differs at \(core.appliedIndex)")
            }
            digests[core.appliedIndex] = digest
        }
        if core.appliedIndex > commit {
            violate("node \(core.raft.id) applied \(core.appliedIndex) of \(commit)")
        }
    }

    /// The first node to commit an entry: a majority must have it on disk.
    private mutating func learn(
        _ index: LogIndex, from core: NodeCore, _ machines: [NodeMachine]
    ) {
        let slot = Int(index.rawValue) - 1
        let entry =
            index >= core.raft.firstCachedIndex
            ? core.raft.entries(from: index, through: index).first
            : machines.lazy.map(\.disk.entries).first { $0.count > slot }?[slot]
        guard let entry else { preconditionFailure("committed entry \(index) is nowhere") }
        let isDurable = membership.hasQuorum { member in
            machines.first { $0.id == member }?.disk.holds(entry.position) ?? false
        }
        if !isDurable { violate("entry \(entry.position) is committed without a majority") }
        committed.append(entry)
        guard entry.kind == .commands else { return }
        guard let stamp = CommandBatch.stamp(of: entry.data) else {
            return violate("entry \(entry.position) has no stamp")
        }
        if stamp < lastStamp { violate("stamp of \(entry.position) goes back from \(lastStamp)") }
        lastStamp = stamp
    }

    private mutating func compare(_ core: NodeCore) {
        let id = core.raft.id
        var index = compared[id] ?? .zero
        while index < core.raft.commitIndex {
            index = index.next
            guard let term = core.raft.term(at: index) else { continue }
            if committed[Int(index.rawValue) - 1].term != term {
                violate("node \(id) has another entry \(index)")
            }
        }
        compared[id] = index
    }

    /// An acceptance promises that the entries are on disk.
    mutating func checkSending(_ outbound: Outbound, _ machine: NodeMachine) {
        guard case .appendResponse(let response) = outbound.message,
            case .accepted(let match) = response.result, machine.disk.entries.count < match.rawValue
        else { return }
        violate("node \(machine.id) accepts \(match), has \(machine.disk.entries.count)")
    }

    /// A row must not be ahead of its node's own log.
    mutating func checkHandOver(_ delta: ShardDelta, _ machine: NodeMachine) {
        guard machine.disk.entries.count < delta.appliedIndex.rawValue else { return }
        violate("rows at \(delta.appliedIndex) leave before node \(machine.id)'s log has them")
    }

    mutating func replied(_ reply: Reply) {}
}
