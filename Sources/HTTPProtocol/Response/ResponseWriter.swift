import Primitives

/// Puts responses into wire form. Content-Length, Date and Connection are written here, so that
/// no caller can frame a message two ways.
package struct ResponseWriter: Hashable, Sendable {
    /// The request's method: a response to HEAD carries the length of the body but not the body.
    package var method: HTTPMethod
    /// The request's version: a 1.0 client is told `keep-alive` and gets no chunks.
    package var version: HTTPVersion
    /// What happens to the connection afterwards.
    package var persistence: ConnectionPersistence

    package init(
        method: HTTPMethod, version: HTTPVersion, persistence: ConnectionPersistence
    ) {
        self.method = method
        self.version = version
        self.persistence = persistence
    }

    /// For the answer to a request that was refused before its head was whole.
    package static var refusal: ResponseWriter {
        ResponseWriter(method: .unknown, version: .http11, persistence: .close)
    }

    /// The interim response that lets a waiting client send its body (RFC 9110 §10.1.1).
    package static func appendContinue(to output: inout [UInt8]) {
        output.append("HTTP/1.1 100 Continue\r\n\r\n")
    }

    /// Appends a whole response.
    package func append(_ response: HTTPResponse, date: HTTPDate, to output: inout [UInt8]) {
        output.reserveCapacity(
            output.count + 160 + response.headers.bytes.count + response.body.count)
        appendHead(of: response, date: date, to: &output)
        output.append(contentsOf: body(of: response))
    }

    /// Appends what comes before `body(of:)`: for a body so large that it is sent from where it is.
    package func appendHead(
        of response: HTTPResponse, date: HTTPDate, to output: inout [UInt8]
    ) {
        invariant(
            response.body.isEmpty || !response.status.forbidsBody,
            "ResponseWriter: \(response.status.rawValue) with \(response.body.count) body bytes")
        appendStart(response.status, response.headers, date, to: &output)
        // RFC 9110 §8.6 forbids the length in a 204; a 304 would have to state another answer's.
        if !response.status.forbidsBody {
            output.append("Content-Length: ")
            output.appendDecimal(UInt64(response.body.count))
            output.appendLineEnd()
        }
        output.appendLineEnd()
    }

    /// The body as it is sent: none to HEAD.
    package func body(of response: HTTPResponse) -> [UInt8] {
        method == .head ? [] : response.body
    }

    /// Appends the head of a response whose body comes in pieces: an event stream, a backup. How
    /// the pieces are framed: not at all for HEAD; for a 1.0 client, who knows no chunks, the
    /// connection's end is the body's, and the caller must close.
    package func appendStreamHead(
        _ status: HTTPStatus, headers: HeaderBlock, date: HTTPDate, to output: inout [UInt8]
    ) -> StreamFraming {
        invariant(!status.forbidsBody, "ResponseWriter: a stream with \(status.rawValue)")
        let framing = StreamFraming(method, version)
        var writer = self
        if framing == .untilClose { writer.persistence = .close }
        writer.appendStart(status, headers, date, to: &output)
        if framing == .chunked { output.append("Transfer-Encoding: chunked\r\n") }
        output.appendLineEnd()
        return framing
    }

    private func appendStart(
        _ status: HTTPStatus, _ headers: HeaderBlock, _ date: HTTPDate, to output: inout [UInt8]
    ) {
        output.append("HTTP/1.1 ")
        output.appendDecimal(UInt64(status.rawValue))
        output.append(ASCII.space)
        output.append(status.reason)
        output.append("\r\nDate: ")
        output.append(contentsOf: date.bytes)
        output.appendLineEnd()
        switch (persistence, version) {
        case (.close, _): output.append("Connection: close\r\n")
        case (.keepAlive, .http10): output.append("Connection: keep-alive\r\n")
        case (.keepAlive, .http11): break
        }
        output.append(contentsOf: headers.bytes)
    }
}

/// How the pieces of a streamed response are delimited.
package enum StreamFraming: Hashable, Sendable {
    case chunked
    case untilClose
    /// The answer to HEAD: pieces are dropped.
    case omitted

    init(_ method: HTTPMethod, _ version: HTTPVersion) {
        switch (method, version) {
        case (.head, _): self = .omitted
        case (_, .http10): self = .untilClose
        case (_, .http11): self = .chunked
        }
    }

    /// Appends a piece. An empty one writes nothing: an empty chunk would end the body.
    package func append(_ piece: [UInt8], to output: inout [UInt8]) {
        guard !piece.isEmpty else { return }
        switch self {
        case .chunked:
            output.append(contentsOf: String(piece.count, radix: 16).utf8)
            output.appendLineEnd()
            output.append(contentsOf: piece)
            output.appendLineEnd()
        case .untilClose:
            output.append(contentsOf: piece)
        case .omitted:
            break
        }
    }

    /// Ends the body; the connection must be closed as well if that is what ends it.
    package func appendEnd(to output: inout [UInt8]) {
        switch self {
        case .chunked: output.append("0\r\n\r\n")
        case .untilClose, .omitted: break
        }
    }
}
