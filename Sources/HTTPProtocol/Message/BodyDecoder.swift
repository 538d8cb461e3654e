/// Takes a body out of the byte stream, whatever delimits it.
struct BodyDecoder {
    private enum Step {
        case complete
        /// Bytes that are still to come; never zero.
        case length(Int)
        case chunked(ChunkedDecoder)
        case untilClose
    }

    private var step: Step
    private let bodyBytesMax: Int
    private var total = 0

    /// Between messages: nothing to decode.
    init() {
        step = .complete
        bodyBytesMax = 0
    }

    /// A declared length above the limit is refused before a byte of it is read.
    init(_ framing: BodyFraming, bodyBytesMax: Int) throws(HTTPParseError) {
        self.bodyBytesMax = bodyBytesMax
        switch framing {
        case .empty:
            step = .complete
        case .length(let count):
            guard count <= bodyBytesMax else { throw .bodyTooLarge }
            step = .length(count)
        case .chunked:
            step = .chunked(ChunkedDecoder())
        case .untilClose:
            step = .untilClose
        }
    }

    var isComplete: Bool {
        switch step {
        case .complete: true
        case .length, .chunked, .untilClose: false
        }
    }

    /// Whether the connection's end is the body's end.
    var endsAtClose: Bool {
        switch step {
        case .untilClose: true
        case .complete, .length, .chunked: false
        }
    }

    /// Decodes what it can of the buffer onto `body`; the count of bytes to drop from it.
    mutating func decode(
        _ buffer: ReceiveBuffer, onto body: inout [UInt8], limits: HTTPLimits
    ) throws(HTTPParseError) -> Int {
        let bytes = buffer.bytes.span.extracting(buffer.unread)
        switch step {
        case .complete:
            return 0
        case .length(let remaining):
            let part = bytes.extracting(0..<min(remaining, bytes.count))
            part.withUnsafeBufferPointer { body.append(contentsOf: $0) }
            step = part.count == remaining ? .complete : .length(remaining - part.count)
            return part.count
        case .chunked(var chunks):
            // Out of the enumeration while it changes, lest its arrays be copied.
            step = .complete
            let consumed = try chunks.decode(
                bytes, onto: &body, bodyBytesMax: bodyBytesMax, limits: limits)
            if !chunks.isComplete { step = .chunked(chunks) }
            return consumed
        case .untilClose:
            guard bytes.count <= bodyBytesMax - total else { throw .bodyTooLarge }
            total += bytes.count
            bytes.withUnsafeBufferPointer { body.append(contentsOf: $0) }
            return bytes.count
        }
    }
}
