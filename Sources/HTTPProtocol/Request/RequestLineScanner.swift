/// A request line's parts; `target` is a range of the head's bytes.
struct RequestLine {
    var method: HTTPMethod
    var target: Range<Int>
    var version: HTTPVersion
}

/// Reads `method SP request-target SP HTTP-version CRLF` (RFC 9112 §3) as far as it has arrived.
/// Single spaces only: the lenient splitting of §3 is a door for smuggling.
struct RequestLineScanner {
    private enum Step {
        case start
        case emptyLineEnd
        case method
        case target
        case version
        case lineEnd
    }

    /// Longer than any method that is registered.
    private static let methodBytesMax = 24

    private(set) var cursor = 0
    private var step = Step.start
    /// Where the part being read began.
    private var mark = 0
    private var line = RequestLine(method: .unknown, target: 0..<0, version: .http11)

    /// Reads on in the buffer, which holds the message from its start. The line once it is
    /// complete; `cursor` is then one past it.
    mutating func scan(
        _ buffer: ReceiveBuffer, limits: HTTPLimits
    ) throws(HTTPParseError) -> RequestLine? {
        let bytes = buffer.bytes.span.extracting(buffer.unread)
        let end = min(bytes.count, limits.headBytesMax)
        while cursor < end {
            switch step {
            case .start:
                // §2.2: an empty line before a request is ignored; one is enough.
                if bytes[cursor] == ASCII.carriageReturn, cursor == 0 {
                    cursor += 1
                    step = .emptyLineEnd
                } else {
                    mark = cursor
                    step = .method
                }
            case .emptyLineEnd:
                guard bytes[cursor] == ASCII.lineFeed else { throw .bareCarriageReturn }
                cursor += 1
                step = .start
            case .method: try scanMethod(bytes, end)
            case .target: try scanTarget(bytes, end, limits)
            case .version: try scanVersion(bytes, end)
            case .lineEnd:
                guard bytes[cursor] == ASCII.lineFeed else { throw .bareCarriageReturn }
                cursor += 1
                return line
            }
        }
        guard bytes.count < limits.headBytesMax else { throw .headTooLarge }
        return nil
    }

    private mutating func scanMethod(_ bytes: Span<UInt8>, _ end: Int) throws(HTTPParseError) {
        let stop = min(end, mark + RequestLineScanner.methodBytesMax)
        while cursor < stop, ASCIISet.token.contains(bytes[cursor]) { cursor += 1 }
        guard cursor < end else { return }
        guard bytes[cursor] == ASCII.space, cursor > mark else {
            throw ASCIISet.token.contains(bytes[cursor]) ? .methodTooLong : .invalidMethod
        }
        line.method = HTTPMethod(bytes.extracting(mark..<cursor))
        cursor += 1
        mark = cursor
        step = .target
    }

    private mutating func scanTarget(
        _ bytes: Span<UInt8>, _ end: Int, _ limits: HTTPLimits
    ) throws(HTTPParseError) {
        let stop = min(end, mark + limits.targetBytesMax)
        var position = cursor
        while position < stop, ASCIISet.target.contains(bytes[position]) { position += 1 }
        cursor = position
        guard cursor < end else { return }
        guard bytes[cursor] == ASCII.space, cursor > mark else {
            throw ASCIISet.target.contains(bytes[cursor]) ? .targetTooLong : .invalidTarget
        }
        line.target = mark..<cursor
        cursor += 1
        mark = cursor
        step = .version
    }

    /// `HTTP/` DIGIT `.` DIGIT and a carriage return.
    private mutating func scanVersion(_ bytes: Span<UInt8>, _ end: Int) throws(HTTPParseError) {
        let pattern: StaticString = "HTTP/d.d\r"
        while cursor < end {
            let byte = bytes[cursor]
            let expected = pattern.utf8Start[cursor - mark]
            let fits = expected == UInt8(ascii: "d") ? byte.isDigit : byte == expected
            guard fits else { throw .invalidVersion }
            cursor += 1
            guard cursor - mark == pattern.utf8CodeUnitCount else { continue }
            line.version = try HTTPVersion(major: bytes[mark + 5], minor: bytes[mark + 7])
            step = .lineEnd
            return
        }
    }
}
