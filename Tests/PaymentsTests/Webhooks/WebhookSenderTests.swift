import HTTPProtocol
import HTTPServer
import NodeCore
import Primitives
import SystemIO
import Testing

@testable import Payments

/// Delivery: which node is told when, until one has taken it.
struct WebhookSenderTests {
    private let loop: EventLoop
    private let nodes: [StubServer]

    init() throws {
        let loop = try makeLoop()
        self.loop = loop
        nodes = try (0..<3).map { _ in try StubServer(loop: loop) { _ in .json(.ok, "") } }
    }

    private func sender(_ limits: WebhookLimits = .quick) throws -> WebhookSender {
        WebhookSender(
            loop: loop, secret: Array("secret".utf8), urls: try nodes.map { try $0.webhookURL() },
            eventPrefix: "evt_x", limits: limits)
    }

    private func news(_ number: Int = 1) -> ProviderNews {
        .settled(
            ProviderPayment(
                paymentID: "pi_\(number)", attemptID: "pay_\(number)", status: .succeeded,
                amount: 4_500, currency: "EUR", amountRefunded: 0))
    }

    @Test func oneNodeIsToldOnce() throws {
        let sender = try sender()
        sender.announce(news())
        try loop.turn { sender.outstanding == 0 }
        #expect(nodes.map(\.requests.count) == [1, 0, 0])
        #expect(nodes[0].requests[0].path == "/payments/webhooks/simulated")
        #expect(nodes[0].requests[0].head.fields.text("content-type") == "application/json")
        #expect(sender.dropped == 0)
    }

    @Test func whatOneNodeRefusesTheNextIsToldAtOnce() throws {
        nodes[0].answer = { _ in .json(.serviceUnavailable, "") }
        nodes[1].answer = { _ in .hangUp }
        // A pause would last longer than this test may.
        let sender = try sender(WebhookLimits(pauseMin: .seconds(3_600)))
        sender.announce(news())
        try loop.turn { sender.outstanding == 0 }
        #expect(nodes.map(\.requests.count) == [1, 1, 1])
    }

    @Test func aRedirectIsAFailure() throws {
        nodes[0].answer = { _ in .json(.temporaryRedirect, "") }
        let sender = try sender()
        sender.announce(news())
        try loop.turn { sender.outstanding == 0 }
        #expect(nodes.map(\.requests.count) == [1, 1, 0])
    }

    /// A node that fails is not asked first again until another has.
    @Test func laterEventsGoFirstToTheNodeThatTookOne() throws {
        nodes[0].answer = { _ in .json(.serviceUnavailable, "") }
        let sender = try sender()
        for number in 1...5 {
            sender.announce(news(number))
            try loop.turn { sender.outstanding == 0 }
        }
        #expect(nodes.map(\.requests.count) == [1, 5, 0])
    }

    @Test func itGoesRoundUntilANodeTakesIt() throws {
        var refusals = 0
        for node in nodes {
            node.answer = { _ in
                refusals += 1
                return refusals <= 7 ? .json(.serviceUnavailable, "") : .json(.ok, "")
            }
        }
        let sender = try sender()
        sender.announce(news())
        try loop.turn { sender.outstanding == 0 }
        #expect(nodes.map(\.requests.count) == [3, 3, 2])
        #expect(Set(nodes.flatMap(\.requests).map(\.body)).count == 1)
        #expect(sender.dropped == 0)
    }

    @Test func itIsGivenUpAfterSoManyRounds() throws {
        for node in nodes { node.answer = { _ in .json(.badRequest, "") } }
        var limits = WebhookLimits.quick
        limits.roundsMax = 4
        let sender = try sender(limits)
        sender.announce(news())
        try loop.turn { sender.outstanding == 0 }
        #expect(nodes.map(\.requests.count) == [4, 4, 4])
        #expect(sender.dropped == 1)
    }

    @Test func eventsHaveIDsOfTheirOwn() throws {
        let sender = try sender()
        for number in 1...3 { sender.announce(news(number)) }
        try loop.turn { sender.outstanding == 0 }
        let ids = nodes[0].requests.compactMap { $0.json?["id"]?.text }
        #expect(Set(ids) == ["evt_x_1", "evt_x_2", "evt_x_3"])
    }

    /// No node answers: what is remembered is bounded, and the rest left to the nodes' polls.
    @Test func moreThanMayBeRememberedIsNotTold() throws {
        for node in nodes { node.answer = { _ in .silence } }
        var limits = WebhookLimits.quick
        limits.outstandingMax = 10
        let sender = try sender(limits)
        for number in 1...25 { sender.announce(news(number)) }
        #expect(sender.outstanding == 10)
        #expect(sender.dropped == 15)
    }

    @Test func withoutNodesNothingIsRemembered() throws {
        let sender = WebhookSender(
            loop: loop, secret: [1], urls: [], eventPrefix: "evt_x")
        sender.announce(news())
        #expect(sender.outstanding == 0)
    }

    @Test func pausesDoubleUpToALimit() {
        let limits = WebhookLimits()
        let pauses = (1...10).map { limits.pause(afterRounds: $0).rawValue }
        #expect(
            pauses == [500, 1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 64_000, 64_000, 64_000])
    }

    @Test(arguments: [
        ("http://127.0.0.1:8101/payments/webhooks/simulated", true), ("http://[::1]:80", true),
        ("http://127.0.0.1:8101?x=1", true), ("https://127.0.0.1:8101/", false),
        ("http://127.0.0.1/", true), ("http://127.0.0.1:99999/", false), ("127.0.0.1:80", false),
        ("http://:80/", false), ("http://127.0.0.1:80/a b", false), ("", false),
    ])
    func aURLIsHTTPWithAKnownHost(text: String, isGood: Bool) {
        #expect((WebhookURL(text) != nil) == isGood)
    }
}

extension WebhookLimits {
    /// For tests: pauses that take no time worth mentioning.
    static var quick: WebhookLimits {
        WebhookLimits(timeout: patience, pauseMin: Milliseconds(1), pauseDoublingsMax: 1)
    }
}
