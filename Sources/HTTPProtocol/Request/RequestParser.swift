/// What a request parser has found.
package enum RequestEvent: Hashable, Sendable {
    /// Everything that arrived has been read; feed more.
    case needsMoreBytes
    /// A head. The server may now allow another body size (`bodyBytesMax`), or refuse and close.
    case head(RequestHead)
    /// The client waits: write `100 Continue`. Comes after `head` and only if the declared length
    /// is within the limit, whether or not body bytes have arrived already.
    case continueExpected
    /// The whole body, empty when there is none. Exactly one follows each head.
    case body([UInt8])
    /// Answer with the error's status and close. Every later call says the same.
    case refused(HTTPParseError)
}

/// An incremental HTTP/1.1 request parser (RFC 9112): bytes in, events out. How the bytes were cut
/// on arrival never changes the events. Call `next` until it says `needsMoreBytes`; a caller that
/// stops sooner, because it has work enough, must stop feeding too. Then memory is bounded by
/// the head's limit, the body's limit and one feed.
package struct RequestParser {
    private enum Phase {
        case line
        case fields
        /// The head has been given out.
        case accepted
        case body
        case refused(HTTPParseError)
    }

    /// The largest body that the present request may have, in bytes. Set it between `head` and
    /// the next call; each request starts again from the limits' own figure.
    package var bodyBytesMax: Int

    private let limits: HTTPLimits
    private var buffer = ReceiveBuffer()
    private var phase = Phase.line
    private var lineScanner = RequestLineScanner()
    private var line = RequestLine(method: .unknown, target: 0..<0, version: .http11)
    private var fieldScanner = FieldScanner(from: 0)
    private var framing = BodyFraming.empty
    private var expectation = RequestHead.Expectation.none
    private var decoder = BodyDecoder()
    private var body: [UInt8] = []

    package init(limits: HTTPLimits = HTTPLimits()) {
        self.limits = limits
        bodyBytesMax = limits.bodyBytesMax
    }

    /// Whether no part of a request has arrived: the connection may be closed without loss, and
    /// no deadline for a request runs.
    package var isIdle: Bool {
        switch phase {
        case .line: buffer.count == 0
        case .fields, .accepted, .body, .refused: false
        }
    }

    /// Takes bytes as they arrive; after a refusal they are dropped.
    package mutating func receive(_ bytes: Span<UInt8>) {
        if case .refused = phase { return }
        buffer.append(bytes)
    }

    /// The next event.
    package mutating func next() -> RequestEvent {
        do {
            while true {
                if let event = try advance() { return event }
            }
        } catch {
            phase = .refused(error)
            buffer = ReceiveBuffer()
            body = []
            return .refused(error)
        }
    }

    /// One step; nil when it led to another phase without an event.
    private mutating func advance() throws(HTTPParseError) -> RequestEvent? {
        switch phase {
        case .line:
            guard let line = try lineScanner.scan(buffer, limits: limits) else {
                return .needsMoreBytes
            }
            self.line = line
            fieldScanner = FieldScanner(from: lineScanner.cursor)
            phase = .fields
            return nil
        case .fields:
            guard try fieldScanner.scan(buffer, limits: limits) else { return .needsMoreBytes }
            return .head(try takeHead())
        case .accepted:
            return try startBody()
        case .body:
            return try continueBody()
        case .refused(let error):
            throw error
        }
    }

    private mutating func takeHead() throws(HTTPParseError) -> RequestHead {
        let fields = HTTPFields(
            bytes: buffer.prefix(fieldScanner.cursor), lines: fieldScanner.lines)
        let head = try RequestHead(line: line, fields: fields)
        buffer.drop(fieldScanner.cursor)
        fieldScanner = FieldScanner(from: 0)
        lineScanner = RequestLineScanner()
        framing = head.framing
        expectation = head.expectation
        bodyBytesMax = limits.bodyBytesMax
        phase = .accepted
        return head
    }

    private mutating func startBody() throws(HTTPParseError) -> RequestEvent? {
        decoder = try BodyDecoder(framing, bodyBytesMax: bodyBytesMax)
        phase = .body
        switch (expectation, framing) {
        case (.continue, .length), (.continue, .chunked): return .continueExpected
        case (.none, _), (.continue, .empty), (.continue, .untilClose): return nil
        }
    }

    private mutating func continueBody() throws(HTTPParseError) -> RequestEvent {
        let consumed = try decoder.decode(buffer, onto: &body, limits: limits)
        buffer.drop(consumed)
        guard decoder.isComplete else { return .needsMoreBytes }
        phase = .line
        defer { body = [] }
        return .body(body)
    }
}

extension RequestParser {
    /// Takes bytes as they arrive; after a refusal they are dropped.
    package mutating func receive(_ bytes: [UInt8]) { receive(bytes.span) }
}
