import Inventory
import NodeCore
import Primitives
import Simulation
import Testing

/// The provider has a payment under our attempt's id, but not for our amount: somebody used the key
/// before, or one side's books are wrong. The attempts here are for 50.00 EUR.
@Suite struct PaymentMismatchTests {
    /// A commit under way, whose attempt's key was used before.
    private static func checkout(
        amount: Int64 = 7_000, currency: String = "EUR",
        status: ProviderIntent.Status = .requiresConfirmation, deadline: Milliseconds = .seconds(60)
    ) -> Checkout {
        var checkout = Checkout { $0.paymentDeadline = deadline }
        checkout.cluster.provider.plant(
            checkout.sale.attemptID(2), amount: amount, currency: currency, status: status)
        _ = checkout.beginCommit()
        return checkout
    }

    /// Nobody else can have the seat, and no money has moved.
    private static func expectFenced(
        _ checkout: inout Checkout, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let rival = checkout.cluster.answer(to: checkout.sale.hold([0], key: "r", number: 9))
        #expect(rival.word == "seats unavailable", sourceLocation: sourceLocation)
        #expect(checkout.order() == .pending, sourceLocation: sourceLocation)
        #expect(checkout.hold == .paymentPending, sourceLocation: sourceLocation)
        #expect(checkout.cluster.provider.charges.isEmpty, sourceLocation: sourceLocation)
    }

    private static func alerts(_ checkout: Checkout) -> Int {
        checkout.cluster[checkout.leader].events.count {
            if case .paymentMismatched = $0 { true } else { false }
        }
    }

    @Test(arguments: [(7_000, "EUR"), (4_999, "EUR"), (0, "EUR"), (5_000, "USD")])
    func itIsNeverConfirmed(amount: Int64, currency: String) {
        var checkout = Self.checkout(amount: amount, currency: currency)
        checkout.cluster.run(for: .seconds(30))
        Self.expectFenced(&checkout)
        #expect(!checkout.cluster.provider.log.contains { $0.word == "confirm" })
        #expect(Self.alerts(checkout) == 1)
    }

    /// The next leader knows nothing of what the last one saw.
    @Test func noLaterLeaderConfirmsItEither() {
        var checkout = Self.checkout()
        checkout.cluster.run(for: .seconds(3))
        checkout.changeLeader()
        checkout.cluster.run(for: .seconds(10))
        Self.expectFenced(&checkout)
        #expect(!checkout.cluster.provider.log.contains { $0.word == "confirm" })
        #expect(Self.alerts(checkout) == 1)
    }

    @Test func onceItIsPutRightThePaymentGoesOn() {
        var checkout = Self.checkout()
        checkout.cluster.run(for: .seconds(5))
        checkout.cluster.provider.plant(
            checkout.sale.attemptID(2), amount: 5_000, currency: "EUR",
            status: .requiresConfirmation)
        checkout.cluster.run(for: .seconds(5))
        #expect(checkout.order() == .confirmed)
        #expect(checkout.charged() == 5_000)
    }

    /// What ended for another amount is no word on ours: money may still come for ours.
    @Test(arguments: [ProviderIntent.Status.declined, .cancelled, .processing])
    func whatBecameOfItFreesNothing(status: ProviderIntent.Status) {
        var checkout = Self.checkout(status: status)
        checkout.cluster.run(for: .seconds(30))
        Self.expectFenced(&checkout)
        #expect(checkout.attempt() == .pending)
        #expect(Self.alerts(checkout) == 1)
    }

    @Test(arguments: [ProviderIntent.Status.declined, .cancelled])
    func aWebhookOfAnotherAmountIsKeptAndFreesNothing(status: ProviderIntent.Status) {
        var checkout = Self.checkout(status: status)
        checkout.cluster.provider.isDown = true
        checkout.cluster.run(for: .seconds(1))
        #expect(checkout.attempt() == .pending)
        #expect(checkout.cluster.answer(to: .webhook(checkout.webhook())).word == "done")
        Self.expectFenced(&checkout)
        #expect(checkout.inventory.unmatchedWebhooks == 1)
    }

    /// Cancelled at our own request it can take no money any more, and under our key there will
    /// never be another: that is the provider's word on the attempt.
    @Test func afterTheDeadlineItIsCancelledAndThatFreesTheSeats() {
        var checkout = Self.checkout(deadline: .seconds(5))
        checkout.cluster.run(for: .seconds(15))
        #expect(checkout.attempt() == .cancelled)
        #expect(checkout.hold == .expired)
        #expect(checkout.cluster.provider.charges.isEmpty)
        #expect(!checkout.cluster.provider.log.contains { $0.word == "confirm" })
        let rival = checkout.cluster.answer(to: checkout.sale.hold([0], key: "r", number: 9))
        #expect(rival.word == "held")
    }

    @Test func whileTheProviderCannotBeAskedToCancelTheSeatsStayFenced() {
        var checkout = Self.checkout(deadline: .seconds(5))
        checkout.cluster.run(for: .seconds(3))
        checkout.cluster.provider.isDown = true
        checkout.cluster.run(for: .seconds(30))
        #expect(checkout.attempt() == .cancelling)
        Self.expectFenced(&checkout)
    }

    /// Money taken is written down whatever its amount, told, and given back.
    @Test func moneyTakenForAnotherAmountIsGivenBack() {
        var checkout = Self.checkout(status: .succeeded)
        checkout.cluster.run(for: .seconds(5))
        #expect(checkout.order() == .failed)
        #expect(checkout.hold == .held)
        #expect(checkout.cluster.provider.refunds.map(\.value) == [7_000])
        #expect(checkout.charged() == 0)
        #expect(Self.alerts(checkout) == 1)
    }
}
