import Primitives
import Raft
import Wire

/// What a record holds. Raw values are the encoding on disk.
enum RecordKind: UInt8 {
    case entry = 1
    case hardState = 2
    case truncation = 3
    /// Nothing: it is there to state, by its head, what was synced before it.
    case mark = 4
}

/// A sound record in a segment's bytes. On disk, little-endian, at an offset divisible by 8:
///
///     checksum u32 | body bytes u32 | kind u8 | zero u8 | segment number u16 | synced u32 |
///     previous checksum u32 | body | zeros up to a multiple of 8
///
/// The checksum covers everything after it and is seeded with the segment's number, so that bytes
/// of a recycled segment never pass. `synced` is the offset up to which this segment was durable
/// when the record's batch was formed: that is what tells damage from a torn tail.
struct LogRecord {
    static let headBytes = 20
    /// An entry's index, term and kind.
    private static let entryHeadBytes = 17

    var kind: RecordKind
    var synced: Int
    var previous: UInt32
    var checksum: UInt32
    var body: Range<Int>
    /// Where the next record would start.
    var end: Int

    /// What a record with such a body takes on disk.
    static func bytes(body: Int) -> Int { (headBytes + body + 7) & ~7 }

    static func entryBodyBytes(data: Int) -> Int { entryHeadBytes + data }

    static func entryBytes(data: Int) -> Int { bytes(body: entryBodyBytes(data: data)) }

    /// Where the checksums of a segment's records start.
    static func seed(of number: SegmentNumber) -> UInt32 {
        withUnsafeBytes(of: number.rawValue.littleEndian) { CRC32C.checksum($0) }
    }

    /// Appends a record; answers its checksum.
    static func encode(
        _ kind: RecordKind, in number: SegmentNumber, seed: UInt32, synced: Int, previous: UInt32,
        into writer: inout ByteWriter, body: (inout ByteWriter) -> Void
    ) -> UInt32 {
        let start = writer.count
        writer.u32(0)
        writer.u32(0)
        writer.u8(kind.rawValue)
        writer.u8(0)
        writer.u16(UInt16(truncatingIfNeeded: number.rawValue))
        writer.u32(UInt32(synced))
        writer.u32(previous)
        body(&writer)
        let bodyBytes = writer.count - start - headBytes
        writer.patch(u32: UInt32(bodyBytes), at: start + 4)
        while (writer.count - start) % 8 != 0 { writer.u8(0) }
        var crc = CRC32C(seed: seed)
        crc.update(writer.bytes[(start + 4)...])
        writer.patch(u32: crc.value, at: start)
        return crc.value
    }

    /// The record at `offset`; nil when no record of this segment is there.
    static func decode(
        _ bytes: [UInt8], at offset: Int, in number: SegmentNumber, seed: UInt32
    ) -> LogRecord? {
        guard let record = try? head(of: bytes, at: offset, in: number) else { return nil }
        var crc = CRC32C(seed: seed)
        crc.update(bytes[offset + 4..<record.end])
        return crc.value == record.checksum ? record : nil
    }

    /// Whether a record can start here: a quick look, which free space seldom passes. The head must
    /// lie within the bytes.
    static func mayStart(at offset: Int, of bytes: [UInt8]) -> Bool {
        bytes[offset + 9] == 0 && RecordKind(rawValue: bytes[offset + 8]) != nil
    }

    /// What looks like a record's head; the checksum is not looked at.
    private static func head(
        of bytes: [UInt8], at offset: Int, in number: SegmentNumber
    ) throws(ByteReaderError) -> LogRecord? {
        guard offset < bytes.count else { return nil }
        var reader = ByteReader(bytes, range: offset..<bytes.count)
        let checksum = try reader.u32()
        let bodyBytes = Int(try reader.u32())
        let kind = RecordKind(rawValue: try reader.u8())
        let zero = try reader.u8()
        let low = try reader.u16()
        let synced = Int(try reader.u32())
        let previous = try reader.u32()
        let body = offset + headBytes..<offset + headBytes + bodyBytes
        let end = offset + Self.bytes(body: bodyBytes)
        guard let kind, zero == 0, low == UInt16(truncatingIfNeeded: number.rawValue),
            end <= bytes.count
        else { return nil }
        return LogRecord(
            kind: kind, synced: synced, previous: previous, checksum: checksum, body: body,
            end: end)
    }
}

// Bodies. Each is read from a record whose checksum was right; nil is a fault of the program.

extension LogRecord {
    /// An entry without its data.
    struct EntryHead {
        var position: LogPosition
        var kind: EntryKind
        var data: Range<Int>
    }

    static func encodeBody(of entry: Entry, into writer: inout ByteWriter) {
        writer.u64(entry.index.rawValue)
        writer.u64(entry.term.rawValue)
        writer.u8(entry.kind.rawValue)
        writer.raw(entry.data)
    }

    static func encodeBody(of state: HardState, into writer: inout ByteWriter) {
        writer.u64(state.term.rawValue)
        writer.u16(state.vote?.rawValue ?? 0)
    }

    static func encodeBody(ofTruncationFrom index: LogIndex, into writer: inout ByteWriter) {
        writer.u64(index.rawValue)
    }

    func entryHead(in bytes: [UInt8]) -> EntryHead? {
        var reader = ByteReader(bytes, range: body)
        guard let index = try? reader.u64(), let term = try? reader.u64(),
            let rawKind = try? reader.u8(), let index = LogIndex(encoded: index),
            let term = Term(encoded: term), let kind = EntryKind(rawValue: rawKind)
        else { return nil }
        return EntryHead(
            position: LogPosition(term: term, index: index), kind: kind,
            data: reader.offset..<body.upperBound)
    }

    func hardState(in bytes: [UInt8]) -> HardState? {
        var reader = ByteReader(bytes, range: body)
        guard let term = try? reader.u64(), let term = Term(encoded: term),
            let vote = try? reader.u16()
        else { return nil }
        return HardState(term: term, vote: NodeID(encoded: vote))
    }

    func truncation(in bytes: [UInt8]) -> LogIndex? {
        var reader = ByteReader(bytes, range: body)
        return (try? reader.u64()).flatMap { LogIndex(encoded: $0) }
    }
}
