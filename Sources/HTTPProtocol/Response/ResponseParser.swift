/// A response's head. Interim (1xx) responses are skipped by the parser.
package struct ResponseHead: Hashable, Sendable {
    /// 200…999; not `HTTPStatus`, since a peer may answer what we never would.
    package let statusCode: UInt16
    package let version: HTTPVersion
    package let fields: HTTPFields
    package let framing: BodyFraming
    /// `close` also when the body ends with the connection.
    package let persistence: ConnectionPersistence

    /// The framing by RFC 9112 §6.3.
    init(
        _ line: StatusLineScanner.StatusLine, _ fields: HTTPFields, answering method: HTTPMethod
    ) throws(HTTPParseError) {
        statusCode = line.code
        version = line.version
        self.fields = fields
        let control = try ControlFields(fields)
        let declared = try control.framing(line.version)
        let isBodiless = method == .head || line.code == 204 || line.code == 304
        framing = isBodiless ? .empty : declared ?? .untilClose
        persistence = framing == .untilClose ? .close : control.persistence(line.version)
    }
}

/// What a response parser has found.
package enum ResponseEvent: Hashable, Sendable {
    /// Everything that arrived has been read; feed more.
    case needsMoreBytes
    case head(ResponseHead)
    /// Body bytes as they arrived, never empty: a stream is read as it flows.
    case bodyPart([UInt8])
    /// The response is complete.
    case end
    /// Close the connection; what it answered is not known. Every later call says the same.
    case refused(HTTPParseError)
}

/// An incremental HTTP/1.1 response parser for the client's side, as strict about framing as the
/// server's. Call `next` until it says `needsMoreBytes`.
package struct ResponseParser {
    private enum Phase {
        case line
        case fields
        case body
        case refused(HTTPParseError)
    }

    private let limits: HTTPLimits
    private var buffer = ReceiveBuffer()
    private var phase = Phase.line
    private var lineScanner = StatusLineScanner()
    private var line = StatusLineScanner.StatusLine(version: .http11, code: 0)
    private var fieldScanner = FieldScanner(from: 0)
    private var decoder = BodyDecoder()
    private var isClosed = false

    /// `limits.bodyBytesMax` bounds each response's whole body.
    package init(limits: HTTPLimits = HTTPLimits()) { self.limits = limits }

    /// Whether no part of a response has arrived: between exchanges, that nobody has sent anything
    /// unasked, which the next request would take for its answer.
    package var isIdle: Bool {
        switch phase {
        case .line: buffer.count == 0
        case .fields, .body, .refused: false
        }
    }

    /// Takes bytes as they arrive; after a refusal they are dropped.
    package mutating func receive(_ bytes: Span<UInt8>) {
        if case .refused = phase { return }
        buffer.append(bytes)
    }

    /// Takes note that the peer has closed: it ends a body that nothing else delimits, and
    /// cuts any other message short.
    package mutating func receiveClose() { isClosed = true }

    /// The next event; `method` is that of the request which the present response answers.
    package mutating func next(answering method: HTTPMethod) -> ResponseEvent {
        do {
            while true {
                if let event = try advance(method) { return event }
            }
        } catch {
            phase = .refused(error)
            buffer = ReceiveBuffer()
            return .refused(error)
        }
    }

    /// One step; nil when it led to another phase without an event.
    private mutating func advance(_ method: HTTPMethod) throws(HTTPParseError) -> ResponseEvent? {
        switch phase {
        case .line:
            guard let line = try lineScanner.scan(buffer, limits: limits) else {
                return try wait()
            }
            self.line = line
            fieldScanner = FieldScanner(from: lineScanner.cursor)
            phase = .fields
            return nil
        case .fields:
            guard try fieldScanner.scan(buffer, limits: limits) else { return try wait() }
            return try takeHead(method).map { .head($0) }
        case .body:
            return try continueBody()
        case .refused(let error):
            throw error
        }
    }

    /// Nil for an interim response, after which another head comes (RFC 9110 §15.2). 101 would
    /// change the protocol, which no request of ours asks for.
    private mutating func takeHead(_ method: HTTPMethod) throws(HTTPParseError) -> ResponseHead? {
        let fields = HTTPFields(
            bytes: buffer.prefix(fieldScanner.cursor), lines: fieldScanner.lines)
        buffer.drop(fieldScanner.cursor)
        lineScanner = StatusLineScanner()
        fieldScanner = FieldScanner(from: 0)
        phase = .line
        guard line.code != 101 else { throw .invalidStatusLine }
        guard line.code >= 200 else { return nil }
        let head = try ResponseHead(line, fields, answering: method)
        decoder = try BodyDecoder(head.framing, bodyBytesMax: limits.bodyBytesMax)
        phase = .body
        return head
    }

    private mutating func continueBody() throws(HTTPParseError) -> ResponseEvent {
        guard !decoder.isComplete else {
            phase = .line
            return .end
        }
        var part: [UInt8] = []
        let consumed = try decoder.decode(buffer, onto: &part, limits: limits)
        buffer.drop(consumed)
        if !part.isEmpty { return .bodyPart(part) }
        if decoder.isComplete || (decoder.endsAtClose && isClosed) {
            phase = .line
            return .end
        }
        return try wait()
    }

    /// More bytes are needed: is there hope of any?
    private func wait() throws(HTTPParseError) -> ResponseEvent {
        guard isClosed else { return .needsMoreBytes }
        if case .line = phase, buffer.count == 0 { return .needsMoreBytes }
        throw .unexpectedEnd
    }
}

extension ResponseParser {
    /// Takes bytes as they arrive; after a refusal they are dropped.
    package mutating func receive(_ bytes: [UInt8]) { receive(bytes.span) }
}
