/// An entity tag (RFC 9110 §8.8.3).
package struct EntityTag: Hashable, Sendable {
    /// Whether equal tags promise equal bytes.
    package enum Strength: Hashable, Sendable {
        case strong
        case weak
    }

    /// The text between the quotes.
    package let opaque: String
    package let strength: Strength

    /// Nil when the text has a character that no tag may have: blanks, quotes, controls.
    package init?(_ opaque: String, _ strength: Strength = .strong) {
        guard opaque.utf8.allSatisfy(EntityTag.isAllowed) else { return nil }
        self.opaque = opaque
        self.strength = strength
    }

    /// For an `ETag` header.
    package var headerValue: HTTPHeaderValue {
        switch strength {
        case .strong: HTTPHeaderValue(validated: "\"\(opaque)\"")
        case .weak: HTTPHeaderValue(validated: "W/\"\(opaque)\"")
        }
    }

    /// Whether an `If-None-Match` names this tag by weak comparison, or is `*`: then the client
    /// has the representation already. Reading stops at what is not a tag.
    package func isNamed(ifNoneMatch values: [ArraySlice<UInt8>]) -> Bool {
        values.contains { value in
            var cursor = HeaderListCursor(value)
            cursor.skipToElement()
            if cursor.accept(UInt8(ascii: "*")) { return cursor.isAtEnd }
            while let candidate = cursor.entityTagText() {
                if candidate.elementsEqual(opaque.utf8) { return true }
                cursor.skipToElement()
            }
            return false
        }
    }

    fileprivate static func isAllowed(_ byte: UInt8) -> Bool {
        byte > 0x20 && byte != ASCII.quote && byte != 0x7F
    }
}

extension HeaderListCursor {
    /// `[W/] DQUOTE *etagc DQUOTE`: the text between the quotes. There are no escapes in it, hence
    /// it is not a quoted string.
    fileprivate mutating func entityTagText() -> ArraySlice<UInt8>? {
        if accept(UInt8(ascii: "W")) {
            guard accept(ASCII.slash) else { return nil }
        }
        guard accept(ASCII.quote) else { return nil }
        let text = rest.prefix(while: EntityTag.isAllowed)
        skip(text.count)
        return accept(ASCII.quote) ? text : nil
    }
}
