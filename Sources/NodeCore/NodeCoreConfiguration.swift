package import Primitives
package import Raft

/// What a node is told at its start. Limits are per node.
package struct NodeCoreConfiguration: Sendable {
    package var raft: RaftConfiguration
    /// One Raft tick.
    package static let tick = Milliseconds(10)
    /// Requests that may be under way at once; one more is answered 503 at once.
    package var queueDepthMax: Int = 16_384
    /// Entries proposed and not yet committed. While so many are under way requests gather, so
    /// that batches grow with the load.
    package var proposalsInFlightMax: Int = 4
    /// Rows handed to the storage thread and not yet written; above it writes are shed.
    package var writeBehindRowsMax: Int = 400_000
    /// How long a commit waits for the provider before it is answered 202.
    package var commitPatience: Milliseconds = Milliseconds(2_000)
    /// From the fence of a payment to the start of its cancellation.
    package var paymentDeadline: Milliseconds = .seconds(120)
    package var paymentProvider: String = "simulated"
    /// Above it a local read is refused.
    package var stalenessMax: Milliseconds = .seconds(5)
    /// How long a linearizable read waits for its confirmation.
    package var readPatience: Milliseconds = .seconds(2)
    /// A node whose clock is further than this from a quorum's does not lead.
    package var clockSkewMax: Milliseconds = Milliseconds(500)
    /// How long those who wait for a proposal are kept waiting after this node has lost its
    /// leadership, in case the next leader commits it.
    package var fatePatience: Milliseconds = .seconds(2)
    /// A node whose log takes longer to make a write safe does not lead.
    package var logStallMax: Milliseconds = .seconds(1)
    /// How often a node learns how fresh its state is, when no read tells it.
    package var freshnessInterval: Milliseconds = Milliseconds(100)
    /// How often changed rows are handed to the storage thread.
    package var writeBehindInterval: Milliseconds = Milliseconds(100)
    /// Rows of one shard that are handed over at once without waiting for the interval.
    package var writeBehindRowsEarly: Int = 8_192
    /// How often idle shards are stamped with the applied index.
    package var idleStampInterval: Milliseconds = .seconds(2)
    /// How often peers learn of the applied index and its digest.
    package var gossipInterval: Milliseconds = Milliseconds(100)
    /// How often what is due is looked for.
    package var expiryInterval: Milliseconds = Milliseconds(100)
    /// Holds and attempts ended by one expiry command.
    package var expiryStepMax: UInt32 = 1_024

    package init(raft: RaftConfiguration) {
        self.raft = raft
    }
}
