import Primitives

extension JSONReader {
    /// Reads a string.
    package mutating func string() throws(JSONError) -> String {
        guard try startValue() == ASCII.quote else { throw mismatch(.string) }
        let (range, content) = try scanString()
        switch content {
        case .ascii:
            return bytes.withUnsafeBufferPointer { bytes in
                String(decoding: UnsafeBufferPointer(rebasing: bytes[range]), as: UTF8.self)
            }
        case .utf8:
            guard let text = String(validating: bytes[range], as: UTF8.self) else {
                throw malformed(.invalidUTF8, at: range.lowerBound - 1)
            }
            return text
        case .escaped:
            return String(decoding: try unescaped(range), as: UTF8.self)
        }
    }

    mutating func scanKey() throws(JSONError) -> JSONKey {
        let (range, content) = try scanString()
        switch content {
        case .ascii:
            return JSONKey(bytes, range)
        case .utf8:
            try validate(bytes[range], from: range.lowerBound)
            return JSONKey(bytes, range)
        case .escaped:
            let key = try unescaped(range)
            return JSONKey(key, 0..<key.count)
        }
    }

    mutating func skipString() throws(JSONError) {
        let (range, content) = try scanString()
        switch content {
        case .ascii: break
        case .utf8: try validate(bytes[range], from: range.lowerBound)
        case .escaped: _ = try unescaped(range)
        }
    }

    /// What a string's bytes need before they are text.
    private enum Content {
        case ascii
        case utf8
        case escaped
    }

    /// Moves past the string that begins here; the range between its quotes.
    private mutating func scanString() throws(JSONError) -> (Range<Int>, Content) {
        let start = position + 1
        let (end, content) = try endOfString(from: start)
        position = end + 1
        return (start..<end, content)
    }

    /// Where the closing quote is. A control character right after a backslash passes: it is an
    /// escape that `unescaped` refuses.
    private func endOfString(from start: Int) throws(JSONError) -> (end: Int, Content) {
        let span = bytes.span
        var index = start
        var hasEscape = false
        var union: UInt8 = 0
        while index < span.count {
            if index + 8 <= span.count {
                let eight = EightBytes(span, at: index)
                let plain = EightBytes.count(
                    before: eight.equal(to: ASCII.quote) | eight.equal(to: ASCII.backslash)
                        | eight.below(0x20) | eight.notASCII)
                index += plain
                if plain == 8 { continue }
            }
            let byte = span[index]
            if byte == ASCII.quote {
                return (index, hasEscape ? .escaped : union < 0x80 ? .ascii : .utf8)
            }
            guard byte >= 0x20 else { throw malformed(.controlCharacter, at: index) }
            if byte == ASCII.backslash {
                hasEscape = true
                index += 1
            }
            union |= byte
            index += 1
        }
        throw malformed(.unexpectedEnd, at: span.count)
    }

    /// The UTF-8 bytes that the escapes in the range stand for.
    private func unescaped(_ range: Range<Int>) throws(JSONError) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(range.count)
        var index = range.lowerBound
        while index < range.upperBound {
            guard bytes[index] == ASCII.backslash else {
                text.append(bytes[index])
                index += 1
                continue
            }
            // A backslash is never the last byte: the quote after it would be part of the escape.
            switch bytes[index + 1] {
            case ASCII.quote, ASCII.backslash, ASCII.slash: text.append(bytes[index + 1])
            case UInt8(ascii: "b"): text.append(0x08)
            case UInt8(ascii: "f"): text.append(0x0C)
            case UInt8(ascii: "n"): text.append(ASCII.lineFeed)
            case UInt8(ascii: "r"): text.append(ASCII.carriageReturn)
            case UInt8(ascii: "t"): text.append(ASCII.tab)
            case UInt8(ascii: "u"):
                let (scalar, length) = try unicodeEscape(at: index, before: range.upperBound)
                text.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
                index += length - 2
            default: throw malformed(.invalidEscape, at: index)
            }
            index += 2
        }
        try validate(text[...], from: range.lowerBound)
        return text
    }

    /// The scalar of `\uXXXX`, or of two that make a pair, and the escape's length.
    private func unicodeEscape(
        at index: Int, before end: Int
    ) throws(JSONError) -> (Unicode.Scalar, length: Int) {
        let first = try codeUnit(at: index, before: end)
        guard first != 0 else { throw malformed(.nul, at: index) }
        if let scalar = Unicode.Scalar(first) { return (scalar, 6) }
        guard UTF16.isLeadSurrogate(first), index + 7 < end,
            bytes[index + 6] == ASCII.backslash, bytes[index + 7] == UInt8(ascii: "u")
        else { throw malformed(.loneSurrogate, at: index) }
        let second = try codeUnit(at: index + 6, before: end)
        guard UTF16.isTrailSurrogate(second) else { throw malformed(.loneSurrogate, at: index) }
        let offset = UInt32(first & 0x3FF) << 10 | UInt32(second & 0x3FF)
        guard let scalar = Unicode.Scalar(0x1_0000 + offset) else {
            invariantFailure("JSONReader: a surrogate pair makes \(offset)")
        }
        return (scalar, 12)
    }

    private func codeUnit(at index: Int, before end: Int) throws(JSONError) -> UInt16 {
        guard index + 6 <= end else { throw malformed(.invalidEscape, at: index) }
        var unit: UInt16 = 0
        for byte in bytes[(index + 2)..<(index + 6)] {
            guard let digit = byte.hexadecimalValue else {
                throw malformed(.invalidEscape, at: index)
            }
            unit = unit << 4 | UInt16(digit)
        }
        return unit
    }

    private func validate(
        _ text: ArraySlice<UInt8>, from offset: Int
    ) throws(JSONError) {
        guard String(validating: text, as: UTF8.self) != nil else {
            throw malformed(.invalidUTF8, at: offset - 1)
        }
    }
}
