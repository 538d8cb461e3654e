extension String: JSONEncodable {
    /// Quotes, backslashes and control characters are escaped, nothing else (RFC 8259 §7).
    package func appendJSON(to bytes: inout [UInt8]) {
        bytes.append(ASCII.quote)
        var copy = self
        copy.withUTF8 { text in
            var start = 0
            for index in text.indices where text[index].needsJSONEscape {
                bytes.append(contentsOf: UnsafeBufferPointer(rebasing: text[start..<index]))
                bytes.appendJSONEscape(text[index])
                start = index + 1
            }
            bytes.append(contentsOf: UnsafeBufferPointer(rebasing: text[start...]))
        }
        bytes.append(ASCII.quote)
    }
}

extension UInt8 {
    fileprivate var needsJSONEscape: Bool {
        self < 0x20 || self == ASCII.quote || self == ASCII.backslash
    }
}

extension [UInt8] {
    fileprivate mutating func appendJSONEscape(_ byte: UInt8) {
        append(ASCII.backslash)
        switch byte {
        case ASCII.quote, ASCII.backslash: append(byte)
        case ASCII.lineFeed: append(UInt8(ascii: "n"))
        case ASCII.carriageReturn: append(UInt8(ascii: "r"))
        case ASCII.tab: append(UInt8(ascii: "t"))
        default:
            let digits: StaticString = "0123456789abcdef"
            append("u00")
            append(digits.utf8Start[Int(byte >> 4)])
            append(digits.utf8Start[Int(byte & 15)])
        }
    }
}

extension Int64: JSONEncodable {
    package func appendJSON(to bytes: inout [UInt8]) { bytes.appendDecimal(self) }
}

extension Int: JSONEncodable {
    package func appendJSON(to bytes: inout [UInt8]) { bytes.appendDecimal(Int64(self)) }
}

extension UInt64: JSONEncodable {
    package func appendJSON(to bytes: inout [UInt8]) { bytes.appendDecimal(self) }
}

extension Bool: JSONEncodable {
    package func appendJSON(to bytes: inout [UInt8]) { bytes.append(self ? "true" : "false") }
}

/// Nil is `null`.
extension Optional: JSONEncodable where Wrapped: JSONEncodable {
    package func appendJSON(to bytes: inout [UInt8]) {
        switch self {
        case .some(let value): value.appendJSON(to: &bytes)
        case .none: bytes.append("null")
        }
    }
}

/// JSON text that was rendered earlier, written as it is. The author vouches for its form.
package struct JSONFragment: JSONEncodable, Hashable, Sendable {
    package let bytes: [UInt8]
    package init(_ bytes: [UInt8]) { self.bytes = bytes }
    package func appendJSON(to bytes: inout [UInt8]) { bytes.append(contentsOf: self.bytes) }
}

extension JSONValue: JSONEncodable {
    package func appendJSON(to bytes: inout [UInt8]) {
        switch self {
        case .object(let members):
            bytes.appendJSONObject { object in
                for member in members { object.field(key: member.key, member.value) }
            }
        case .array(let elements):
            bytes.appendJSONArray { array in
                for element in elements { array.element(element) }
            }
        case .string(let text): text.appendJSON(to: &bytes)
        case .integer(let integer): integer.appendJSON(to: &bytes)
        case .number(let text): bytes.append(contentsOf: text.utf8)
        case .boolean(let boolean): boolean.appendJSON(to: &bytes)
        case .null: bytes.append("null")
        }
    }
}
