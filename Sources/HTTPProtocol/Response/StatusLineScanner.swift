/// Reads `HTTP-version SP status-code SP [reason-phrase] CRLF` (RFC 9112 §4) as far as it has
/// arrived. The reason is skipped.
struct StatusLineScanner {
    private enum Step {
        case start
        case reason
        case lineEnd
    }

    struct StatusLine {
        var version: HTTPVersion
        var code: UInt16
    }

    private(set) var cursor = 0
    private var step = Step.start
    private var line = StatusLine(version: .http11, code: 0)

    /// Reads on in the buffer, which holds the message from its start. The line once it is
    /// complete; `cursor` is then one past it.
    mutating func scan(
        _ buffer: ReceiveBuffer, limits: HTTPLimits
    ) throws(HTTPParseError) -> StatusLine? {
        let bytes = buffer.bytes.span.extracting(buffer.unread)
        let end = min(bytes.count, limits.headBytesMax)
        while cursor < end {
            switch step {
            case .start:
                try scanStart(bytes, end)
            case .reason:
                let byte = bytes[cursor]
                if byte == ASCII.carriageReturn {
                    step = .lineEnd
                } else {
                    guard byte.isFieldContent else { throw .invalidStatusLine }
                }
                cursor += 1
            case .lineEnd:
                guard bytes[cursor] == ASCII.lineFeed else { throw .bareCarriageReturn }
                cursor += 1
                return line
            }
        }
        guard bytes.count < limits.headBytesMax else { throw .headTooLarge }
        return nil
    }

    /// The fixed part. Some servers leave the last space out when there is no reason.
    private mutating func scanStart(_ bytes: Span<UInt8>, _ end: Int) throws(HTTPParseError) {
        let pattern: StaticString = "HTTP/d.d ddd"
        while cursor < end {
            let byte = bytes[cursor]
            guard cursor < pattern.utf8CodeUnitCount else {
                guard byte == ASCII.space || byte == ASCII.carriageReturn else {
                    throw .invalidStatusLine
                }
                line.version = try HTTPVersion(major: bytes[5], minor: bytes[7])
                line.code = (9..<12).reduce(0) { $0 * 10 + UInt16(bytes[$1] - 0x30) }
                guard line.code >= 100 else { throw .invalidStatusLine }
                cursor += 1
                step = byte == ASCII.space ? .reason : .lineEnd
                return
            }
            let expected = pattern.utf8Start[cursor]
            guard expected == UInt8(ascii: "d") ? byte.isDigit : byte == expected else {
                throw .invalidStatusLine
            }
            cursor += 1
        }
    }
}
