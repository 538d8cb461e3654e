import NodeCore
import Primitives
import Raft
import SeatStore
import WriteAheadLog

/// What a node's other threads tell the node's own.
enum NodeMessage: Sendable {
    case durable(DurabilityReport)
    case fetched(LogFetch, [Entry])
    case logFailed(WALError)
    /// Rows written behind.
    case stored(rows: Int)
    case flushed(RequestID)
    case storeFailed(StoreError)
    /// An HTTP loop has begun to drain.
    case frontIsDraining
}
