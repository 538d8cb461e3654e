import Primitives

/// The 128-bit names under which texts of clients are found: the first half of SHA-256 over a
/// domain label, a scope and up to two texts, each told from the next by its length.
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
        _ domain: Domain, scope: UInt128 = 0, _ first: String, _ second: String = ""
    ) -> UInt128 {
        var (first, second) = (first, second)
        return first.withUTF8 { first in
            second.withUTF8 { second in
                let count = 21 + first.count + second.count
                return withUnsafeTemporaryAllocation(byteCount: count, alignment: 1) { bytes in
                    bytes.storeBytes(of: domain.rawValue, as: UInt8.self)
                    bytes.storeBytes(of: scope.bigEndian, toByteOffset: 1, as: UInt128.self)
                    bytes.storeBytes(
                        of: UInt32(first.count).bigEndian, toByteOffset: 17, as: UInt32.self)
                    let tail = UnsafeMutableRawBufferPointer(rebasing: bytes[21...])
                    tail.copyBytes(from: first)
                    UnsafeMutableRawBufferPointer(rebasing: tail[first.count...])
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
