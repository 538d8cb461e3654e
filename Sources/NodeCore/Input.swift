package import Inventory
package import Primitives
package import Raft

/// The two clocks of a machine at one moment. They enter the core with every input.
package struct Instant: Hashable, Sendable {
    package var monotonic: MonotonicTime
    package var wall: WallTime
    package init(monotonic: MonotonicTime, wall: WallTime) {
        self.monotonic = monotonic
        self.wall = wall
    }
}

/// What a node tells its peers now and then, besides Raft's messages.
package struct Gossip: Hashable, Sendable {
    package var appliedIndex: LogIndex
    /// The node's state digest at that index.
    package var digest: UInt64
    package init(appliedIndex: LogIndex, digest: UInt64) {
        self.appliedIndex = appliedIndex
        self.digest = digest
    }
}

/// Everything that can happen to a node.
package enum Input: Sendable {
    /// `clock` is the sender's wall clock when it wrote the frame: every frame is a sample.
    case message(Message, from: NodeID, clock: WallTime)
    case gossip(Gossip, from: NodeID, clock: WallTime)
    case request(ClientRequest)
    case durable(DurabilityReport)
    case fetched(LogFetch, entries: [Entry])
    case provider(ProviderCallID, ProviderResult)
    /// Rows handed over and not yet written.
    case writeBehindBacklog(rows: Int)
    /// The storage thread has written what came before this request's mark.
    case flushed(RequestID)
    /// Time passes, and what gathered since the last turn goes out: the host gives this after each
    /// batch of other inputs, and at least once a tick.
    case turn
}

/// What the host must do after a call into the core. The caller empties it between calls.
package struct Effects: Sendable {
    package var messages: [Outbound] = []
    /// For every other member.
    package var gossip: Gossip?
    package var writes: [LogWrite] = []
    package var fetches: [LogFetch] = []
    package var replies: [Reply] = []
    package var deltas: [ShardDelta] = []
    /// Marks in the write-behind queue, after `deltas`.
    package var flushMarks: [RequestID] = []
    package var providerCalls: [ProviderCall] = []
    package var events: [NodeEvent] = []
    /// The node must end: it can no longer be trusted, or can't go on.
    package var halt: HaltReason?

    package init() {}

    /// Empties the value and keeps its storage.
    package mutating func removeAll() {
        messages.removeAll(keepingCapacity: true)
        gossip = nil
        writes.removeAll(keepingCapacity: true)
        fetches.removeAll(keepingCapacity: true)
        replies.removeAll(keepingCapacity: true)
        deltas.removeAll(keepingCapacity: true)
        flushMarks.removeAll(keepingCapacity: true)
        providerCalls.removeAll(keepingCapacity: true)
        events.removeAll(keepingCapacity: true)
        halt = nil
    }
}

/// What an operator cares about.
package enum NodeEvent: Hashable, Sendable {
    case becameLeader(Term)
    case lostLeadership(Term)
    case follows(NodeID, Term)
    case leaderUnknown(Term)
    /// This node's clock and a quorum's differ by more than is allowed: it does not lead.
    case clockDisagrees(Milliseconds)
    case clockAgrees
    /// This node's log has not made a write safe for so long: it does not lead.
    case logStalled(Milliseconds)
    case logRecovered
    /// Members' states differ at this index and no majority is known to agree: nobody leads.
    case stateDisputed(LogIndex)
    /// A single node's clock was set forward while it led.
    case clockStepped(Milliseconds)
    case webhookUnmatched(provider: String)
    case paymentSettled(AttemptID, AttemptStatus)
    /// Under the attempt's id the provider has a payment for another amount or currency. Told by
    /// the leader that finds it, once in its reign; and by every node when it has taken money.
    case paymentMismatched(AttemptID, found: ProviderIntent)
    case refundDue(RefundID)
    case refundConfirmed(RefundID)
    case providerUnreachable(reason: String)
}

/// Why a node must end.
package enum HaltReason: Hashable, Sendable {
    /// An entry holds a command that this version doesn't know: skipping it would diverge.
    case unreadableEntry(LogIndex, reason: String)
    /// A majority has another state at the same index.
    case stateDiverged(LogIndex, own: UInt64, others: UInt64)
}
