/// What has gone over a node's connections with its peers.
package struct PeerMetrics: Sendable {
    /// Peers that frames can be sent to now.
    package let connected: Gauge
    package let framesSent: Counter
    package let framesReceived: Counter
    package let framesDropped: Labeled<FrameDrop, Counter>
    package let framesMalformed: Counter
    package let bytesSent: Counter
    package let bytesReceived: Counter
    package let connectionsLost: Counter
    package let dialsFailed: Counter
    package let strangersRefused: Counter

    init(in registry: inout MetricsRegistry) {
        connected = registry.gauge("peers_connected", "Peers that frames can be sent to now.")
        framesSent = registry.counter("peer_frames_sent_total", "Frames taken for peers.")
        framesReceived = registry.counter(
            "peer_frames_received_total", "Whole frames received from peers.")
        framesDropped = registry.counters(
            "peer_frames_dropped_total", "Frames that were not sent.", by: FrameDrop.self)
        framesMalformed = registry.counter(
            "peer_frames_malformed_total",
            "Frames from peers that could not be read. Must stay 0.")
        bytesSent = registry.counter("peer_sent_bytes_total", "Bytes of frames sent to peers.")
        bytesReceived = registry.counter(
            "peer_received_bytes_total", "Bytes of frames received from peers.")
        connectionsLost = registry.counter(
            "peer_connections_lost_total",
            "Authenticated connections that ended, in either direction.")
        dialsFailed = registry.counter(
            "peer_dials_failed_total", "Connections to peers that did not come to be.")
        strangersRefused = registry.counter(
            "peer_connections_refused_total",
            "Accepted connections that did not prove to be a peer's.")
    }
}

/// Why a frame for a peer was not sent.
package enum FrameDrop: Int, MetricLabel {
    case notConnected, queueFull, tooLong

    package static var name: String { "reason" }
    package var text: String {
        switch self {
        case .notConnected: "not_connected"
        case .queueFull: "queue_full"
        case .tooLong: "too_long"
        }
    }
}
