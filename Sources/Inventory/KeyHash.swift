import Primitives

/// The 128-bit names under which texts of clients are found: the first half of SHA-256 over a
/// domain label, the number of an event where the text belongs to one, and up to two texts, each
/// told from the next by its length. The 8 bytes before the texts leave room for a short user and
/// a UUID in one block of the hash.
enum KeyHash {
    /// Separates tables, so that a key for one thing never finds another.
    enum Domain: UInt8 {
        case hold = 1
        case commit = 2
        case amendment = 3
        case user = 4
        case venue = 5
        case event = 6
    }

    static func of(
        _ domain: Domain, eventNumber: UInt32 = 0, _ first: String, _ second: String = ""
    ) -> UInt128 {
        var (first, second) = (first, second)
        return first.withUTF8 { first in
            second.withUTF8 { second in
                invariant(first.count < 1 << 24, "a text of \(first.count) bytes")
                let head =
                    UInt64(domain.rawValue) << 56 | UInt64(eventNumber) << 24 | UInt64(first.count)
                let count = 8 + first.count + second.count
                return withUnsafeTemporaryAllocation(byteCount: count, alignment: 8) { bytes in
                    bytes.storeBytes(of: head.bigEndian, as: UInt64.self)
                    UnsafeMutableRawBufferPointer(rebasing: bytes[8...]).copyBytes(from: first)
                    UnsafeMutableRawBufferPointer(rebasing: bytes[(8 + first.count)...])
                        .copyBytes(from: second)
                    var hash = SHA256()
                    hash.update(UnsafeRawBufferPointer(bytes))
                    return hash.finish().high
                }
            }
        }
    }

    /// What makes two amendments equal.
    static func ofBody(_ amendment: AmendHold) -> UInt128 {
        var writer = ByteWriter(capacity: 64)
        writer.u8(amendment.extendSeconds == nil ? 0 : 1)
        writer.u32(amendment.extendSeconds ?? 0)
        for seat in amendment.releaseSeats { writer.u32(seat.rawValue) }
        return SHA256.first128(writer.bytes)
    }
}
