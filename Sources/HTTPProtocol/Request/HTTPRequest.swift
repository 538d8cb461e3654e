import Primitives

/// A request as its author sees it; `Host` and `Content-Length` are the writer's.
package struct HTTPRequest: Hashable, Sendable {
    package var method: HTTPMethod
    package var target: RequestTarget
    /// `Host`: the authority that the target lives at.
    package var host: HTTPHost
    package var headers: HeaderBlock
    package var body: [UInt8]

    package init(
        _ method: HTTPMethod, _ target: RequestTarget, host: HTTPHost,
        headers: HeaderBlock = HeaderBlock(), body: [UInt8] = []
    ) {
        invariant(method != .unknown, "HTTPRequest: a method without a name")
        self.method = method
        self.target = target
        self.host = host
        self.headers = headers
        self.body = body
    }

    /// Appends the request in wire form, for a connection that stays open. A length is stated for
    /// every method whose body has a meaning (RFC 9110 §8.6), zero included.
    package func append(to output: inout [UInt8]) {
        output.append(method.name)
        output.append(ASCII.space)
        output.append(contentsOf: target.text.utf8)
        output.append(" HTTP/1.1\r\nHost: ")
        output.append(contentsOf: host.text.utf8)
        output.appendLineEnd()
        output.append(contentsOf: headers.bytes)
        if !body.isEmpty || method.hasBodyMeaning {
            output.append("Content-Length: ")
            output.appendDecimal(UInt64(body.count))
            output.appendLineEnd()
        }
        output.appendLineEnd()
        output.append(contentsOf: body)
    }
}

/// A target in origin form, checked, so that no text can end the request line early.
package struct RequestTarget: Hashable, Sendable {
    let text: String

    /// A path from its slash on, and perhaps a query, percent-encoded. Nil when it holds a byte
    /// that RFC 3986 allows in neither.
    package init?(_ text: String) {
        guard text.utf8.first == ASCII.slash, text.utf8.allSatisfy(ASCIISet.target.contains)
        else { return nil }
        self.text = text
    }
}

/// A host and perhaps a port, checked.
package struct HTTPHost: Hashable, Sendable {
    let text: String

    /// Such as `127.0.0.1:8101` or `[::1]:80`. Nil when empty or with a byte that no host has.
    package init?(_ text: String) {
        guard !text.isEmpty, text.utf8.allSatisfy(ASCIISet.host.contains) else { return nil }
        self.text = text
    }
}

extension HTTPMethod {
    /// Whether a request with this method is expected to enclose content.
    var hasBodyMeaning: Bool {
        switch self {
        case .post, .put, .patch: true
        case .get, .head, .delete, .options, .trace, .connect, .unknown: false
        }
    }
}
