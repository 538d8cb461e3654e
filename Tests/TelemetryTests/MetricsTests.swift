import Dispatch
import Telemetry
import Testing

@Suite struct Metrics {
    @Test func countersAddUp() {
        let counter = Counter()
        counter.add()
        counter.add(41)
        #expect(counter.value == 42)
    }

    @Test func gaugesMoveBothWays() {
        let gauge = Gauge()
        gauge.set(5)
        gauge.add(-7)
        #expect(gauge.value == -2)
    }

    @Test func nothingIsLostBetweenThreads() {
        let counter = Counter()
        let gauge = Gauge()
        let histogram = Histogram()
        DispatchQueue.concurrentPerform(iterations: 4) { thread in
            for _ in 0..<10_000 {
                counter.add()
                gauge.add(thread % 2 == 0 ? 1 : -1)
                histogram.observe(nanoseconds: 1_000_000 * UInt64(thread))
            }
        }
        #expect(counter.value == 40_000)
        #expect(gauge.value == 0)
        #expect(histogram.snapshot().count == 40_000)
        #expect(histogram.snapshot().sumNanoseconds == 10_000 * 6_000_000)
    }

    @Test(
        arguments: [
            (0, 0), (1_000_000, 0), (1_000_001, 1), (2_500_000, 1), (5_000_000_000, 11),
            (5_000_000_001, 12), (UInt64.max, 12),
        ] as [(UInt64, Int)])
    func aBoundBelongsToItsBucket(nanoseconds: UInt64, bucket: Int) {
        let histogram = Histogram()
        histogram.observe(nanoseconds: nanoseconds)
        let counts = histogram.snapshot().cumulativeCounts
        #expect(counts == (0...12).map { $0 < bucket ? 0 : 1 })
    }

    @Test func aLabelFindsItsOwnInstrument() throws {
        var registry = MetricsRegistry()
        let counters = registry.counters("holds_total", "Holds.", by: HoldOutcome.self)
        for (position, outcome) in HoldOutcome.allCases.enumerated() {
            counters[outcome].add(UInt64(position))
        }
        let text = try Exposition(registry.prometheusText())
        for (position, outcome) in HoldOutcome.allCases.enumerated() {
            let value = text.value("holdfast_holds_total", ["outcome": outcome.text])
            #expect(value == Double(position))
        }
    }

    @Test func helpAndLabelsAreEscaped() throws {
        var registry = MetricsRegistry()
        registry.info(
            "build_info", "A \"quoted\" \\ and\nbroken text.",
            labels: [MetricLabelPair("version", "1.0 \"beta\" \\\n")])
        let text = try Exposition(registry.prometheusText())
        #expect(text.blocks.first?.help == "A \"quoted\" \\ and\nbroken text.")
        #expect(text.value("holdfast_build_info", ["version": "1.0 \"beta\" \\\n"]) == 1)
    }

    @Test func theTextIsExactlyThis() {
        var registry = MetricsRegistry()
        registry.counter("frames_total", "Frames.").add(3)
        registry.histogram("wait_seconds", "Waiting.").observe(nanoseconds: 2_000_000_005)
        let expected = """
            # HELP holdfast_frames_total Frames.
            # TYPE holdfast_frames_total counter
            holdfast_frames_total 3
            # HELP holdfast_wait_seconds Waiting.
            # TYPE holdfast_wait_seconds histogram
            holdfast_wait_seconds_bucket{le="0.001"} 0
            holdfast_wait_seconds_bucket{le="0.0025"} 0
            holdfast_wait_seconds_bucket{le="0.005"} 0
            holdfast_wait_seconds_bucket{le="0.01"} 0
            holdfast_wait_seconds_bucket{le="0.025"} 0
            holdfast_wait_seconds_bucket{le="0.05"} 0
            holdfast_wait_seconds_bucket{le="0.1"} 0
            holdfast_wait_seconds_bucket{le="0.25"} 0
            holdfast_wait_seconds_bucket{le="0.5"} 0
            holdfast_wait_seconds_bucket{le="1"} 0
            holdfast_wait_seconds_bucket{le="2"} 0
            holdfast_wait_seconds_bucket{le="5"} 1
            holdfast_wait_seconds_bucket{le="+Inf"} 1
            holdfast_wait_seconds_sum 2.000000005
            holdfast_wait_seconds_count 1

            """
        #expect(String(decoding: registry.prometheusText(), as: UTF8.self) == expected)
    }

    @Test(arguments: ["frames", "frames_total ", "", "a-b_total", "é_total"])
    func aBadCounterNameIsACrash(_ name: String) async {
        await #expect(processExitsWith: .failure) { [name] in
            var registry = MetricsRegistry()
            _ = registry.counter(name, "")
        }
    }

    @Test func aNameDeclaredTwiceIsACrash() async {
        await #expect(processExitsWith: .failure) {
            var registry = MetricsRegistry()
            _ = registry.gauge("a", "")
            _ = registry.gauge("a", "")
        }
    }
}

@Suite struct TheNodesMetrics {
    private let routes = [
        RouteLabels(method: "GET", route: "/events"),
        RouteLabels(method: "POST", route: "/events/{id}/reservations"),
    ]
    private var metrics: NodeMetrics {
        NodeMetrics(routes: routes, shards: ["00", "system"], version: "1.2.3")
    }

    @Test func areWellFormedBeforeAndAfterUse() throws {
        let metrics = metrics
        let before = try Exposition(metrics.prometheusText())
        #expect(before.value("holdfast_build_info", ["version": "1.2.3"]) == 1)
        #expect(before.value("holdfast_oversell_total") == 0)
        metrics.httpRequests.observe(route: 1, status: 201, nanoseconds: 3_000_000)
        metrics.queueDepth[.writeBehind].set(7)
        metrics.storage.logFsync.observe(nanoseconds: 1)
        let after = try Exposition(metrics.prometheusText())
        #expect(after.value("holdfast_queue_depth", ["queue": "write_behind"]) == 7)
        #expect(after.value("holdfast_wal_fsync_duration_seconds_count") == 1)
    }

    @Test func bearTheirNames() throws {
        let names = try Exposition(metrics.prometheusText()).blocks.map(\.name).sorted()
        #expect(
            names == [
                "holdfast_active_holds", "holdfast_build_info", "holdfast_commits_total",
                "holdfast_holds_total", "holdfast_http_connections",
                "holdfast_http_request_duration_seconds", "holdfast_oversell_total",
                "holdfast_payment_attempts_total", "holdfast_payment_mismatches_total",
                "holdfast_peer_connections_lost_total", "holdfast_peer_connections_refused_total",
                "holdfast_peer_dials_failed_total", "holdfast_peer_frames_dropped_total",
                "holdfast_peer_frames_malformed_total", "holdfast_peer_frames_received_total",
                "holdfast_peer_frames_sent_total", "holdfast_peer_received_bytes_total",
                "holdfast_peer_sent_bytes_total", "holdfast_peers_connected",
                "holdfast_queue_depth", "holdfast_raft_applied_index",
                "holdfast_raft_commit_index", "holdfast_raft_is_leader",
                "holdfast_raft_leader_changes_total", "holdfast_raft_term",
                "holdfast_refunds_due", "holdfast_sqlite_wal_bytes", "holdfast_sqlite_wal_held",
                "holdfast_wal_bytes", "holdfast_wal_fsync_duration_seconds",
                "holdfast_wal_segments", "holdfast_webhooks_unmatched_total",
            ])
    }

    @Test func countRequestsByRouteAndStatus() throws {
        let metrics = metrics
        metrics.httpRequests.observe(route: 1, status: 409, nanoseconds: 2_000_000)
        metrics.httpRequests.observe(route: 1, status: 409, nanoseconds: 2_000_000)
        metrics.httpRequests.observe(route: 0, status: 200, nanoseconds: 10)
        metrics.httpRequests.observe(route: 0, status: 299, nanoseconds: 10)
        metrics.httpRequests.observe(route: 0, status: -1, nanoseconds: 10)
        let text = try Exposition(metrics.prometheusText())
        func count(_ method: String, _ route: String, _ status: String) -> Double? {
            text.value(
                "holdfast_http_request_duration_seconds_count",
                ["method": method, "route": route, "status": status])
        }
        #expect(count("POST", "/events/{id}/reservations", "409") == 2)
        #expect(count("GET", "/events", "200") == 1)
        #expect(count("GET", "/events", "other") == 2)
        #expect(count("GET", "/events", "404") == nil)
    }
}
