/// Why percent-encoded text could not be decoded.
package enum PercentCodingError: Error, Hashable, Sendable {
    /// A `%` without two hexadecimal digits after it.
    case badEscape
    case invalidUTF8
    /// `%00`: no name or id holds a NUL, and C libraries end a text at it.
    case nul
}

/// What a plus sign stands for: itself in a path, a space in a query (as HTML forms send it).
package enum PlusSign: Sendable {
    case plus
    case space
}

/// Decodes percent-encoded UTF-8 (RFC 3986 §2.1), strictly.
func percentDecoded(
    _ text: ArraySlice<UInt8>, _ plus: PlusSign
) throws(PercentCodingError) -> String {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.count)
    var index = text.startIndex
    while index < text.endIndex {
        switch (text[index], plus) {
        case (ASCII.percent, _):
            guard index + 2 < text.endIndex, let high = text[index + 1].hexadecimalValue,
                let low = text[index + 2].hexadecimalValue
            else { throw .badEscape }
            guard high | low != 0 else { throw .nul }
            bytes.append(high << 4 | low)
            index += 3
        case (UInt8(ascii: "+"), .space):
            bytes.append(ASCII.space)
            index += 1
        case (let byte, _):
            bytes.append(byte)
            index += 1
        }
    }
    guard let decoded = String(validating: bytes, as: UTF8.self) else { throw .invalidUTF8 }
    return decoded
}

/// The text as one path segment or query value: everything but RFC 3986's unreserved characters
/// is escaped.
package func percentEncoded(_ text: String) -> String {
    let digits: StaticString = "0123456789ABCDEF"
    var bytes: [UInt8] = []
    for byte in text.utf8 {
        if ASCIISet.unreserved.contains(byte) {
            bytes.append(byte)
        } else {
            bytes.append(ASCII.percent)
            bytes.append(digits.utf8Start[Int(byte >> 4)])
            bytes.append(digits.utf8Start[Int(byte & 15)])
        }
    }
    return String(decoding: bytes, as: UTF8.self)
}
