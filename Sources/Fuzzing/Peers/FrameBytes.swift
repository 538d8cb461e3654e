import Primitives
import Wire

/// Frames byte by byte, by their description and not by the codec that is under test.
enum FrameBytes {
    /// The body of a forward's chunk that is not the last one.
    static let fullChunkBytes = 13 + 64 * 1_024

    /// A frame of any kind around any body. `clock` chooses the sender's clock: a power of two
    /// by its low bits; from 192 on the flags are not those of this version.
    static func sealed(
        kind: UInt8, clock: UInt8, _ body: [UInt8], _ seed: FrameSeed
    ) -> [UInt8] {
        var writer = ByteWriter(capacity: 24 + body.count)
        writer.u16(0x6648)
        writer.u8(1)
        writer.u8(kind)
        writer.u32(UInt32(body.count))
        writer.i64(Int64(bitPattern: 1 << UInt64(clock & 63)))
        writer.u32(clock >= 192 ? 2 : 0)
        var crc = CRC32C(seed: seed.checksum)
        crc.update(writer.bytes)
        crc.update(body)
        writer.u32(crc.value)
        writer.raw(body)
        return writer.bytes
    }

    /// The frame that the bytes begin with, by its own statement of its length.
    static func first(in bytes: ArraySlice<UInt8>) -> [UInt8] {
        var length = ByteReader(Array(bytes.dropFirst(4).prefix(4)))
        let bodyBytes = (try? length.u32()).map { Int($0) } ?? 0
        return Array(bytes.prefix(24 + bodyBytes))
    }
}
