/// The Castagnoli checksum that guards log records, frames and snapshot chunks: reflected
/// polynomial 0x82F63B78, initial value and final xor all ones (RFC 3720 §12.1, appendix B.4).
/// It finds accidents, not forgeries.
package struct CRC32C: Sendable {
    /// The register, kept inverted as the algorithm wants it between updates.
    private var register: UInt32

    /// Continues from `seed`, the checksum of the bytes that came before: seeding with the
    /// checksum of A and updating with B gives the checksum of A followed by B.
    package init(seed: UInt32 = 0) { register = ~seed }

    /// The checksum of everything so far.
    package var value: UInt32 { ~register }

    /// Takes the next bytes into the checksum.
    package mutating func update(_ bytes: UnsafeRawBufferPointer) {
        register = Self.tables.withUnsafeBufferPointer { tables in
            Self.fold(bytes, into: register, tables: tables)
        }
    }

    package mutating func update(_ bytes: [UInt8]) { bytes.withUnsafeBytes { update($0) } }

    package mutating func update(_ bytes: ArraySlice<UInt8>) {
        bytes.withUnsafeBytes { update($0) }
    }

    /// The checksum of these bytes alone.
    package static func checksum(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
        var crc = CRC32C()
        crc.update(bytes)
        return crc.value
    }

    package static func checksum(_ bytes: [UInt8]) -> UInt32 {
        bytes.withUnsafeBytes { checksum($0) }
    }

    package static func checksum(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        bytes.withUnsafeBytes { checksum($0) }
    }

    /// Eight bytes a step: each byte's table already holds what the bytes after it would do to it
    /// (Kounavis and Berry, "Novel table lookup-based algorithms for high-performance CRC
    /// generation", 2008).
    private static func fold(
        _ bytes: UnsafeRawBufferPointer, into start: UInt32,
        tables: UnsafeBufferPointer<UInt32>
    ) -> UInt32 {
        var register = start
        var offset = 0
        while bytes.count - offset >= 8 {
            let loaded = bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            let word = UInt64(littleEndian: loaded) ^ UInt64(register)
            let low =
                tables[7 << 8 | Int(word & 0xFF)] ^ tables[6 << 8 | Int(word >> 8 & 0xFF)]
                ^ tables[5 << 8 | Int(word >> 16 & 0xFF)] ^ tables[4 << 8 | Int(word >> 24 & 0xFF)]
            let high =
                tables[3 << 8 | Int(word >> 32 & 0xFF)] ^ tables[2 << 8 | Int(word >> 40 & 0xFF)]
                ^ tables[1 << 8 | Int(word >> 48 & 0xFF)] ^ tables[Int(word >> 56)]
            register = low ^ high
            offset += 8
        }
        while offset < bytes.count {
            register =
                register >> 8 ^ tables[Int(UInt8(truncatingIfNeeded: register) ^ bytes[offset])]
            offset += 1
        }
        return register
    }

    /// Eight tables of 256 in a row; table k is the effect of a byte followed by k zero bytes.
    private static let tables: [UInt32] = {
        var tables: [UInt32] = []
        tables.reserveCapacity(8 * 256)
        for byte in 0..<UInt32(256) {
            var remainder = byte
            for _ in 0..<8 {
                remainder = remainder >> 1 ^ (remainder & 1 == 1 ? 0x82F6_3B78 : 0)
            }
            tables.append(remainder)
        }
        for index in 256..<(8 * 256) {
            let before = tables[index - 256]
            tables.append(before >> 8 ^ tables[Int(before & 0xFF)])
        }
        return tables
    }()
}
