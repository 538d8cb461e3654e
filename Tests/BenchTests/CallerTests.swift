import HTTPProtocol
import HTTPServer
import Primitives
import SystemIO
import Testing

@testable import Bench

/// A caller, the nodes that it calls, and what it was answered.
private final class Calls {
    let loop: EventLoop
    let nodes: ClusterNodes
    private var caller: Caller?
    private(set) var answers: [(status: UInt16, body: String)] = []

    init(_ loop: EventLoop, _ testNodes: [TestNode], patience: Milliseconds = .seconds(5)) {
        self.loop = loop
        nodes = ClusterNodes(testNodes.map(\.address))
        let caller = Caller(loop: loop, nodes: nodes, patience: patience)
        caller.handler = { [unowned self] status, body in
            answers.append((status, String(decoding: [UInt8](copying: body), as: UTF8.self)))
        }
        self.caller = caller
    }

    func begin(_ addressee: Addressee = .leader) {
        caller?.call(addressee) { $0.appendRequest("POST", "/here", body: Array("body".utf8)) }
    }

    /// Calls and turns until there is an answer.
    func call(_ addressee: Addressee = .leader) {
        let before = answers.count
        begin(addressee)
        turn { self.answers.count > before }
    }

    func turn(until isDone: () -> Bool) {
        let end = SystemClock.monotonicNow() + .seconds(10)
        while !isDone() {
            loop.turn(waitingAtMost: Milliseconds(10))
            guard loop.now < end else {
                Issue.record("nothing came of it")
                return
            }
        }
    }

    func abandon() { caller?.abandon() }
    func forgetCaller() { caller = nil }
}

struct CallerTests {
    private let loop: EventLoop

    init() throws { loop = try EventLoop(wakeup: Wakeup()) }

    private func node(
        _ reply: @escaping (IncomingRequest) -> TestNode.Reply
    ) throws -> TestNode { try TestNode(loop, reply) }

    @Test func callsFollowEachOtherOnOneConnection() throws {
        var bodies: [[UInt8]] = []
        let only = try node { request in
            bodies.append(request.body)
            return .answer(.created, body: "\"\(bodies.count)\"")
        }
        let calls = Calls(loop, [only])
        let registrations = loop.registrationCount
        for _ in 0..<5 { calls.call() }
        #expect(calls.answers.map(\.status) == [201, 201, 201, 201, 201])
        #expect(calls.answers.map(\.body) == ["\"1\"", "\"2\"", "\"3\"", "\"4\"", "\"5\""])
        #expect(bodies.allSatisfy { $0 == Array("body".utf8) })
        // Both ends of one connection.
        #expect(loop.registrationCount == registrations + 2)
        #expect(calls.nodes.tally == CallTally())
    }

    @Test func aRedirectIsFollowedAndRemembered() throws {
        let leader = try node { _ in .answer(.created) }
        let follower = try node { _ in
            .answer(.temporaryRedirect, location: "http://\(leader.address)/here")
        }
        let calls = Calls(loop, [follower, leader])
        calls.call()
        calls.call()
        #expect(calls.answers.map(\.status) == [201, 201])
        #expect(follower.requestCount == 1 && leader.requestCount == 2)
        #expect(calls.nodes.tally == CallTally(redirected: 1))
    }

    @Test func nodesThatPointAtEachOtherAreNotAskedWithoutPause() throws {
        let first = try node { _ in .hangUp }
        let second = try node { _ in
            .answer(.temporaryRedirect, location: "http://\(first.address)/here")
        }
        first.reply = { _ in .answer(.temporaryRedirect, location: "http://\(second.address)/here")
        }
        let calls = Calls(loop, [first, second])
        calls.begin()
        let end = SystemClock.monotonicNow() + Milliseconds(300)
        calls.turn { SystemClock.monotonicNow() >= end }
        #expect((4...20).contains(first.requestCount + second.requestCount))
        first.reply = { _ in .answer(.created) }
        calls.turn { !calls.answers.isEmpty }
        #expect(calls.answers.map(\.status) == [201])
    }

    @Test(arguments: [HTTPStatus.serviceUnavailable, .gatewayTimeout, .tooManyRequests])
    func aCallIsRepeatedUntilTheAnswerIsDefinite(status: HTTPStatus) throws {
        var asked = 0
        let only = try node { _ in
            asked += 1
            return asked < 4 ? .answer(status) : .answer(.conflict)
        }
        let calls = Calls(loop, [only])
        calls.call()
        #expect(calls.answers.map(\.status) == [409])
        #expect(asked == 4)
    }

    @Test func aBrokenConnectionSendsTheSameRequestElsewhere() throws {
        var seen: [[UInt8]] = []
        let dying = try node { request in
            seen.append(request.body)
            return .hangUp
        }
        let next = try node { request in
            seen.append(request.body)
            return .answer(.created)
        }
        let calls = Calls(loop, [dying, next])
        calls.call()
        #expect(calls.answers.map(\.status) == [201])
        #expect(seen == [Array("body".utf8), Array("body".utf8)])
        #expect(calls.nodes.tally == CallTally(lost: 1))
        #expect(calls.nodes.leader == NodePlace(1))
    }

    @Test func aDeadNodeIsPassedOver() throws {
        let dead = try node { _ in .silence }
        let alive = try node { _ in .answer(.created) }
        let calls = Calls(loop, [dead, alive])
        dead.die()
        calls.call()
        #expect(calls.answers.map(\.status) == [201])
        #expect(calls.nodes.tally.refused == 1)
    }

    @Test func aSilentNodeIsGivenUp() throws {
        let silent = try node { _ in .silence }
        let alive = try node { _ in .answer(.created) }
        let calls = Calls(loop, [silent, alive], patience: Milliseconds(50))
        calls.call()
        #expect(calls.answers.map(\.status) == [201])
        #expect(calls.nodes.tally == CallTally(lost: 1))
    }

    @Test func aReadStaysAtItsNode() throws {
        var refusals = 2
        let leader = try node { _ in .answer(.ok, body: "\"leader\"") }
        let follower = try node { _ in
            refusals -= 1
            return refusals >= 0 ? .answer(.serviceUnavailable) : .answer(.ok, body: "\"follower\"")
        }
        let calls = Calls(loop, [leader, follower])
        calls.call(.node(NodePlace(1)))
        #expect(calls.answers.map(\.body) == ["\"follower\""])
        #expect(leader.requestCount == 0)
    }

    @Test func aLargeAnswerArrivesWhole() throws {
        let text = String(repeating: "0123456789", count: 200_000)
        let only = try node { _ in .answer(.ok, body: text) }
        let calls = Calls(loop, [only])
        calls.call()
        calls.call()
        #expect(calls.answers.map(\.body) == [text, text])
    }

    @Test func anAbandonedCallIsNeverAnswered() throws {
        var isSilent = true
        let only = try node { _ in isSilent ? .silence : .answer(.created) }
        let calls = Calls(loop, [only])
        calls.begin()
        calls.turn { only.requestCount == 1 }
        calls.abandon()
        isSilent = false
        calls.call()
        #expect(calls.answers.count == 1)
    }

    @Test func aCallerThatGoesAwayLeavesNothingInTheLoop() throws {
        let only = try node { _ in .answer(.created) }
        let calls = Calls(loop, [only])
        let before = loop.registrationCount
        calls.call()
        calls.forgetCaller()
        calls.turn { self.loop.registrationCount == before }
        #expect(calls.answers.count == 1)
    }

    @Test func aClerkWaitsForEachAnswer() throws {
        let only = try node { request in
            request.pathText == "/venues"
                ? .answer(.created, body: #"{"venue_id":"ven_1"}"#)
                : .answer(.unprocessableContent, body: #"{"code":"invalid_field"}"#)
        }
        let clerk = Clerk(loop: loop, nodes: ClusterNodes([only.address]))
        let key = try #require(AdminKey(file: Array("key".utf8)))
        let id = try clerk.create(
            "/venues", "venue_id", key: key, idempotencyKey: "1", body: Array("{}".utf8))
        #expect(id == "ven_1")
        #expect(
            throws: BenchError.unexpected(
                call: "POST /events", status: 422, body: #"{"code":"invalid_field"}"#)
        ) {
            try clerk.create(
                "/events", "event_id", key: key, idempotencyKey: "2", body: Array("{}".utf8))
        }
    }

    @Test func aClerkDoesNotWaitForEver() throws {
        let silent = try node { _ in .silence }
        let clerk = Clerk(loop: loop, nodes: ClusterNodes([silent.address]))
        #expect(throws: BenchError.unanswered(call: "GET /x", seconds: 0)) {
            _ = try clerk.perform("GET /x", within: Milliseconds(200)) {
                $0.appendRequest("GET", "/x")
            }
        }
    }
}
