/// A whole number of the configuration: its key, what it may be, and what it is when left out.
struct NumberSetting: Hashable, Sendable {
    let key: String
    let range: ClosedRange<Int64>
    /// Nil: the key must be there.
    let fallback: Int64?

    private init(_ key: String, _ range: ClosedRange<Int64>, default fallback: Int64?) {
        self.key = key
        self.range = range
        self.fallback = fallback
    }

    static let nodeID = Self("node_id", 1...65_535, default: nil)
    static let shards = Self("shards", 1...64, default: 8)

    static let heartbeat = Self("heartbeat_ms", 10...1_000, default: 50)
    static let electionTimeoutMin = Self("election_timeout_min_ms", 40...60_000, default: 300)
    static let electionTimeoutMax = Self("election_timeout_max_ms", 50...120_000, default: 600)
    static let stalenessMax = Self("staleness_max_ms", 50...600_000, default: 5_000)

    static let replayWindow = Self("replay_window_seconds", 60...604_800, default: 3_600)
    static let seatsPerHoldMax = Self("seats_per_hold_max", 1...100, default: 10)
    /// The three keys of `hold_ttl_seconds`.
    static let holdTTLMin = Self("min", 1...86_400, default: 1)
    static let holdTTLDefault = Self("default", 1...86_400, default: 600)
    static let holdTTLMax = Self("max", 1...86_400, default: 900)
    static let seatMapMaxAge = Self("seatmap_max_age_seconds", 5...15, default: 5)

    static let commitPatience = Self("commit_patience_ms", 0...30_000, default: 2_000)
    static let paymentDeadline = Self("payment_deadline_seconds", 1...3_600, default: 120)

    static let queueDepthMax = Self("queue_depth_max", 16...1_048_576, default: 16_384)
    static let writeBehindDepthMax = Self(
        "write_behind_depth_max", 1_000...10_000_000, default: 400_000)
    static let uncommittedBytesMax = Self(
        "uncommitted_bytes_max", 1_048_576...1_073_741_824, default: 16_777_216)
    static let logSegmentBytes = Self(
        "log_segment_bytes", 65_536...1_073_741_824, default: 67_108_864)

    static let httpLoops = Self("http_loops", 0...64, default: 0)
    static let httpConnectionsMax = Self("http_connections_max", 16...1_000_000, default: 16_384)
    static let headerBytesMax = Self("header_bytes_max", 1_024...65_535, default: 16_384)
    static let urlBytesMax = Self("url_bytes_max", 256...65_535, default: 8_192)
    static let bodyBytesMax = Self("body_bytes_max", 1_024...16_777_216, default: 65_536)
    static let importBytesMax = Self("import_bytes_max", 65_536...268_435_456, default: 16_777_216)
    static let requestTimeout = Self("request_timeout_ms", 100...300_000, default: 30_000)
    static let idleTimeout = Self("idle_timeout_ms", 1_000...3_600_000, default: 60_000)
}
