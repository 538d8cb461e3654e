package import Inventory
import Primitives
package import Raft

/// Who waits for a command's outcome.
package enum Waiter: Hashable, Sendable {
    case nobody
    case client(RequestID)
    /// A provider's webhook: it is told that we have it, whatever the rules make of it.
    case provider(RequestID)
}

/// A command on its way into the log.
package struct QueuedCommand: Sendable {
    package var command: Command
    package var waiter: Waiter
    package var encodedBytes: Int
    package init(command: Command, waiter: Waiter, encodedBytes: Int) {
        self.command = command
        self.waiter = waiter
        self.encodedBytes = encodedBytes
    }
}

/// Commands that gather until the next entry, and those whose entries wait to be committed.
package struct ProposalQueue: Sendable {
    /// One proposed entry and who waits for its commands, in their order.
    package struct Proposal: Sendable {
        package var position: LogPosition
        package var waiters: [Waiter]
    }

    private var gathered: [QueuedCommand] = []
    private var taken = 0
    private var proposals: [Proposal] = []
    private var settled = 0
    private var waitersInFlight = 0

    package init() {}

    /// Whether no command waits for an entry.
    package var isEmpty: Bool { taken == gathered.count }
    /// Entries proposed and not yet applied or given up.
    package var entriesInFlight: Int { proposals.count - settled }
    /// Commands gathered and commands in flight.
    package var count: Int { gathered.count - taken + waitersInFlight }

    /// Queues a command for the next entry.
    package mutating func append(_ command: QueuedCommand) {
        gathered.append(command)
    }

    /// The commands of the next entry: as many as gathered, up to `bytesMax` encoded bytes, and
    /// at least one. They stay in the queue until `proposed(at:count:)`.
    package func nextBatch(bytesMax: Int) -> ArraySlice<QueuedCommand> {
        var bytes = 0
        var end = taken
        while end < gathered.count, end == taken || bytes + gathered[end].encodedBytes <= bytesMax {
            bytes += gathered[end].encodedBytes
            end += 1
        }
        return gathered[taken..<end]
    }

    /// The batch went into the log as one entry.
    package mutating func proposed(at position: LogPosition, count: Int) {
        let waiters = gathered[taken..<(taken + count)].map(\.waiter)
        proposals.append(Proposal(position: position, waiters: waiters))
        waitersInFlight += count
        taken += count
        if taken == gathered.count {
            gathered.removeAll(keepingCapacity: true)
            taken = 0
        }
    }

    /// The waiters of the entry that is being applied; nil when it isn't one of this reign's.
    package mutating func settle(_ position: LogPosition) -> [Waiter]? {
        guard settled < proposals.count, proposals[settled].position == position else {
            return nil
        }
        let waiters = proposals[settled].waiters
        settled += 1
        waitersInFlight -= waiters.count
        if settled == proposals.count {
            proposals.removeAll(keepingCapacity: true)
            settled = 0
        } else if settled >= 64 {
            proposals.removeFirst(settled)
            settled = 0
        }
        return waiters
    }

    /// Leadership is gone. What was proposed may or may not commit; the rest was never appended.
    package mutating func abandon() -> (unknown: [Waiter], neverAppended: [Waiter]) {
        let unknown = proposals[settled...].flatMap(\.waiters)
        let neverAppended = gathered[taken...].map(\.waiter)
        self = ProposalQueue()
        return (unknown, neverAppended)
    }
}
