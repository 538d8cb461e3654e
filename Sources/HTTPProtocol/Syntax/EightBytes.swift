import Primitives

/// Eight bytes in one word, searched with a few operations: texts are long runs of bytes that need
/// no attention, and a loop over single bytes takes twice the instructions (callgrind, hold body).
///
/// Each mask has the high bit of every byte that was sought. Bytes above the first one found may
/// be marked wrongly (borrows run upward), so only the first is to be believed.
struct EightBytes {
    private let word: UInt64

    /// The eight bytes from `offset` on, which must be there.
    @inline(__always) init(_ bytes: Span<UInt8>, at offset: Int) {
        invariant(offset >= 0 && offset + 8 <= bytes.count, "EightBytes: \(offset)")
        word = UInt64(
            littleEndian: bytes.bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }

    @inline(__always) private static func everywhere(_ byte: UInt8) -> UInt64 {
        UInt64(byte) &* 0x0101_0101_0101_0101
    }

    @inline(__always) private static var highBits: UInt64 { everywhere(0x80) }

    /// Bytes equal to this one.
    @inline(__always) func equal(to byte: UInt8) -> UInt64 {
        let difference = word ^ EightBytes.everywhere(byte)
        return (difference &- EightBytes.everywhere(1)) & ~difference & EightBytes.highBits
    }

    /// Bytes below this one, which is at most 0x80.
    @inline(__always) func below(_ byte: UInt8) -> UInt64 {
        (word &- EightBytes.everywhere(byte)) & ~word & EightBytes.highBits
    }

    /// Bytes from 0x80 on.
    @inline(__always) var notASCII: UInt64 { word & EightBytes.highBits }

    /// How many bytes stand before the first one in the mask: 8 when it is empty.
    @inline(__always) static func count(before mask: UInt64) -> Int {
        mask.trailingZeroBitCount >> 3
    }
}
