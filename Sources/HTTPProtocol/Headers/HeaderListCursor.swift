/// Reads the pieces that list-like header values are made of (RFC 9110 §5.6).
struct HeaderListCursor {
    private(set) var rest: ArraySlice<UInt8>

    init(_ value: ArraySlice<UInt8>) { rest = value }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func skipBlanks() {
        while rest.first?.isBlank == true { rest.removeFirst() }
    }

    mutating func skip(_ count: Int) { rest.removeFirst(count) }

    /// Skips the separators between list elements; empty elements are allowed (§5.6.1.2).
    mutating func skipToElement() {
        while let byte = rest.first, byte.isBlank || byte == ASCII.comma { rest.removeFirst() }
    }

    /// Skips an element that could not be read, up to its comma.
    mutating func skipElement() {
        while let byte = rest.first, byte != ASCII.comma {
            if byte == ASCII.quote, quotedString() != nil { continue }
            rest.removeFirst()
        }
    }

    mutating func accept(_ byte: UInt8) -> Bool {
        guard rest.first == byte else { return false }
        rest.removeFirst()
        return true
    }

    /// One or more token characters.
    mutating func token() -> ArraySlice<UInt8>? {
        let token = rest.prefix(while: ASCIISet.token.contains)
        rest = rest[token.endIndex...]
        return token.isEmpty ? nil : token
    }

    /// A quoted string without its quotes and escapes (§5.6.4). Nil, and nothing is read, when
    /// there is none or it has no end.
    mutating func quotedString() -> ArraySlice<UInt8>? {
        guard rest.first == ASCII.quote else { return nil }
        var text: [UInt8] = []
        var index = rest.startIndex + 1
        while index < rest.endIndex, rest[index] != ASCII.quote {
            if rest[index] == ASCII.backslash { index += 1 }
            guard index < rest.endIndex else { return nil }
            text.append(rest[index])
            index += 1
        }
        guard index < rest.endIndex else { return nil }
        rest = rest[(index + 1)...]
        return text[...]
    }

    /// `OWS ";" OWS name "=" value` (§5.6.6), several of them; nil when one is malformed.
    mutating func parameters() -> [(name: ArraySlice<UInt8>, value: ArraySlice<UInt8>)]? {
        var parameters: [(name: ArraySlice<UInt8>, value: ArraySlice<UInt8>)] = []
        skipBlanks()
        while accept(ASCII.semicolon) {
            skipBlanks()
            if let name = token() {
                guard accept(ASCII.equals), let value = token() ?? quotedString() else {
                    return nil
                }
                parameters.append((name, value))
            }
            skipBlanks()
        }
        return parameters
    }
}
