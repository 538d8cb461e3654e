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

/// A set of ASCII bytes as two words, so that a test is a shift and needs no table in memory.
struct ASCIISet {
    private let low: UInt64
    private let high: UInt64

    @inline(__always) private init(low: UInt64, high: UInt64) {
        self.low = low
        self.high = high
    }

    @inline(__always) func contains(_ byte: UInt8) -> Bool {
        // Without branches: which word it is changes from byte to byte, past all prediction.
        let isHigh = UInt64((byte >> 6) & 1)
        let word = low ^ ((low ^ high) & (0 &- isHigh))
        return (word >> UInt64(byte & 63)) & UInt64(~byte >> 7) == 1
    }

    /// `tchar`, RFC 9110 §5.6.2: letters, digits and ``!#$%&'*+-.^_`|~``.
    @inline(__always) static var token: ASCIISet {
        ASCIISet(low: 0x03FF_6CFA_0000_0000, high: 0x57FF_FFFF_C7FF_FFFE)
    }

    /// What may stand in a request target: RFC 3986's unreserved, sub-delims, `:@/?%[]`.
    @inline(__always) static var target: ASCIISet {
        ASCIISet(low: 0xAFFF_FFF2_0000_0000, high: 0x47FF_FFFE_AFFF_FFFF)
    }

    /// RFC 3986 §2.3: what never needs escaping.
    @inline(__always) static var unreserved: ASCIISet {
        ASCIISet(low: 0x03FF_6000_0000_0000, high: 0x47FF_FFFE_87FF_FFFE)
    }

    /// What may stand in `uri-host [":" port]`, RFC 3986 §3.2.2, user information left out.
    @inline(__always) static var host: ASCIISet {
        ASCIISet(low: 0x2FFF_7FF2_0000_0000, high: 0x47FF_FFFE_AFFF_FFFE)
    }
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
