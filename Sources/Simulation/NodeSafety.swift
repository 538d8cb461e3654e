import Inventory
import NodeCore
package import Primitives
package import Raft
import Wire

/// What must hold in a cluster of nodes at every moment, checked after every input.
package struct NodeSafety {
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

    mutating func check(_ machine: NodeMachine, among machines: [NodeMachine]) {
        guard let commit = machine.core?.raft.commitIndex,
            let applied = machine.core?.appliedIndex, let digest = machine.core?.inventory.digest
        else { return }
        while commitIndex < commit { learn(commitIndex.next, from: machine, machines) }
        if compared[machine.id] != commit { compare(machine, commit) }
        if applied > commit { violate("node \(machine.id) applied \(applied) of \(commit)") }
        let known = digests[applied, default: digest]
        if known != digest { violate("node \(machine.id) differs at \(applied)") }
        digests[applied] = known
    }

    /// The first node to commit an entry: a majority must have it on disk.
    private mutating func learn(
        _ index: LogIndex, from machine: NodeMachine, _ machines: [NodeMachine]
    ) {
        let slot = Int(index.rawValue) - 1
        let isCached = machine.core.map { index >= $0.raft.firstCachedIndex } ?? false
        let entry =
            isCached
            ? machine.core?.raft.entries(from: index, through: index).first
            : machines.lazy.map(\.disk.entries).first { $0.count > slot }?[slot]
        guard let entry else { invariantFailure("committed entry \(index) is nowhere") }
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

    private mutating func compare(_ machine: NodeMachine, _ commit: LogIndex) {
        var index = compared[machine.id] ?? .zero
        while index < commit {
            index = index.next
            guard let term = machine.core?.raft.term(at: index) else { continue }
            if committed[Int(index.rawValue) - 1].term != term {
                violate("node \(machine.id) has another entry \(index)")
            }
        }
        compared[machine.id] = index
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
}
