/// The bytes that HTTP and JSON give a meaning to, and the classes that their grammars name.
enum ASCII {
    @inline(__always) static var tab: UInt8 { 0x09 }
    @inline(__always) static var lineFeed: UInt8 { 0x0A }
    @inline(__always) static var carriageReturn: UInt8 { 0x0D }
    @inline(__always) static var space: UInt8 { 0x20 }
    @inline(__always) static var quote: UInt8 { 0x22 }
    @inline(__always) static var percent: UInt8 { 0x25 }
    @inline(__always) static var comma: UInt8 { 0x2C }
    @inline(__always) static var slash: UInt8 { 0x2F }
    @inline(__always) static var colon: UInt8 { 0x3A }
    @inline(__always) static var semicolon: UInt8 { 0x3B }
    @inline(__always) static var equals: UInt8 { 0x3D }
    @inline(__always) static var question: UInt8 { 0x3F }
    @inline(__always) static var backslash: UInt8 { 0x5C }
}

extension UInt8 {
    /// `field-vchar`, SP or HTAB (RFC 9110 §5.5): what may stand inside a field's value.
    @inline(__always) var isFieldContent: Bool {
        (self >= 0x20 && self != 0x7F) || self == ASCII.tab
    }

    /// Optional whitespace, RFC 9110 §5.6.3.
    @inline(__always) var isBlank: Bool { self == ASCII.space || self == ASCII.tab }

    @inline(__always) var isDigit: Bool { self &- 0x30 < 10 }

    /// The value of a hexadecimal digit, or nil.
    @inline(__always) var hexadecimalValue: UInt8? {
        if isDigit { return self &- 0x30 }
        let letter = (self | 0x20) &- 0x61
        return letter < 6 ? letter &+ 10 : nil
    }

    /// An ASCII letter in lower case; any other byte as it is.
    @inline(__always) var lowercased: UInt8 {
        self &- 0x41 < 26 ? self | 0x20 : self
    }
}

/// Whether the bytes are the text, ASCII letters compared without case. `lowercase` must be so.
func equalsIgnoringCase(_ bytes: some Collection<UInt8>, _ lowercase: StaticString) -> Bool {
    guard bytes.count == lowercase.utf8CodeUnitCount else { return false }
    var expected = lowercase.utf8Start
    for byte in bytes {
        guard byte.lowercased == expected.pointee else { return false }
        expected += 1
    }
    return true
}

/// The bytes without blanks at either end.
func trimmingBlanks(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var slice = bytes
    while slice.first?.isBlank == true { slice.removeFirst() }
    while slice.last?.isBlank == true { slice.removeLast() }
    return slice
}
