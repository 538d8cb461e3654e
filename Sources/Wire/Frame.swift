package import Primitives
package import Raft

/// What a peer says in one frame, or, for a long forward, in several.
package enum PeerFrame: Hashable, Sendable {
    case raft(Message)
    case forwardRequest(ForwardRequest)
    case forwardResponse(ForwardResponse)
    case stateDigest(StateDigest)
}

/// A node's digest of all its shards after it applied the entry at `index`.
package struct StateDigest: Hashable, Sendable {
    package var index: LogIndex
    package var digest: UInt64
    package init(index: LogIndex, digest: UInt64) {
        self.index = index
        self.digest = digest
    }
}

/// A whole frame's content, and the sender's clock when it was made: every frame is a clock sample.
package struct ReceivedFrame: Hashable, Sendable {
    /// What a frame brought.
    package enum Content: Hashable, Sendable {
        case complete(PeerFrame)
        /// A chunk of a forward whose last chunk is still to come.
        case partial
    }
    /// The sender's wall clock when it encoded the frame.
    package var sentAt: WallTime
    /// What it brought.
    package var content: Content
}

/// Where the checksum of a connection's frames starts: a frame of another cluster or group fails
/// its checksum before anything in it is believed.
package struct FrameSeed: Hashable, Sendable {
    package let checksum: UInt32
    package init(cluster: ClusterID, group: GroupID) {
        var writer = ByteWriter(capacity: 17)
        writer.u128(cluster.rawValue)
        writer.u8(group.rawValue)
        checksum = CRC32C.checksum(writer.bytes)
    }
}

/// Why a connection's bytes are not frames. The connection is to be closed.
package enum FrameError: Error, Hashable, Sendable {
    case badMagic(UInt16)
    case unsupportedVersion(UInt8)
    case unknownKind(UInt8)
    /// Flags of a later version; the lowest bit is kept for a MAC behind the body.
    case unsupportedFlags(UInt32)
    case bodyTooLong(bytes: Int)
    /// Also what a frame of another cluster or group looks like.
    case checksumMismatch
    case clockOutOfRange
    /// The body ends early, late, or in the middle of a field.
    case malformed(ByteReaderError)
    /// A field with a value that no sender writes.
    case invalidField(FrameKind)
    case forward(ForwardAssemblyError)
}

extension FrameError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .badMagic(let magic): "it begins with \(Hex.encode(magic)), which no frame does"
        case .unsupportedVersion(let version): "its version \(version) is not spoken here"
        case .unknownKind(let kind): "its kind \(kind) is not known here"
        case .unsupportedFlags(let flags):
            "its flags \(String(flags, radix: 16)) are not known here"
        case .bodyTooLong(let bytes): "its body of \(bytes) bytes is too long"
        case .checksumMismatch:
            "its checksum is wrong: it was damaged on the way, or is of another cluster"
        case .clockOutOfRange: "its sender's clock is centuries off"
        case .malformed(let error): "\(error)"
        case .invalidField(let kind): "a field of its \(kind.words) has a value that is none"
        case .forward(let error): "\(error)"
        }
    }
}

/// What a frame's body holds. Raw values are the encoding on the wire.
package enum FrameKind: UInt8, Sendable {
    case raft = 1
    case forwardRequest = 2
    case forwardResponse = 3
    case stateDigest = 4

    fileprivate var words: String {
        switch self {
        case .raft: "Raft message"
        case .forwardRequest: "forwarded request"
        case .forwardResponse: "forwarded response"
        case .stateDigest: "state digest"
        }
    }
}

/// The head of each frame, 24 bytes, little-endian:
/// magic u16, version u8, kind u8, body bytes u32, sender's clock i64, flags u32, CRC-32C u32.
/// The checksum covers everything before it and the body.
package struct FrameHeader: Hashable, Sendable {
    package static let bytes = 24
    /// A body's most bytes: an append of `Entry.dataBytesMax` in up to 4,096 entries fits.
    package static let bodyBytesMax = 256 * 1_024
    package static let version: UInt8 = 1
    static let magic: UInt16 = 0x6648
    static let checksumOffset = 20

    var kind: FrameKind
    var bodyBytes: Int
    var sentAt: WallTime
    var checksum: UInt32

    /// Reads the header that the bytes begin with and refuses what this version can't read.
    init(from reader: inout ByteReader) throws(FrameError) {
        let raw = try Self.fields(of: &reader)
        guard raw.magic == Self.magic else { throw .badMagic(raw.magic) }
        guard raw.version == Self.version else { throw .unsupportedVersion(raw.version) }
        guard let kind = FrameKind(rawValue: raw.kind) else { throw .unknownKind(raw.kind) }
        guard raw.flags == 0 else { throw .unsupportedFlags(raw.flags) }
        guard raw.bodyBytes <= Self.bodyBytesMax else {
            throw .bodyTooLong(bytes: Int(raw.bodyBytes))
        }
        guard let sentAt = WallTime(encoded: raw.sentAt) else { throw .clockOutOfRange }
        self.kind = kind
        bodyBytes = Int(raw.bodyBytes)
        self.sentAt = sentAt
        checksum = raw.checksum
    }

    private struct Fields {
        var magic: UInt16
        var version: UInt8
        var kind: UInt8
        var bodyBytes: UInt32
        var sentAt: Int64
        var flags: UInt32
        var checksum: UInt32
    }

    private static func fields(of reader: inout ByteReader) throws(FrameError) -> Fields {
        do {
            return Fields(
                magic: try reader.u16(), version: try reader.u8(), kind: try reader.u8(),
                bodyBytes: try reader.u32(), sentAt: try reader.i64(), flags: try reader.u32(),
                checksum: try reader.u32())
        } catch {
            throw .malformed(error)
        }
    }
}
