import API
import Primitives

/// The `Stripe-Signature` header of a webhook whose body, secret and moment are known.
enum SignatureProperties {
    static let secret = Array("whsec_0123456789".utf8)
    static let now = WallTime(1_795_343_730_000)
    static let body = Array(#"{"id":"evt_1","type":"payment.succeeded"}"#.utf8)

    static func check(_ input: [UInt8]) throws(BrokenProperty) -> Verdict {
        guard let signature = WebhookSignature(input[...]) else { return .refused }
        let isSigned = signature.codes.contains(code(of: body, secret, at: signature.timestamp))
        let seconds = Int64(String(decoding: signature.timestamp, as: UTF8.self))
        let isRecent = seconds.map { abs(now.rawValue / 1_000 - clamped($0)) <= 300 } ?? false
        let verifies = signature.verifies(body, secret: secret, at: now)
        try require(
            verifies == (isSigned && isRecent),
            "what verifies was signed with the secret, for this body, in these minutes")
        guard verifies else { return .refused }
        try require(
            !signature.verifies(body + [0], secret: secret, at: now), "another body never does")
        try require(
            !signature.verifies(body, secret: secret + [0x21], at: now), "nor another secret")
        return .accepted
    }

    private static func clamped(_ seconds: Int64) -> Int64 { min(max(seconds, 0), 1 << 40) }

    /// A body's code at a time in seconds, as the documentation of the scheme makes it.
    private static func code(
        of body: [UInt8], _ secret: [UInt8], at timestamp: ArraySlice<UInt8>
    ) -> [UInt8] {
        HMACSHA256.authenticate(Array(timestamp) + [UInt8(ascii: ".")] + body, key: secret)
    }

    /// The header that a provider sends with the body at this time.
    static func header(
        of body: [UInt8] = body, secret: [UInt8] = secret, at time: WallTime
    ) -> [UInt8] {
        let timestamp = Array(String(time.rawValue / 1_000).utf8)
        let code = code(of: body, secret, at: timestamp[...])
        return Array("t=".utf8) + timestamp + Array(",v1=\(Hex.encode(code))".utf8)
    }
}
