import NodeRuntime
import Primitives
import Testing

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
