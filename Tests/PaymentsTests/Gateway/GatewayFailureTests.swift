import HTTPProtocol
import HTTPServer
import Inventory
import NodeCore
import Primitives
import SystemIO
import Testing

/// What the gateway makes of a provider that is gone, slow, or talks nonsense.
struct GatewayFailureTests {
    private let loop: EventLoop
    init() throws { loop = try makeLoop() }

    private var requests: [ProviderCall.Request] {
        let attempt = AttemptView.sample(reference: "pi_1")
        return [
            .create(attempt), .confirm(attempt), .cancel(attempt), .fetch(attempt),
            .confirm(.sample()), .cancel(.sample()),
            .refund(.sample(of: attempt, reference: "pi_1")),
        ]
    }

    @Test func silenceIsUnknownAfterTheTimeout() throws {
        let stub = try StubServer(loop: loop) { _ in .silence }
        let gateway = try GatewayFixture(to: stub, loop: loop, timeout: Milliseconds(100))
        for request in requests { gateway.start(request) }
        try gateway.wait(forResults: requests.count)
        #expect(gateway.results.allSatisfy { $0.result.unknownReason == "no answer in time" })
    }

    @Test func aClosedConnectionIsUnknown() throws {
        let stub = try StubServer(loop: loop) { _ in .hangUp }
        let gateway = try GatewayFixture(to: stub, loop: loop)
        for request in requests {
            #expect(try gateway.call(request).unknownReason?.hasPrefix("no answer: ") == true)
        }
    }

    @Test func aRefusedConnectionIsUnknown() throws {
        // The port was free a moment ago, and nobody listens there now.
        let address = try ListeningSocket(at: .loopback).address
        let loop = loop
        let gateway = try GatewayFixture(loop: loop, address: address) {
            loop.turn(waitingAtMost: Milliseconds(50))
        }
        for request in requests {
            #expect(try gateway.call(request).unknownReason?.hasPrefix("not sent: ") == true)
        }
    }

    @Test(arguments: [
        HTTPStatus.internalServerError, .badGateway, .serviceUnavailable, .gatewayTimeout,
        .tooManyRequests, .badRequest, .unprocessableContent, .accepted, .temporaryRedirect,
    ])
    func anyOtherStatusIsUnknown(status: HTTPStatus) throws {
        let stub = try StubServer(loop: loop) { _ in .json(status, "{\"detail\":\"why not\"}") }
        let gateway = try GatewayFixture(to: stub, loop: loop)
        for request in requests {
            #expect(
                try gateway.call(request).unknownReason == "status \(status.rawValue): why not")
        }
    }

    @Test(arguments: [
        "", "{", "[]", "{}", "null", "{\"payment_id\":\"pi_1\",\"status\":\"succeeded\"}",
        "{\"refund_id\":\"ref_1\"}",
    ])
    func anAnswerThatSaysNothingIsUnknown(body: String) throws {
        let stub = try StubServer(loop: loop) { _ in .json(.ok, body) }
        let gateway = try GatewayFixture(to: stub, loop: loop)
        for request in requests {
            #expect(try gateway.call(request).unknownReason == "an answer about something else")
        }
    }

    /// An answer that got onto the wrong connection must not book another's seats.
    @Test func anAnswerAboutAnotherPaymentIsUnknown() throws {
        let other = AttemptView.sample(9).id.text
        let body = """
            {"payment_id":"pi_9","attempt_id":"\(other)","status":"succeeded","amount":4500,\
            "currency":"EUR","amount_refunded":0,"refund_id":"ref_9","refund_reference":"re_9"}
            """
        let stub = try StubServer(loop: loop) { _ in .json(.ok, body) }
        let gateway = try GatewayFixture(to: stub, loop: loop)
        for request in requests {
            #expect(try gateway.call(request).unknownReason == "an answer about something else")
        }
    }

    @Test func absenceIsOnlySaidOfPaymentsThatWereAskedAfter() throws {
        let stub = try StubServer(loop: loop) { _ in .json(.notFound, "") }
        let gateway = try GatewayFixture(to: stub, loop: loop)
        let isAbsent = try requests.map { try gateway.call($0).isAbsent }
        #expect(isAbsent == [false, true, true, true, true, true, false])
    }

    @Test func requestsCarryKeysOfOurOwnIDs() throws {
        let stub = try StubServer(loop: loop) { _ in .json(.serviceUnavailable, "") }
        let gateway = try GatewayFixture(to: stub, loop: loop)
        for request in requests.prefix(4) + requests.suffix(1) { _ = try gateway.call(request) }
        let id = AttemptView.sample().id.text
        let refund = RefundView.sample(of: .sample(), reference: "").id.text
        #expect(
            stub.requests.map { $0.head.fields.text("idempotency-key") } == [
                "\(id):create", "\(id):confirm", "\(id):cancel", nil, "\(refund):refund",
            ])
        #expect(
            stub.requests.map(\.path) == [
                "/v1/payments", "/v1/payments/pi_1/confirm", "/v1/payments/pi_1/cancel",
                "/v1/payments?attempt_id=\(id)", "/v1/refunds",
            ])
        #expect(stub.requests[0].json?["token"]?.text == "tok_visa")
        #expect(stub.requests[4].json?["payment_id"]?.text == "pi_1")
    }

    /// A provider that stands still must not fill the node's memory.
    @Test func moreCallsThanMayWaitAreUnknownAtOnce() throws {
        let stub = try StubServer(loop: loop) { _ in .silence }
        let loop = loop
        let gateway = try GatewayFixture(
            loop: loop, address: stub.address, connectionsMax: 2, waitingMax: 3
        ) { loop.turn(waitingAtMost: Milliseconds(50)) }
        for number in 1...20 { gateway.start(.fetch(.sample(UInt128(number)))) }
        try gateway.wait(forResults: 17)
        #expect(gateway.results.count == 17)
        #expect(gateway.results.allSatisfy { $0.result.unknownReason != nil })
    }

    /// The provider was restarted, or closed what was idle: the next call has a new connection.
    @Test func aConnectionThatWasClosedWhileIdleIsNotUsedAgain() throws {
        let listener = try ListeningSocket(at: .loopback)
        let loop = loop
        let gateway = try GatewayFixture(loop: loop, address: listener.address) {
            loop.turn(waitingAtMost: Milliseconds(20))
        }
        let registrations = loop.registrationCount
        for number in 1...3 {
            let call = gateway.start(.fetch(.sample(UInt128(number))))
            // Leaving it closes the connection, which the answer said would stay.
            try answerOnce(on: listener)
            try loop.turn { gateway.results.contains { $0.call == call } }
            #expect(gateway.results.last?.result.isAbsent == true)
            try loop.turn { loop.registrationCount == registrations }
        }
    }

    private func answerOnce(on listener: borrowing ListeningSocket) throws {
        let deadline = SystemClock.monotonicNow() + patience
        var accepted: StreamSocket?
        while accepted == nil {
            guard SystemClock.monotonicNow() < deadline else { throw NeverHappened() }
            loop.turn(waitingAtMost: Milliseconds(5))
            accepted = try listener.accept()
        }
        guard let socket = accepted.take() else { throw NeverHappened() }
        var buffer = [UInt8](repeating: 0, count: 4_096)
        while try socket.receive(into: &buffer) == .wouldBlock {
            guard SystemClock.monotonicNow() < deadline else { throw NeverHappened() }
            loop.turn(waitingAtMost: Milliseconds(5))
        }
        var output = OutputBuffer(byteLimit: 4_096)
        output.append(Array("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n".utf8))
        _ = try output.flush(to: socket)
    }
}
