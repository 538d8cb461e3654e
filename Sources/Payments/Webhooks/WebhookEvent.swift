import HTTPProtocol
import NodeCore
import Primitives

/// One message to Holdfast's nodes, the same however often it is sent:
///
///     {"id":"evt_…","type":"payment.succeeded","created":1795342530,
///      "data":{"object":"payment","payment_id":"pi_…","attempt_id":"pay_…",
///              "status":"succeeded","amount":4500,"currency":"EUR","amount_refunded":0}}
///
///     {"id":"evt_…","type":"refund.succeeded","created":1795342530,
///      "data":{"object":"refund","payment_id":"pi_…","attempt_id":"pay_…","status":"succeeded",
///              "amount":4500,"currency":"EUR","refund_id":"re_…","holdfast_refund_id":"ref_…"}}
///
/// `created` is in seconds since 1970, `amount` in minor units.
struct WebhookEvent: Hashable {
    let body: [UInt8]

    init(_ news: ProviderNews, id: String, at now: WallTime) {
        var body: [UInt8] = []
        body.appendJSONObject { event in
            event.field("id", id)
            event.field("type", Self.type(of: news))
            event.field("created", now.rawValue / 1_000)
            event.object("data") { Self.write(news, to: &$0) }
        }
        self.body = body
    }

    /// As Stripe signs (docs.stripe.com/webhooks, "Verify webhook signatures manually"): the HMAC
    /// of the time in seconds, a full stop and the body. Anew for each attempt, since the receiver
    /// refuses old times.
    func signature(secret: [UInt8], at now: WallTime) -> String {
        let seconds = now.rawValue / 1_000
        let code = HMACSHA256.authenticate(Array("\(seconds).".utf8) + body, key: secret)
        return "t=\(seconds),v1=\(Hex.encode(code))"
    }

    func headers(secret: [UInt8], at now: WallTime) -> HeaderBlock {
        var headers = HeaderBlock()
        headers.add("Content-Type", "application/json")
        guard let signature = HTTPHeaderValue(signature(secret: secret, at: now)) else {
            invariantFailure("digits and letters make a header")
        }
        headers.add("Stripe-Signature", signature)
        return headers
    }

    private static func type(of news: ProviderNews) -> String {
        switch news {
        case .settled(let payment): "payment.\(payment.status.rawValue)"
        case .refunded: "refund.succeeded"
        }
    }

    private static func write(_ news: ProviderNews, to data: inout JSONObjectWriter) {
        switch news {
        case .settled(let payment):
            data.field("object", "payment")
            payment.write(to: &data)
        case .refunded(let refund, let payment):
            data.field("object", "refund")
            data.field("payment_id", refund.paymentID)
            data.field("attempt_id", payment.attemptID)
            data.field("status", "succeeded")
            data.field("amount", refund.amount)
            data.field("currency", payment.currency)
            data.field("refund_id", refund.reference)
            data.field("holdfast_refund_id", refund.refundID)
        }
    }
}
