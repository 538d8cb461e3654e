import Primitives
import Raft
import Wire

/// The first sector of a segment. It is synced before the file gets its name and never written
/// again; with it, everything before this segment may be removed.
struct SegmentHeader: Hashable {
    /// One sector of its own, so that no append rewrites it.
    static let bytes = 512
    static let formatVersion: UInt32 = 1
    private static let magic: UInt64 = 0x6c61_7764_6c6f_6866
    private static let fieldsOffset = 12
    private static let checksumOffset = bytes - 4

    var identity: NodeIdentity
    var number: SegmentNumber
    /// The log's last entry before this segment.
    var base: LogPosition
    var hardState: HardState
    /// Where the segment before this one ends, and its last record's checksum: nothing of it was
    /// written later, and all of it is synced. Zero in the first segment.
    var previousEnd: Int
    var previousChecksum: UInt32

    /// The header's own checksum, where the chain of this segment's records starts.
    var checksum: UInt32 { CRC32C.checksum(encodedFields) }

    var encoded: [UInt8] {
        var writer = ByteWriter(appendingTo: encodedFields)
        writer.u32(checksum)
        return writer.bytes
    }

    private var encodedFields: [UInt8] {
        var writer = ByteWriter(capacity: Self.bytes)
        writer.u64(Self.magic)
        writer.u32(Self.formatVersion)
        writer.u128(identity.cluster.rawValue)
        writer.u8(identity.group.rawValue)
        writer.u16(identity.node.rawValue)
        writer.u64(identity.incarnation.rawValue)
        writer.u64(number.rawValue)
        writer.u64(base.term.rawValue)
        writer.u64(base.index.rawValue)
        writer.u64(hardState.term.rawValue)
        writer.u16(hardState.vote?.rawValue ?? 0)
        writer.u64(UInt64(previousEnd))
        writer.u32(previousChecksum)
        writer.raw([UInt8](repeating: 0, count: Self.checksumOffset - writer.count))
        return writer.bytes
    }

    /// The header of the segment `number`; damage, other formats and other nodes are refused.
    static func decode(
        _ bytes: [UInt8], of number: SegmentNumber, expecting identity: NodeIdentity
    ) throws(WALError) -> SegmentHeader {
        let damaged = WALError.damaged(number, offset: 0, .header)
        guard bytes.count == Self.bytes, let version = soundVersion(of: bytes) else {
            throw damaged
        }
        guard version == formatVersion else {
            throw .unsupportedFormat(number, version: version)
        }
        var reader = ByteReader(bytes, range: fieldsOffset..<checksumOffset)
        guard let header = try? fields(from: &reader), header.number == number else {
            throw damaged
        }
        let found = header.identity
        guard found.cluster == identity.cluster else { throw .wrongCluster(found.cluster) }
        guard found.group == identity.group else { throw .wrongGroup(found.group) }
        guard found.node == identity.node else { throw .wrongNode(found.node) }
        guard found.incarnation == identity.incarnation else {
            throw .wrongIncarnation(found.incarnation)
        }
        return header
    }

    /// The format's version, which has its place in every version; nil when the sector is damaged.
    private static func soundVersion(of bytes: [UInt8]) -> UInt32? {
        var head = ByteReader(bytes)
        var tail = ByteReader(bytes, range: checksumOffset..<Self.bytes)
        guard let magic = try? head.u64(), magic == Self.magic, let version = try? head.u32(),
            let checksum = try? tail.u32(),
            checksum == CRC32C.checksum(bytes[..<checksumOffset])
        else { return nil }
        return version
    }

    /// Nil when a field has a value that is never written.
    private static func fields(
        from reader: inout ByteReader
    ) throws(ByteReaderError) -> SegmentHeader? {
        let cluster = ClusterID(try reader.u128())
        let group = GroupID(try reader.u8())
        let node = NodeID(try reader.u16())
        let incarnation = Incarnation(try reader.u64())
        let number = SegmentNumber(try reader.u64())
        let baseTerm = Term(encoded: try reader.u64())
        let baseIndex = LogIndex(encoded: try reader.u64())
        let term = Term(encoded: try reader.u64())
        let vote = NodeID(encoded: try reader.u16())
        let previousEnd = Int(exactly: try reader.u64())
        let previousChecksum = try reader.u32()
        guard let baseTerm, let baseIndex, let term, let previousEnd else { return nil }
        return SegmentHeader(
            identity: NodeIdentity(
                cluster: cluster, group: group, node: node, incarnation: incarnation),
            number: number, base: LogPosition(term: baseTerm, index: baseIndex),
            hardState: HardState(term: term, vote: vote), previousEnd: previousEnd,
            previousChecksum: previousChecksum)
    }
}
