import Glibc
import Primitives
import Testing

@testable import NodeRuntime

// Whatever the configuration's rules let through, Raft must be able to work with: times are
// counted in ticks of 10 ms, so different figures may become the same number.

@Suite struct ElectionTimes {
    @Test(
        arguments: [
            (10, 40, 50), (11, 44, 54), (19, 76, 86), (19, 79, 89), (24, 96, 106),
            (50, 300, 310), (1_000, 4_000, 4_010), (1_000, 60_000, 120_000),
        ])
    func atTheirLimitsStillWork(_ heartbeat: Int, _ min: Int, _ max: Int) throws {
        let configuration = try load(times(heartbeat, min, max))
        let ticks = { (span: Milliseconds) in Swift.max(1, span.rawValue / 10) }
        let elections = configuration.elections
        #expect(ticks(elections.timeoutMin) > 2 * ticks(elections.heartbeat))
        #expect(ticks(elections.timeoutMax) > ticks(elections.timeoutMin))
    }

    @Test(arguments: [(50, 300, 300), (50, 300, 309), (10, 40, 49)])
    func mustDifferByATick(_ heartbeat: Int, _ min: Int, _ max: Int) {
        let error = refusal(times(heartbeat, min, max))
        #expect(error?.key == "election_timeout_max_ms")
    }

    private func times(_ heartbeat: Int, _ min: Int, _ max: Int) -> [String: String?] {
        [
            "heartbeat_ms": "\(heartbeat)", "election_timeout_min_ms": "\(min)",
            "election_timeout_max_ms": "\(max)",
        ]
    }
}

/// The least and the most that each number may be, and every size of a cluster: what the rules let
/// through must not break the node that is made of it.
@Suite struct LimitsOfNumbers {
    private static let least: [String: String] = [
        "heartbeat_ms": "10", "election_timeout_min_ms": "40", "election_timeout_max_ms": "50",
        "staleness_max_ms": "50", "commit_patience_ms": "0", "payment_deadline_seconds": "1",
        "queue_depth_max": "16", "write_behind_depth_max": "1000", "shards": "1",
        "uncommitted_bytes_max": "1048576", "log_segment_bytes": "65536",
        "header_bytes_max": "1024", "url_bytes_max": "256", "body_bytes_max": "1024",
        "import_bytes_max": "65536", "seats_per_hold_max": "1",
    ]
    private static let most: [String: String] = [
        "heartbeat_ms": "1000", "election_timeout_min_ms": "60000",
        "election_timeout_max_ms": "120000", "staleness_max_ms": "600000",
        "commit_patience_ms": "30000", "payment_deadline_seconds": "3600",
        "queue_depth_max": "1048576", "write_behind_depth_max": "10000000", "shards": "64",
        "uncommitted_bytes_max": "1073741824", "log_segment_bytes": "1073741824",
        "header_bytes_max": "65535", "url_bytes_max": "65535", "body_bytes_max": "16777216",
        "import_bytes_max": "268435456", "seats_per_hold_max": "100",
    ]

    @Test func makeANodeThatWorks() async {
        await #expect(processExitsWith: .exitCode(0)) {
            for numbers in [LimitsOfNumbers.least, LimitsOfNumbers.most] {
                for members in 2...7 {
                    var keys = numbers
                    keys["members"] = sampleMembers(members)
                    let configuration = try load(keys)
                    _ = configuration.coreConfiguration
                    _ = configuration.apiConfiguration
                    _ = configuration.serverLimits
                }
            }
            exit(0)
        }
    }
}
