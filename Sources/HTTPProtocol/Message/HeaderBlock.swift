import Primitives

/// A header's value that is known to hold no line break, NUL or other control character: the only
/// way into a message that is sent, so a client's text can't add headers of its own.
package struct HTTPHeaderValue: Hashable, Sendable {
    let text: String

    /// Nil when the text holds a control character other than a tab.
    package init?(_ text: String) {
        guard text.utf8.allSatisfy(\.isFieldContent) else { return nil }
        self.text = text
    }

    /// For text that a grammar within this module has already checked.
    init(validated text: String) { self.text = text }

    /// A number in decimal digits.
    package init(_ number: some BinaryInteger) { text = String(number) }
}

extension HTTPHeaderValue: ExpressibleByStringLiteral {
    /// A literal is part of the program: one with a control character is a defect.
    package init(stringLiteral text: String) {
        invariant(
            text.utf8.allSatisfy(\.isFieldContent),
            "HTTPHeaderValue: literal \(text.debugDescription)")
        self.text = text
    }
}

/// Header lines of a message to be sent, already in wire form.
package struct HeaderBlock: Hashable, Sendable {
    var bytes: [UInt8] = []

    package init() {}

    /// Appends a line. The name must be a token; framing headers are the writers' own business.
    package mutating func add(_ name: StaticString, _ value: HTTPHeaderValue) {
        bytes.append(name)
        bytes.append(ASCII.colon)
        bytes.append(ASCII.space)
        bytes.append(contentsOf: value.text.utf8)
        bytes.appendLineEnd()
    }
}

extension [UInt8] {
    /// Appends the string's UTF-8 bytes.
    @inline(__always) mutating func append(_ text: StaticString) {
        append(
            contentsOf: UnsafeBufferPointer(
                start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    @inline(__always) mutating func appendLineEnd() {
        append(ASCII.carriageReturn)
        append(ASCII.lineFeed)
    }

    /// Appends a number's decimal digits.
    mutating func appendDecimal(_ number: Int64) {
        if number < 0 { append(UInt8(ascii: "-")) }
        appendDecimal(number.magnitude)
    }

    /// Appends a number's decimal digits.
    mutating func appendDecimal(_ number: UInt64) {
        var length = 1
        var rest = number
        while rest >= 10 {
            length += 1
            rest /= 10
        }
        append(contentsOf: repeatElement(0x30, count: length))
        rest = number
        var index = count
        while rest > 0 {
            index -= 1
            self[index] += UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        }
    }
}
