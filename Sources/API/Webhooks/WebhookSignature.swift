package import Primitives

/// `Stripe-Signature: t=<unix seconds>,v1=<hex>[,v1=<hex>…]`: the HMAC-SHA256 of `<t>.<body>`
/// (docs.stripe.com/webhooks, "Verify webhook signatures manually"). Other schemes in the header
/// are ignored, several `v1` are those of a secret that is being changed.
package struct WebhookSignature {
    /// How far the signer's clock may be from ours, either way.
    static let tolerance = Milliseconds.seconds(300)

    /// As sent: the digits of `t`.
    package let timestamp: ArraySlice<UInt8>
    package let codes: [[UInt8]]

    /// Nil unless there is one time and at least one code.
    package init?(_ header: ArraySlice<UInt8>) {
        var timestamp: ArraySlice<UInt8>?
        var codes: [[UInt8]] = []
        for element in header.split(separator: UInt8(ascii: ",")) {
            let element = element.drop { $0 == UInt8(ascii: " ") }
            if element.starts(with: "t=".utf8) {
                guard timestamp == nil else { return nil }
                timestamp = element.dropFirst(2)
            } else if element.starts(with: "v1=".utf8) {
                guard let code = Hex.decode(element.dropFirst(3)) else { return nil }
                codes.append(code)
            }
        }
        guard let timestamp, !codes.isEmpty else { return nil }
        self.timestamp = timestamp
        self.codes = codes
    }

    /// Whether the body was signed with the secret, lately. The time of it depends on the lengths
    /// only.
    package func verifies(_ body: [UInt8], secret: [UInt8], at now: WallTime) -> Bool {
        guard let signedAt, signedAt - now <= Self.tolerance, now - signedAt <= Self.tolerance
        else { return false }
        let expected = HMACSHA256.authenticate(
            Array(timestamp) + [UInt8(ascii: ".")] + body, key: secret)
        return codes.reduce(false) { constantTimeEqual($1, expected) || $0 }
    }

    /// Nil for what is no time, or one after the year 9999.
    private var signedAt: WallTime? {
        guard let seconds = Int64(String(decoding: timestamp, as: UTF8.self)),
            0...WallTime.rfc3339Range.upperBound.rawValue / 1_000 ~= seconds
        else { return nil }
        return WallTime(seconds * 1_000)
    }
}
