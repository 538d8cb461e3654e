/// Base 16 in lower case (RFC 4648 §8), two characters a byte. Decoding is strict: no capitals, no
/// prefix, no spaces.
package enum Hex {
    /// Two characters for each byte, the high half first.
    package static func encode(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count * 2)
        for byte in bytes {
            text.append(character(of: byte >> 4))
            text.append(character(of: byte & 15))
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// All digits of a number, zeros in front: two for each of its bytes.
    package static func encode<Number: FixedWidthInteger & UnsignedInteger>(
        _ number: Number
    ) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: Number.bitWidth / 4 - digits.count) + digits
    }

    /// The bytes that `encode(_:)` writes so; nil for any other text.
    package static func decode(_ text: some Collection<UInt8>) -> [UInt8]? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count / 2)
        var half: UInt8?
        for character in text {
            guard let low = value(of: character) else { return nil }
            if let high = half.take() {
                bytes.append(high << 4 | low)
            } else {
                half = low
            }
        }
        return half == nil ? bytes : nil
    }

    private static func character(of value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
    }

    private static func value(of character: UInt8) -> UInt8? {
        switch character {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): character - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): character - UInt8(ascii: "a") + 10
        default: nil
        }
    }
}
