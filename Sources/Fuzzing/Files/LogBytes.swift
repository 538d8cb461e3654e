import Primitives
import Raft
import Wire

/// Segments of a log byte by byte, by their description and not by the codec that is under test.
enum LogBytes {
    static let headerBytes = 512

    /// What a segment's first sector says.
    struct Header {
        var number: UInt64
        var base: LogPosition
        var hardState: HardState
        var previousEnd: UInt64
        var previousChecksum: UInt32

        /// The sector; the checksum at its end is where the chain of records starts.
        func bytes(of identity: NodeIdentity) -> [UInt8] {
            var writer = ByteWriter(capacity: headerBytes)
            writer.u64(0x6c61_7764_6c6f_6866)
            writer.u32(1)
            writer.u128(identity.cluster.rawValue)
            writer.u8(identity.group.rawValue)
            writer.u16(identity.node.rawValue)
            writer.u64(identity.incarnation.rawValue)
            writer.u64(number)
            writer.u64(base.term.rawValue)
            writer.u64(base.index.rawValue)
            writer.u64(hardState.term.rawValue)
            writer.u16(hardState.vote?.rawValue ?? 0)
            writer.u64(previousEnd)
            writer.u32(previousChecksum)
            writer.raw([UInt8](repeating: 0, count: headerBytes - 4 - writer.count))
            writer.u32(CRC32C.checksum(writer.bytes))
            return writer.bytes
        }
    }

    /// A record's head and body with a sound checksum, as long as a multiple of 8.
    static func record(
        kind: UInt8, body: [UInt8], segment: UInt64, synced: Int, previous: UInt32
    ) -> [UInt8] {
        var writer = ByteWriter(capacity: 32 + body.count)
        writer.u32(UInt32(body.count))
        writer.u8(kind)
        writer.u8(0)
        writer.u16(UInt16(truncatingIfNeeded: segment))
        writer.u32(UInt32(truncatingIfNeeded: synced))
        writer.u32(previous)
        writer.raw(body)
        while (writer.count + 4) % 8 != 0 { writer.u8(0) }
        var whole = ByteWriter(capacity: writer.count + 4)
        whole.u32(checksum(writer.bytes[...], segment: segment))
        whole.raw(writer.bytes)
        return whole.bytes
    }

    /// What a segment's unbroken chain of records holds.
    struct Chain {
        /// The bodies of entries, in order.
        var entries: [[UInt8]] = []
        var end = headerBytes
    }

    static func chain(in segment: [UInt8], number: UInt64) -> Chain {
        var chain = Chain()
        guard segment.count >= headerBytes else { return chain }
        var previous = number32(in: segment, at: headerBytes - 4)
        while let end = endOfRecord(in: segment, at: chain.end, number: number),
            number32(in: segment, at: chain.end + 16) == previous
        {
            if segment[chain.end + 8] == 1 {
                let bodyBytes = Int(number32(in: segment, at: chain.end + 4))
                chain.entries.append(Array(segment[(chain.end + 20)...].prefix(bodyBytes)))
            }
            previous = number32(in: segment, at: chain.end)
            chain.end = end
        }
        return chain
    }

    /// Whether a sound record behind `end` states that the segment was synced beyond it.
    static func states(
        _ segment: [UInt8], syncedBeyond end: Int, number: UInt64
    ) -> Bool {
        stride(from: end + 8, to: segment.count, by: 8).contains { offset in
            endOfRecord(in: segment, at: offset, number: number) != nil
                && (1...4).contains(segment[offset + 8]) && segment[offset + 9] == 0
                && number32(in: segment, at: offset + 12) > end
        }
    }

    /// Nil when no record of this segment with a sound checksum is there.
    private static func endOfRecord(in segment: [UInt8], at offset: Int, number: UInt64) -> Int? {
        guard offset + 20 <= segment.count else { return nil }
        let end = (offset + 20 + Int(number32(in: segment, at: offset + 4)) + 7) & ~7
        guard end <= segment.count,
            number32(in: segment, at: offset)
                == checksum(segment[(offset + 4)..<end], segment: number)
        else { return nil }
        return end
    }

    static func body(of entry: Entry) -> [UInt8] {
        var writer = ByteWriter(capacity: 17 + entry.data.count)
        writer.u64(entry.index.rawValue)
        writer.u64(entry.term.rawValue)
        writer.u8(entry.kind.rawValue)
        writer.raw(entry.data)
        return writer.bytes
    }

    static func body(of state: HardState) -> [UInt8] {
        var writer = ByteWriter(capacity: 10)
        writer.u64(state.term.rawValue)
        writer.u16(state.vote?.rawValue ?? 0)
        return writer.bytes
    }

    static func body(ofTruncationFrom index: LogIndex) -> [UInt8] {
        var writer = ByteWriter(capacity: 8)
        writer.u64(index.rawValue)
        return writer.bytes
    }

    /// The segment's number is in the seed, so that bytes of a recycled file never pass.
    private static func checksum(_ bytes: ArraySlice<UInt8>, segment: UInt64) -> UInt32 {
        var seed = ByteWriter(capacity: 8)
        seed.u64(segment)
        var crc = CRC32C(seed: CRC32C.checksum(seed.bytes))
        crc.update(bytes)
        return crc.value
    }

    static func number32(in bytes: [UInt8], at offset: Int) -> UInt32 {
        var reader = ByteReader(bytes, range: offset..<offset + 4)
        return (try? reader.u32()) ?? 0
    }
}
