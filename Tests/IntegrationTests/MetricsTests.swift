import Glibc
import HTTPProtocol
import Testing

// What a scraper reads, where it comes from other threads, other nodes or other processes.

extension ClusterTests {
    @Suite struct Metrics {
        @Test func tellOfPeers() throws {
            try withCluster(.three) { cluster in
                let leader = try cluster.awaitReady()
                for node in cluster.nodes {
                    #expect(try cluster.metric("holdfast_peers_connected", of: node) == 2)
                    for name in ["frames_sent", "frames_received", "sent_bytes", "received_bytes"] {
                        let count = try cluster.metric("holdfast_peer_\(name)_total", of: node)
                        #expect(try #require(count) > 0, "\(name)")
                    }
                    #expect(
                        try cluster.metric("holdfast_peer_frames_malformed_total", of: node) == 0)
                }
                try cluster.kill([cluster.followers(of: leader)[0]])
                _ = try eventually("the leader misses a peer") {
                    try cluster.metric("holdfast_peers_connected", of: leader) == 1 ? true : nil
                }
                for series in [
                    "connections_lost_total", "dials_failed_total",
                    #"frames_dropped_total{reason="not_connected"}"#,
                ] {
                    _ = try eventually("\(series) rises") {
                        let count = try cluster.metric("holdfast_peer_\(series)", of: leader)
                        return try #require(count) > 0 ? true : nil
                    }
                }
            }
        }

        @Test func tellOfTheLog() throws {
            try withCluster(.one, settings: ["log_segment_bytes": "65536"]) { cluster in
                try cluster.awaitReady()
                #expect(try cluster.metric("holdfast_wal_segments", of: 1) == 1)
                let before = try #require(try cluster.metric("holdfast_wal_bytes", of: 1))
                #expect((1..<65_536).contains(before))
                let seats = (1...10_000).map { #""seat \#($0)""# }.joined(separator: ",")
                let venue = Call.post(
                    "/venues",
                    #"{"name":"Hall","sections":[{"id":"S","name":"S","rows":"#
                        + #"[{"id":"A","seats":[\#(seats)]}]}]}"#)
                let key = venue.asAdmin.with("Idempotency-Key", "venue")
                #expect(try cluster.persist(key).status == 201)
                _ = try eventually("the log has more files") {
                    let segments = try cluster.metric("holdfast_wal_segments", of: 1)
                    return try #require(segments) > 1 ? true : nil
                }
                #expect(try #require(try cluster.metric("holdfast_wal_bytes", of: 1)) > 65_536)
            }
        }

        @Test(.enabled(if: Program.sqlite3 != nil, "sqlite3 is not installed"))
        func tellOfAReaderThatHoldsAFile() throws {
            try withCluster(.one) { cluster in
                try cluster.awaitReady()
                let sale = try Sale(in: cluster)
                let held = #"holdfast_sqlite_wal_held{shard="system"}"#
                _ = try eventually("the file has been checkpointed") {
                    let bytes = try cluster.metric(
                        #"holdfast_sqlite_wal_bytes{shard="system"}"#, of: 1)
                    return try #require(bytes) > 0 ? true : nil
                }
                #expect(try cluster.metric(held, of: 1) == 0)
                let reader = try Reader(of: "system", cluster)
                // Whatever is written, every file is stamped with how far it is.
                #expect(try cluster.persist(sale.hold(["S-A-1"], key: "k")).status == 201)
                _ = try eventually("the reader is noticed") {
                    try cluster.metric(held, of: 1) == 1 ? true : nil
                }
                try reader.end()
                _ = try eventually("it is gone") {
                    try cluster.metric(held, of: 1) == 0 ? true : nil
                }
            }
        }

        @Test func tellOfCallsThatTheProviderHasNotAnswered() throws {
            try withCluster(.one) { cluster in
                try cluster.awaitReady()
                try cluster.startProvider()
                let sale = try Sale(in: cluster)
                let held = try cluster.persist(sale.hold(["S-A-1"], key: "k"))
                cluster.pauseProvider()
                let commit = sale.commit(try #require(held["hold_id"]?.text), key: "pay")
                let deaf = try DeafClient(commit, to: cluster.files.httpPort(of: 1))
                let series = #"holdfast_queue_depth{queue="payments"}"#
                _ = try eventually("a call waits") {
                    try cluster.metric(series, of: 1) == 1 ? true : nil
                }
                withExtendedLifetime(deaf) {}
                cluster.resumeProvider()
                _ = try eventually("the payment is settled") {
                    try cluster.send(sale.read(try #require(held["hold_id"]?.text)), to: 1)[
                        "status"]?.text == "booked" ? true : nil
                }
                #expect(try cluster.metric(series, of: 1) == 0)
            }
        }
    }
}

/// A person's `sqlite3` in the middle of a transaction that reads.
private final class Reader {
    private let process: ChildProcess
    private let gate: String

    /// Returns once the transaction has begun.
    init(of shard: String, _ cluster: TestCluster) throws {
        let tool = try #require(Program.sqlite3)
        let folder = cluster.files.folder
        gate = folder.file("gate")
        #expect(mkfifo(gate, 0o600) == 0)
        let file = "\(cluster.files.dataFolder(of: 1))/shards/\(shard).sqlite"
        // Who waits at the gate goes by itself, should the test not come to open it.
        process = try ChildProcess(
            tool,
            [
                "-readonly", file, "BEGIN", "SELECT applied_index FROM meta",
                ".shell echo reads; timeout 60 cat '\(gate)'",
            ],
            output: folder.file("reader"), errors: folder.file("reader-errors"))
        _ = try eventually("the reader reads") {
            try folder.text("reader").hasPrefix("reads") ? true : nil
        }
    }

    func end() throws {
        let descriptor = open(gate, O_WRONLY)
        close(descriptor)
        #expect(try process.wait() == .exited(0))
    }
}
