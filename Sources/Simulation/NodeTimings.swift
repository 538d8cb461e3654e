package import Primitives

/// How long things take in a simulated cluster, and how often they go wrong. Spans are drawn
/// evenly from their ranges, in microseconds.
package struct NodeTimings: Sendable {
    /// How long a host waits for inputs before it turns all the same: a real one less, but idle
    /// turns cost the most of a simulation.
    package var turnNanoseconds: UInt64 = 30_000_000
    package var linkMicroseconds = 100...400
    package var logSyncMicroseconds = 200...1_000
    package var storeMicroseconds = 1_000...5_000
    package var providerMicroseconds = 2_000...20_000
    /// How long the shell waits for the provider before it answers `unknown`.
    package var providerTimeout = Milliseconds(3_000)
    /// Of a thousand messages between nodes: lost, and delivered twice.
    package var lostPermille = 0
    package var repeatedPermille = 0
    /// Of a thousand calls to the provider: lost on the way there, and on the way back.
    package var callsLostPermille = 0
    package var answersLostPermille = 0
    package init() {}
}

/// A member of the cluster as a machine: its clocks, its disk, its files, and what runs on it.
extension NodeCluster {
    /// When a log's writes become durable.
    package enum LogSyncing: Sendable {
        /// Each write is safe after a while.
        case delayed
        /// Writes are safe when the test says so.
        case manual
    }

    /// How messages travel.
    package enum MessageForm: Sendable {
        case values
        /// Through the codec of the wire, which also fits real frames.
        case frames
    }
}
