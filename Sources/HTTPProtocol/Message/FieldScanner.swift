/// Reads a field section (RFC 9112 §5), as far as it has arrived, up to the empty line that ends
/// it. What it refuses depends on a byte's position only, never on how bytes arrived.
struct FieldScanner {
    private enum Step {
        case lineStart
        case name
        case blanks
        case value
        case lineEnd
        case sectionEnd
    }

    private(set) var lines: [HTTPFields.Line] = []
    /// Bytes looked at so far, counted from the start of the message or trailer section.
    private(set) var cursor: Int
    private var step = Step.lineStart
    private var nameStart = 0
    private var nameEnd = 0
    private var valueStart = 0
    private var valueEnd = 0

    init(from cursor: Int) { self.cursor = cursor }

    /// Reads on in `bytes`, which hold the message from its start. True once the section is
    /// complete; `cursor` is then one past it.
    mutating func scan(
        _ bytes: Span<UInt8>, limits: HTTPLimits
    ) throws(HTTPParseError) -> Bool {
        let end = min(bytes.count, limits.headBytesMax)
        while cursor < end {
            switch step {
            case .lineStart:
                try startLine(bytes[cursor], limits)
            case .name:
                try scanName(bytes, end)
            case .blanks:
                while cursor < end, bytes[cursor].isBlank { cursor += 1 }
                guard cursor < end else { break }
                valueStart = cursor
                step = .value
            case .value:
                try scanValue(bytes, end)
            case .lineEnd:
                try expectLineFeed(bytes[cursor])
                appendLine()
                step = .lineStart
            case .sectionEnd:
                try expectLineFeed(bytes[cursor])
                return true
            }
        }
        guard bytes.count < limits.headBytesMax else { throw .headTooLarge }
        return false
    }

    /// The same for a message at the start of the buffer.
    mutating func scan(
        _ buffer: ReceiveBuffer, limits: HTTPLimits
    ) throws(HTTPParseError) -> Bool {
        try scan(buffer.bytes.span.extracting(buffer.unread), limits: limits)
    }

    private mutating func startLine(
        _ byte: UInt8, _ limits: HTTPLimits
    ) throws(HTTPParseError) {
        if byte == ASCII.carriageReturn {
            step = .sectionEnd
            cursor += 1
            return
        }
        // RFC 9112 §5.2: a server must refuse folding or replace it; we refuse. The same rule
        // covers blanks between the start line and the first field (§2.2).
        guard !byte.isBlank else { throw .obsoleteFolding }
        guard lines.count < limits.fieldCountMax else { throw .tooManyFields }
        nameStart = cursor
        step = .name
    }

    private mutating func scanName(_ bytes: Span<UInt8>, _ end: Int) throws(HTTPParseError) {
        var position = cursor
        while position < end, ASCIISet.token.contains(bytes[position]) { position += 1 }
        cursor = position
        guard position < end else { return }
        guard bytes[position] == ASCII.colon, position > nameStart else {
            throw FieldScanner.refusal(ofNameByte: bytes[position])
        }
        nameEnd = position
        cursor += 1
        step = .blanks
    }

    private static func refusal(ofNameByte byte: UInt8) -> HTTPParseError {
        switch byte {
        case ASCII.space, ASCII.tab: .spaceBeforeColon
        case ASCII.lineFeed: .bareLineFeed
        case ASCII.carriageReturn: .invalidFieldName
        default: byte < 0x20 || byte == 0x7F ? .controlCharacter : .invalidFieldName
        }
    }

    private mutating func scanValue(_ bytes: Span<UInt8>, _ end: Int) throws(HTTPParseError) {
        var position = cursor
        while position < end {
            if position + 8 <= end {
                let eight = EightBytes(bytes, at: position)
                let plain = EightBytes.count(before: eight.below(0x20) | eight.equal(to: 0x7F))
                position += plain
                if plain == 8 { continue }
            }
            guard bytes[position].isFieldContent else { break }
            position += 1
        }
        cursor = position
        guard position < end else { return }
        switch bytes[position] {
        case ASCII.carriageReturn: break
        case ASCII.lineFeed: throw .bareLineFeed
        default: throw .controlCharacter
        }
        while position > valueStart, bytes[position - 1].isBlank { position -= 1 }
        valueEnd = position
        cursor += 1
        step = .lineEnd
    }

    private mutating func expectLineFeed(_ byte: UInt8) throws(HTTPParseError) {
        guard byte == ASCII.lineFeed else { throw .bareCarriageReturn }
        cursor += 1
    }

    private mutating func appendLine() {
        if lines.isEmpty { lines.reserveCapacity(12) }
        lines.append(
            HTTPFields.Line(
                nameStart: UInt16(nameStart), nameEnd: UInt16(nameEnd),
                valueStart: UInt16(valueStart), valueEnd: UInt16(valueEnd)))
    }
}
