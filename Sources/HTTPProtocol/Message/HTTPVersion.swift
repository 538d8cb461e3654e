/// The two versions spoken here. A higher minor version of 1 reads as 1.1 (RFC 9110 §2.5).
package enum HTTPVersion: Hashable, Sendable {
    case http10
    case http11

    /// From the two digits of `HTTP/d.d`.
    init(major: UInt8, minor: UInt8) throws(HTTPParseError) {
        switch major {
        case UInt8(ascii: "1"): self = minor == UInt8(ascii: "0") ? .http10 : .http11
        case UInt8(ascii: "0"): throw .invalidVersion
        default: throw .unsupportedVersion
        }
    }
}
