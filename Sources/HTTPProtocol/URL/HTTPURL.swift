/// An absolute `http` or `https` URL (RFC 9110 §4.2), taken apart for a client: where to connect
/// and what to ask for there.
package struct HTTPURL: Hashable, Sendable {
    /// The two schemes that are followed.
    package enum Scheme: Hashable, Sendable {
        case http
        case https
    }

    /// Whether to connect in the clear or by TLS.
    package let scheme: Scheme
    /// A name or an address; an IPv6 address without its brackets.
    package let host: String
    package let port: UInt16
    /// The authority as it stands in the URL, for the `Host` header.
    package let authority: HTTPHost
    /// Path and query; `/` when the URL has none.
    package let target: RequestTarget

    /// Nil when the text is no such URL, or has user information or a fragment.
    package init?(_ text: String) {
        let bytes = Array(text.utf8)[...]
        let rest: ArraySlice<UInt8>
        if equalsIgnoringCase(bytes.prefix(7), "http://") {
            (scheme, rest) = (.http, bytes.dropFirst(7))
        } else if equalsIgnoringCase(bytes.prefix(8), "https://") {
            (scheme, rest) = (.https, bytes.dropFirst(8))
        } else {
            return nil
        }
        let authority = rest.prefix { $0 != ASCII.slash && $0 != ASCII.question }
        let path = rest[authority.endIndex...]
        guard let parts = HTTPURL.parts(ofAuthority: authority, scheme),
            let name = HTTPHost(String(decoding: authority, as: UTF8.self)),
            let target = RequestTarget(
                (path.first == ASCII.slash ? "" : "/") + String(decoding: path, as: UTF8.self))
        else { return nil }
        (host, port) = parts
        self.authority = name
        self.target = target
    }

    /// `host [":" port]`, the host not empty; an IPv6 address stands in brackets.
    private static func parts(
        ofAuthority authority: ArraySlice<UInt8>, _ scheme: Scheme
    ) -> (host: String, port: UInt16)? {
        let host: ArraySlice<UInt8>
        let rest: ArraySlice<UInt8>
        if authority.first == UInt8(ascii: "[") {
            guard let end = authority.firstIndex(of: UInt8(ascii: "]")) else { return nil }
            host = authority[(authority.startIndex + 1)..<end]
            rest = authority[(end + 1)...]
        } else {
            host = authority.prefix { $0 != ASCII.colon }
            rest = authority[host.endIndex...]
        }
        guard !host.isEmpty, let port = port(rest, scheme) else { return nil }
        return (String(decoding: host, as: UTF8.self), port)
    }

    /// `":" 1*DIGIT` from 1 to 65,535, or the scheme's own port when there is nothing.
    private static func port(_ text: ArraySlice<UInt8>, _ scheme: Scheme) -> UInt16? {
        guard let first = text.first else {
            switch scheme {
            case .http: return 80
            case .https: return 443
            }
        }
        let digits = text.dropFirst()
        guard first == ASCII.colon, digits.allSatisfy(\.isDigit),
            let port = UInt16(String(decoding: digits, as: UTF8.self)), port > 0
        else { return nil }
        return port
    }
}
