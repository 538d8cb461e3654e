package import Inventory
package import Primitives
package import Raft

/// Who waits for a command's outcome.
package enum Waiter: Hashable, Sendable {
    case nobody
    case client(RequestID)
    /// A provider's webhook: it is told that we have it, whatever the rules make of it.
    case provider(RequestID)
}

/// Commands that gather until the next entry, and those whose entries wait to be committed.
package struct ProposalQueue: Sendable {
    /// One proposed entry, and who waits for its commands, in their order.
    private struct Proposal: Sendable {
        var position: LogPosition
        var waiters: [Waiter]
    }

    /// A proposal of a reign that is over.
    private struct Orphan: Sendable {
        var proposal: Proposal
        var until: MonotonicTime
    }

    /// What the entry applied at an index means to those who proposed something there.
    package struct Settlement: Hashable, Sendable {
        /// One waiter for each of its commands, when it was proposed here.
        package var committed: [Waiter]?
        /// Another entry took the place of theirs: what they proposed will never be done.
        package var superseded: [Waiter] = []
        package init(committed: [Waiter]? = nil, superseded: [Waiter] = []) {
            self.committed = committed
            self.superseded = superseded
        }
    }

    private var commands: [Command] = []
    /// Of each command gathered: who waits for it, and its bytes in an entry.
    private var waiters: [Waiter] = []
    private var bytes: [Int] = []
    private var bytesGathered = 0
    private var proposals = Queue<Proposal>()
    /// By the end of their reign.
    private var orphans: [Orphan] = []
    private var waitersInFlight = 0

    package init() {}

    /// Whether no command waits for an entry.
    package var isEmpty: Bool { commands.isEmpty }
    /// Entries that this reign proposed and that are not yet applied.
    package var entriesInFlight: Int { proposals.count }
    /// Commands gathered and commands in flight.
    package var count: Int { commands.count + waitersInFlight }

    /// - Parameter bytes: no less than the command's in an entry.
    package mutating func append(_ command: Command, _ waiter: Waiter, bytes: Int) {
        commands.append(command)
        waiters.append(waiter)
        self.bytes.append(bytes)
        bytesGathered += bytes
    }

    /// The commands of the next entry: as many as gathered, up to `bytesMax`, but at least one.
    /// They stay in the queue until `proposed(at:count:)`; let go of them before.
    package func nextBatch(bytesMax: Int) -> [Command] {
        if bytesGathered <= bytesMax { return commands }
        var (count, size) = (0, 0)
        while count < commands.count, count == 0 || size + bytes[count] <= bytesMax {
            size += bytes[count]
            count += 1
        }
        return Array(commands[..<count])
    }

    /// The oldest `count` commands went into the log as one entry.
    package mutating func proposed(at position: LogPosition, count: Int) {
        proposals.append(Proposal(position: position, waiters: Array(waiters[..<count])))
        waitersInFlight += count
        bytesGathered -= bytes[..<count].reduce(0, +)
        if count == commands.count {
            commands.removeAll(keepingCapacity: true)
            waiters.removeAll(keepingCapacity: true)
            bytes.removeAll(keepingCapacity: true)
        } else {
            commands.removeFirst(count)
            waiters.removeFirst(count)
            bytes.removeFirst(count)
        }
    }

    /// The entry at `position` is being applied.
    package mutating func settle(_ position: LogPosition) -> Settlement {
        var settlement = Settlement()
        if proposals.first?.position == position {
            settlement.committed = proposals.popFirst()?.waiters
        }
        if !orphans.isEmpty { settleOrphans(position, &settlement) }
        waitersInFlight -= (settlement.committed?.count ?? 0) + settlement.superseded.count
        return settlement
    }

    /// A node may have led more than once and proposed something else for this index each time.
    private mutating func settleOrphans(_ position: LogPosition, _ settlement: inout Settlement) {
        for orphan in orphans where orphan.proposal.position.index == position.index {
            if orphan.proposal.position == position {
                settlement.committed = orphan.proposal.waiters
            } else {
                settlement.superseded += orphan.proposal.waiters
            }
        }
        orphans.removeAll { $0.proposal.position.index == position.index }
    }

    /// The reign is over. What was proposed may or may not be committed by the next leader, which
    /// is waited for until `deadline`.
    /// - Returns: those whose commands were never appended.
    package mutating func endReign(waitingUntil deadline: MonotonicTime) -> [Waiter] {
        var neverAppended = waiters
        for proposal in proposals.popAll() {
            if Mutant.unknownToldAsRefused.isPlanted {
                neverAppended += proposal.waiters
                waitersInFlight -= proposal.waiters.count
                continue
            }
            orphans.append(Orphan(proposal: proposal, until: deadline))
        }
        commands = []
        waiters = []
        bytes = []
        bytesGathered = 0
        return neverAppended
    }

    /// Those who have waited in vain to learn what became of their commands.
    package mutating func expire(at now: MonotonicTime) -> [Waiter] {
        guard let first = orphans.first, first.until <= now else { return [] }
        let expired = orphans.prefix { $0.until <= now }.flatMap(\.proposal.waiters)
        orphans.removeAll { $0.until <= now }
        waitersInFlight -= expired.count
        return expired
    }
}
