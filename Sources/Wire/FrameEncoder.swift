package import Primitives
package import Raft

/// Writes frames behind what a connection's buffer already holds. The caller keeps the buffer's
/// room from one batch to the next, so that nothing is allocated per frame.
package struct FrameEncoder: Sendable {
    private let seed: FrameSeed

    package init(seed: FrameSeed) { self.seed = seed }

    /// Appends one frame. An append request must carry at most `Entry.dataBytesMax` of data in at
    /// most `Message.entriesMax` entries, consecutive from the one after `previous`.
    package func encode(_ message: Message, sentAt: WallTime, into buffer: inout [UInt8]) {
        encode(.raft, sentAt: sentAt, into: &buffer) { message.encode(into: &$0) }
    }

    /// Appends one frame.
    package func encode(_ digest: StateDigest, sentAt: WallTime, into buffer: inout [UInt8]) {
        encode(.stateDigest, sentAt: sentAt, into: &buffer) { writer in
            writer.u64(digest.index.rawValue)
            writer.u64(digest.digest)
        }
    }

    func encode(
        _ kind: FrameKind, sentAt: WallTime, into buffer: inout [UInt8],
        body: (inout ByteWriter) -> Void
    ) {
        let start = buffer.count
        var writer = ByteWriter(appendingTo: consume buffer)
        writer.u16(FrameHeader.magic)
        writer.u8(FrameHeader.version)
        writer.u8(kind.rawValue)
        writer.u32(0)
        writer.i64(sentAt.rawValue)
        writer.u32(0)
        writer.u32(0)
        body(&writer)
        let bodyBytes = writer.count - start - FrameHeader.bytes
        invariant(
            bodyBytes <= FrameHeader.bodyBytesMax, "a \(kind) frame with a body of \(bodyBytes)")
        writer.patch(u32: UInt32(bodyBytes), at: start + 4)
        let checksum = seed.checksum(ofFrameAt: start, in: writer.bytes, bodyBytes: bodyBytes)
        writer.patch(u32: checksum, at: start + FrameHeader.checksumOffset)
        buffer = writer.bytes
    }
}

extension FrameSeed {
    /// The checksum of the frame that starts at `start`: its header up to the checksum, its body.
    func checksum(ofFrameAt start: Int, in bytes: [UInt8], bodyBytes: Int) -> UInt32 {
        let body = start + FrameHeader.bytes
        var crc = CRC32C(seed: checksum)
        crc.update(bytes[start..<start + FrameHeader.checksumOffset])
        crc.update(bytes[body..<body + bodyBytes])
        return crc.value
    }
}
