/// How the log and the SQLite files grow.
package struct StorageMetrics: Sendable {
    package let logFsync: Histogram
    package let logBytes: Gauge
    package let logSegments: Gauge
    /// By shard, in the order given at creation; as of the shard's last checkpoint.
    package let sqliteWALBytes: [Gauge]
    /// 1 while another process's reading keeps a shard's WAL from being emptied.
    package let sqliteWALHeld: [Gauge]

    init(shards: [String], in registry: inout MetricsRegistry) {
        let labels = shards.map { [MetricLabelPair("shard", $0)] }
        logFsync = registry.histogram(
            "wal_fsync_duration_seconds", "Time to make a batch of log records durable.")
        logBytes = registry.gauge("wal_bytes", "Bytes written to the log's segments.")
        logSegments = registry.gauge("wal_segments", "Files that the log consists of.")
        sqliteWALBytes = registry.gauges(
            "sqlite_wal_bytes", "Bytes in a shard's SQLite WAL at its last checkpoint.",
            labels: labels)
        sqliteWALHeld = registry.gauges(
            "sqlite_wal_held",
            "1 while another process that reads the file keeps its WAL from being emptied.",
            labels: labels)
    }
}
