import Primitives
import SystemIO
import Testing

@testable import Bench

struct CallFateTests {
    @Test(arguments: [
        (AttemptResult.status(200), CallFate.definite), (.status(201), .definite),
        (.status(202), .definite), (.status(204), .definite), (.status(402), .definite),
        (.status(404), .definite), (.status(409), .definite), (.status(410), .definite),
        (.status(422), .definite), (.status(500), .definite), (.status(307), .redirected),
        (.status(503), .elsewhere), (.status(429), .again), (.status(504), .again),
        (.unreachable, .elsewhere), (.lost, .elsewhere),
    ])
    func anAnswerIsDefiniteOrTheCallIsRepeated(result: AttemptResult, fate: CallFate) {
        #expect(CallFate(result) == fate)
    }

    @Test func theFirstRedirectsAreFollowedAtOnce() {
        #expect(CallFate.redirected.pause(afterAttempt: 1) == .zero)
        #expect(CallFate.redirected.pause(afterAttempt: 2) == .zero)
        #expect(CallFate.redirected.pause(afterAttempt: 3) > .zero)
    }

    @Test(arguments: [CallFate.elsewhere, .again])
    func pausesGrowUpToALimit(fate: CallFate) {
        let pauses = (1...40).map { fate.pause(afterAttempt: $0) }
        #expect(pauses[0] == Milliseconds(5))
        #expect(pauses == pauses.sorted())
        #expect(pauses.last == Milliseconds(100))
    }

    @Test func attemptsAreCountedByReason() {
        var tally = CallTally()
        let results: [AttemptResult] = [
            .status(307), .status(503), .status(429), .status(504), .lost, .unreachable, .lost,
        ]
        for result in results { tally.count(result) }
        #expect(
            tally
                == CallTally(
                    redirected: 1, unavailable: 2, outcomeUnknown: 1, lost: 2, refused: 1))
        #expect(
            tally.text
                == "redirected 1, unavailable 2, outcome unknown 1, lost 2, unreachable 1")
    }
}

struct ClusterNodesTests {
    private let nodes = ClusterNodes([
        .ipv4(0x7F00_0001, port: 8_101), .ipv4(0x7F00_0001, port: 8_102),
        .ipv4(0x7F00_0001, port: 8_103),
    ])

    @Test func aLocationNamesTheLeader() {
        nodes.believe(location: "http://127.0.0.1:8103/events/evt_1/reservations")
        #expect(nodes.leader == NodePlace(2))
        nodes.believe(location: "http://127.0.0.1:8102")
        #expect(nodes.leader == NodePlace(1))
    }

    @Test(arguments: [
        "", "/events", "https://127.0.0.1:8102/", "http://127.0.0.1:9999/", "http://leader/",
    ])
    func aLocationOfNoNodeChangesNothing(location: String) {
        nodes.believe(location: location)
        #expect(nodes.leader == NodePlace(0))
    }

    @Test func aDoubtedLeaderIsFollowedByTheNextNode() {
        nodes.doubt(NodePlace(0))
        #expect(nodes.leader == NodePlace(1))
        // Late news of a node that was doubted before.
        nodes.doubt(NodePlace(0))
        #expect(nodes.leader == NodePlace(1))
        nodes.doubt(NodePlace(1))
        nodes.doubt(NodePlace(2))
        #expect(nodes.leader == NodePlace(0))
    }
}
