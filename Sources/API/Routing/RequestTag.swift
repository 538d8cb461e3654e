import HTTPProtocol
import Primitives

/// The name of one request in answers and logs: the client's own `X-Request-Id` if it sent a
/// usable one, else random.
package struct RequestTag: Hashable, Sendable {
    package let text: String
    let header: HTTPHeaderValue

    /// Nil unless the text is 1…128 visible ASCII characters.
    init?(_ text: String) {
        guard 1...128 ~= text.utf8.count, text.utf8.allSatisfy({ 0x21...0x7E ~= $0 }),
            let header = HTTPHeaderValue(text)
        else { return nil }
        self.text = text
        self.header = header
    }

    init(random bits: UInt128) {
        text = "req_" + Base32.encode(bits)
        header = HTTPHeaderValue(text) ?? ""
    }

    init(of head: RequestHead, random: () -> UInt128) {
        self = head.fields.text("x-request-id").flatMap(RequestTag.init) ?? Self(random: random())
    }
}
