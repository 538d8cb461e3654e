/// The request methods of RFC 9110 §9 and RFC 5789. Names are case-sensitive.
package enum HTTPMethod: Hashable, Sendable, CaseIterable {
    case get
    case head
    case post
    case put
    case patch
    case delete
    case options
    case trace
    case connect
    /// A valid token that is none of these; a server answers 501.
    case unknown

    /// The method's name in a request line; empty for `unknown`.
    package var name: StaticString {
        switch self {
        case .get: "GET"
        case .head: "HEAD"
        case .post: "POST"
        case .put: "PUT"
        case .patch: "PATCH"
        case .delete: "DELETE"
        case .options: "OPTIONS"
        case .trace: "TRACE"
        case .connect: "CONNECT"
        case .unknown: ""
        }
    }

    /// The method that the bytes name.
    init(_ bytes: Span<UInt8>) {
        let candidate: HTTPMethod =
            switch (bytes.count, bytes[0]) {
            case (3, 0x47): .get
            case (3, _): .put
            case (4, 0x50): .post
            case (4, _): .head
            case (5, 0x50): .patch
            case (5, _): .trace
            case (6, _): .delete
            case (7, 0x43): .connect
            case (7, _): .options
            default: .unknown
            }
        let name = candidate.name
        let matches =
            name.utf8CodeUnitCount == bytes.count
            && bytes.indices.allSatisfy { bytes[$0] == name.utf8Start[$0] }
        self = matches ? candidate : .unknown
    }
}
