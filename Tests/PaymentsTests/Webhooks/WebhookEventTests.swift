import HTTPProtocol
import NodeCore
import Primitives
import Testing

@testable import Payments

/// What the nodes are sent, to the byte.
struct WebhookEventTests {
    private let now = WallTime(1_795_342_530_987)

    private func payment(_ status: ProviderIntent.Status) -> ProviderPayment {
        ProviderPayment(
            paymentID: "pi_1", attemptID: "pay_1", status: status, amount: 4_500, currency: "EUR",
            amountRefunded: 0)
    }

    @Test func aSettledPaymentIsToldWhole() {
        let event = WebhookEvent(.settled(payment(.succeeded)), id: "evt_7", at: now)
        #expect(
            String(decoding: event.body, as: UTF8.self) == """
                {"id":"evt_7","type":"payment.succeeded","created":1795342530,"data":\
                {"object":"payment","payment_id":"pi_1","attempt_id":"pay_1",\
                "status":"succeeded","amount":4500,"currency":"EUR","amount_refunded":0}}
                """)
    }

    @Test(arguments: [
        (ProviderIntent.Status.succeeded, "payment.succeeded"), (.declined, "payment.declined"),
        (.cancelled, "payment.cancelled"),
    ])
    func theTypeSaysTheStatus(status: ProviderIntent.Status, type: String) throws {
        let event = WebhookEvent(.settled(payment(status)), id: "evt_7", at: now)
        let value = try JSONValue(parsing: event.body)
        #expect(value["type"]?.text == type)
        #expect(value["data"]?["status"]?.text == status.rawValue)
    }

    @Test func aRefundNamesItsPaymentAndBothIDs() {
        let refund = ProviderBook.Refund(
            refundID: "ref_1", reference: "re_1", paymentID: "pi_1", amount: 400)
        let event = WebhookEvent(
            .refunded(refund, of: payment(.succeeded)), id: "evt_8", at: now)
        #expect(
            String(decoding: event.body, as: UTF8.self) == """
                {"id":"evt_8","type":"refund.succeeded","created":1795342530,"data":\
                {"object":"refund","payment_id":"pi_1","attempt_id":"pay_1",\
                "status":"succeeded","amount":400,"currency":"EUR","refund_id":"re_1",\
                "holdfast_refund_id":"ref_1"}}
                """)
    }

    /// The code was computed with `openssl dgst -sha256 -hmac whsec_test`.
    @Test func theSignatureIsStripes() throws {
        let refund = ProviderBook.Refund(
            refundID: "ref_1", reference: "re_1", paymentID: "pi_1", amount: 400)
        let event = WebhookEvent(
            .refunded(refund, of: payment(.succeeded)), id: "evt_8", at: now)
        let headers = event.headers(secret: Array("whsec_test".utf8), at: now)
        let host = try #require(HTTPHost("h"))
        let target = try #require(RequestTarget("/"))
        var bytes: [UInt8] = []
        HTTPRequest(.post, target, host: host, headers: headers).append(to: &bytes)
        let text = String(decoding: bytes, as: UTF8.self)
        #expect(text.contains("Content-Type: application/json\r\n"))
        let code = "636672346793a890e7f28ebb7a35901cbce57e54a459fdf62918b354785464aa"
        #expect(text.contains("Stripe-Signature: t=1795342530,v1=\(code)\r\n"))
    }
}
