import Inventory
import NodeCore
import Primitives
import Testing

@testable import API
@testable import Payments

/// What the provider signs and sends is what the nodes verify and read.
struct WebhookAgreementTests {
    private let secret = Array("whsec_test".utf8)
    private let now = WallTime(1_795_342_530_987)
    private let attempt = AttemptID(shard: ShardID(3), bits: 77)

    private func payment(_ status: ProviderIntent.Status) -> ProviderPayment {
        ProviderPayment(
            paymentID: "pi_1", attemptID: attempt.text, status: status, amount: 4_500,
            currency: "EUR", amountRefunded: 0)
    }

    @Test(arguments: [ProviderIntent.Status.succeeded, .declined, .cancelled])
    func aNodeReadsASettledPayment(status: ProviderIntent.Status) {
        let event = WebhookEvent(.settled(payment(status)), id: "evt_1", at: now)
        guard case .payment(let read, let intent) = SimulatedNotice.subject(of: event.body) else {
            Issue.record("the event is unmatched")
            return
        }
        #expect(read == attempt)
        #expect(intent == payment(status).intent)
    }

    @Test func aNodeReadsARefund() {
        let id = RefundID(shard: ShardID(3), bits: 78)
        let refund = ProviderBook.Refund(
            refundID: id.text, reference: "re_1", paymentID: "pi_1", amount: 400)
        let event = WebhookEvent(
            .refunded(refund, of: payment(.succeeded)), id: "evt_1", at: now)
        guard case .refund(let read, let reference) = SimulatedNotice.subject(of: event.body) else {
            Issue.record("the event is unmatched")
            return
        }
        #expect(read == id)
        #expect(reference == "re_1")
    }

    @Test func aNodeVerifiesTheSignature() throws {
        let event = WebhookEvent(.settled(payment(.succeeded)), id: "evt_1", at: now)
        let text = Array(event.signature(secret: secret, at: now).utf8)
        let signature = try #require(WebhookSignature(text[...]))
        #expect(signature.verifies(event.body, secret: secret, at: now))
        #expect(signature.verifies(event.body, secret: secret, at: now + .seconds(299)))
        #expect(!signature.verifies(event.body, secret: secret, at: now + .seconds(302)))
        #expect(!signature.verifies(event.body + [0x20], secret: secret, at: now))
        #expect(!signature.verifies(event.body, secret: secret + [0x0A], at: now))
    }
}
