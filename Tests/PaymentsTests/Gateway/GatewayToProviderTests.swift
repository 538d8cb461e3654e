import Inventory
import NodeCore
import Payments
import Testing

/// The gateway and the provider as they work together.
struct GatewayToProviderTests {
    let directory: TemporaryDirectory
    let provider: ProviderFixture
    let gateway: GatewayFixture

    init() throws {
        directory = try TemporaryDirectory()
        let provider = try ProviderFixture(in: directory)
        self.provider = provider
        gateway = try GatewayFixture(loop: provider.loop, address: provider.address) {
            try provider.service.turn()
        }
    }

    @Test func createThenConfirmCharges() throws {
        let attempt = AttemptView.sample(amount: 700)
        let created = try #require(try gateway.call(.create(attempt)).intent)
        #expect(created.status == .requiresConfirmation)
        let confirmed = try #require(
            try gateway.call(.confirm(attempt.with(reference: created.reference))).intent)
        #expect(
            confirmed
                == ProviderIntent(
                    reference: created.reference, status: .succeeded, amount: 700, currency: "EUR"))
        #expect(try gateway.call(.fetch(attempt)).intent == confirmed)
        #expect(
            try provider.charges()
                == [Charge(attempt: attempt.id.text, amount: 700, refunded: 0)])
    }

    @Test func aPaymentThatTheProviderDoesNotKnowIsAbsent() throws {
        let attempt = AttemptView.sample()
        #expect(try gateway.call(.fetch(attempt)).isAbsent)
        #expect(try gateway.call(.confirm(attempt)).isAbsent)
        #expect(try gateway.call(.cancel(attempt)).isAbsent)
        #expect(try gateway.call(.confirm(attempt.with(reference: "pi_gone"))).isAbsent)
        #expect(try gateway.call(.cancel(attempt.with(reference: "a/b c"))).isAbsent)
    }

    /// A new leader knows the attempt, not what the provider calls it.
    @Test func withoutAReferenceThePaymentIsFoundFirst() throws {
        let attempt = AttemptView.sample()
        let other = AttemptView.sample(2)
        _ = try gateway.call(.create(attempt))
        _ = try gateway.call(.create(other))
        #expect(try gateway.call(.cancel(attempt)).intent?.status == .cancelled)
        #expect(try gateway.call(.confirm(other)).intent?.status == .succeeded)
        #expect(try provider.charges().map(\.attempt) == [other.id.text])
    }

    @Test func aDeclineIsTheProvidersWord() throws {
        let attempt = AttemptView.sample(token: "tok_declined")
        let created = try #require(try gateway.call(.create(attempt)).intent)
        let confirmed = try gateway.call(.confirm(attempt.with(reference: created.reference)))
        #expect(confirmed.intent?.status == .declined)
    }

    @Test func aLostAnswerIsUnknownAndFoundByAFetch() throws {
        let attempt = AttemptView.sample(token: "tok_unknown")
        let created = try #require(try gateway.call(.create(attempt)).intent)
        let confirmed = try gateway.call(.confirm(attempt.with(reference: created.reference)))
        #expect(confirmed.unknownReason != nil)
        #expect(try gateway.call(.fetch(attempt)).intent?.status == .succeeded)
    }

    @Test func aRefundIsGivenOnceAndRefusedBeyondTheCharge() throws {
        let attempt = AttemptView.sample(amount: 700)
        let created = try #require(try gateway.call(.create(attempt)).intent)
        let early = RefundView.sample(of: attempt, reference: created.reference, amount: 700)
        #expect(try gateway.call(.refund(early)).unknownReason?.contains("422") == true)
        _ = try gateway.call(.confirm(attempt.with(reference: created.reference)))
        let first = try #require(try gateway.call(.refund(early)).refundReference)
        #expect(try gateway.call(.refund(early)).refundReference == first)
        #expect(try provider.charges().map(\.refunded) == [700])
    }

    /// "Absent" would be tried again at once, for ever.
    @Test func aRefundOfAnUnknownPaymentIsUnknownNotAbsent() throws {
        let refund = RefundView.sample(of: .sample(), reference: "pi_gone")
        #expect(try gateway.call(.refund(refund)).unknownReason?.contains("404") == true)
    }

    @Test func anAttemptWithAnotherAmountIsNotConfirmed() throws {
        _ = try gateway.call(.create(.sample(amount: 700)))
        let reason = try gateway.call(.create(.sample(amount: 701))).unknownReason
        #expect(reason == "status 422: this attempt is for 700 EUR")
    }

    @Test func manyPaymentsAtOnceAreAllSettled() throws {
        let attempts = (1...200).map { AttemptView.sample(UInt128($0)) }
        for attempt in attempts { gateway.start(.create(attempt)) }
        try gateway.wait(forResults: 200)
        for attempt in attempts { gateway.start(.confirm(attempt)) }
        try gateway.wait(forResults: 400)
        #expect(gateway.results[200...].allSatisfy { $0.result.intent?.status == .succeeded })
        #expect(try provider.charges().count == 200)
    }
}
