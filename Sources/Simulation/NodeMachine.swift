package import NodeCore
package import Primitives
import Raft

/// A member of a simulated cluster: its clocks, its disk, its files, and the core that runs on it.
package final class NodeMachine {
    package let id: NodeID
    package let configuration: NodeCoreConfiguration
    /// Nil while the process is down.
    package internal(set) var core: NodeCore?
    package internal(set) var disk = RaftDisk()
    var store: NodeStore
    /// How far its wall clock is ahead of the true time.
    package var skew = Milliseconds.zero
    package var logSyncing = NodeCluster.LogSyncing.delayed
    package internal(set) var isPaused = false
    /// While true nothing is written to the shards' files.
    package var isStoreStalled = false
    /// What came while it was paused, in order.
    var missed: [NodeHappening] = []
    /// Rises with each start of the process: what was under way for an earlier life is lost.
    var life = 0
    /// Of the process.
    package var starts: Int { life }
    /// The monotonic clock's reading at the beginning of time.
    let monotonicOffset: UInt64
    var logBusyUntil: UInt64 = 0
    var storeBusyUntil: UInt64 = 0
    var hasTurnScheduled = false
    var effects = Effects()
    /// Calls to the provider that this life has made and that are not yet answered.
    package internal(set) var callsUnderWay = 0
    /// Everything that the node wished to tell its operator, over all lives.
    package internal(set) var events: [NodeEvent] = []
    /// Why its last life ended by itself.
    package internal(set) var halted: HaltReason?

    init(
        _ configuration: NodeCoreConfiguration, store: NodeStore, monotonicOffset: UInt64
    ) {
        id = configuration.raft.id
        self.configuration = configuration
        self.store = store
        self.monotonicOffset = monotonicOffset
    }

    /// Transactions of all shards' files, over all lives.
    package internal(set) var transactions = 0

    /// What its shards' files would hold after a crash now that loses nothing.
    package var files: [NodeShardFile] {
        var store = store
        store.write()
        store.checkpointAll()
        return store.files
    }
}

/// Something that will happen at its time.
enum NodeHappening: Sendable {
    /// A tick of the host's loop; the next one follows it.
    case tick(slot: Int, life: Int)
    /// A turn after other inputs, or because work is left.
    case turn(slot: Int, life: Int)
    case delivery(NodeEnvelope)
    case synced(slot: Int, life: Int)
    case stored(slot: Int, life: Int, flushes: [RequestID])
    case fetched(slot: Int, life: Int, LogFetch)
    /// The call reaches the provider.
    case called(slot: Int, life: Int, ProviderCall)
    case answered(slot: Int, life: Int, ProviderCallID, ProviderResult)
}

/// A message between nodes, on its way.
struct NodeEnvelope: Sendable {
    enum Content: Sendable {
        case message(Message)
        case gossip(Gossip)
        /// One encoded frame.
        case frame([UInt8])
    }
    var from: NodeID
    var to: NodeID
    var content: Content
    /// The sender's wall clock.
    var clock: WallTime
}
