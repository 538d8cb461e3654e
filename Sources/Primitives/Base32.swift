/// Crockford's Base32 in lower case: digits and letters without i, l, o and u
/// (crockford.com/base32.html). Ids are shown in it. Decoding is strict, so that one value has one
/// text: no capitals, no look-alikes, no hyphens, no padding.
@usableFromInline package enum Base32 {
    /// Characters of a 128-bit value.
    @inlinable package static var uint128Length: Int { 26 }

    /// The value as a 26-digit number, so texts sort as values do; the first digit is at most 7.
    @inlinable package static func encode(_ value: UInt128) -> String {
        String(unsafeUninitializedCapacity: uint128Length) { buffer in
            for index in 0..<uint128Length { buffer[index] = digit(value, index) }
            return uint128Length
        }
    }

    /// Appends the 26 characters of `encode(_:)`, without a string in between.
    @inlinable package static func append(_ value: UInt128, to text: inout [UInt8]) {
        for index in 0..<uint128Length { text.append(digit(value, index)) }
    }

    /// The value that `encode(_:)` writes so; nil for any other text.
    @inlinable package static func decodeUInt128(_ text: some Collection<UInt8>) -> UInt128? {
        guard text.count == uint128Length else { return nil }
        var value: UInt128 = 0
        for character in text {
            guard let digit = fiveBits(of: character), value >> 123 == 0 else { return nil }
            value = value << 5 | UInt128(digit)
        }
        return value
    }

    /// The bytes as one string of bits, five to a character from the highest; the last character
    /// is filled up with zeros.
    package static func encode(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count * 8 + 4) / 5)
        var bits: UInt16 = 0
        var bitCount: UInt16 = 0
        for byte in bytes {
            bits = bits << 8 | UInt16(byte)
            bitCount += 8
            while bitCount >= 5 {
                bitCount -= 5
                text.append(character(of: UInt8(truncatingIfNeeded: bits >> bitCount) & 31))
            }
        }
        if bitCount > 0 {
            text.append(character(of: UInt8(truncatingIfNeeded: bits << (5 - bitCount)) & 31))
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The bytes that `encode(_:)` writes so; nil for any other text.
    package static func decode(_ text: some Collection<UInt8>) -> [UInt8]? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count * 5 / 8)
        var bits: UInt16 = 0
        var bitCount: UInt16 = 0
        for character in text {
            guard let digit = fiveBits(of: character) else { return nil }
            bits = bits << 5 | UInt16(digit)
            bitCount += 5
            if bitCount >= 8 {
                bitCount -= 8
                bytes.append(UInt8(truncatingIfNeeded: bits >> bitCount))
            }
        }
        // Five bits or more to spare are a character too many; fewer are the filling, zeros.
        guard bitCount < 5, bits & (1 << bitCount - 1) == 0 else { return nil }
        return bytes
    }

    /// The character at `index` of a value's 26.
    @inlinable static func digit(_ value: UInt128, _ index: Int) -> UInt8 {
        let shift = 5 * (uint128Length - 1 - index)
        return character(of: UInt8(truncatingIfNeeded: value >> UInt128(shift)) & 31)
    }

    /// The character for five bits.
    @inlinable static func character(of value: UInt8) -> UInt8 {
        switch value {
        case 0..<10: UInt8(ascii: "0") + value
        case 10..<18: UInt8(ascii: "a") + value - 10
        case 18..<20: UInt8(ascii: "j") + value - 18
        case 20..<22: UInt8(ascii: "m") + value - 20
        case 22..<27: UInt8(ascii: "p") + value - 22
        default: UInt8(ascii: "v") + value - 27
        }
    }

    /// The five bits of a character; nil when it is not one of the 32.
    @inlinable static func fiveBits(of character: UInt8) -> UInt8? {
        switch character {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): character - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "h"): character - UInt8(ascii: "a") + 10
        case UInt8(ascii: "j")...UInt8(ascii: "k"): character - UInt8(ascii: "j") + 18
        case UInt8(ascii: "m")...UInt8(ascii: "n"): character - UInt8(ascii: "m") + 20
        case UInt8(ascii: "p")...UInt8(ascii: "t"): character - UInt8(ascii: "p") + 22
        case UInt8(ascii: "v")...UInt8(ascii: "z"): character - UInt8(ascii: "v") + 27
        default: nil
        }
    }
}
