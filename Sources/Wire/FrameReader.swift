import Primitives
import Raft

/// Cuts a connection's byte stream into frames, however it was split on the way, and puts long
/// forwards together. No bytes make it trap: they are frames, or the beginning of one, or an error.
package struct FrameReader: Sendable {
    private let seed: FrameSeed
    private var buffer: [UInt8] = []
    /// Where the first byte not yet returned is.
    private var start = 0
    private var assembly = ForwardAssembly()
    private var failure: FrameError?

    package init(seed: FrameSeed) { self.seed = seed }

    /// Takes what the connection received. Call `next` until it answers nil before the next feed:
    /// then at most one unfinished frame is kept.
    package mutating func feed(_ bytes: UnsafeRawBufferPointer) {
        discardReturned()
        buffer.append(contentsOf: bytes)
    }

    /// Takes what the connection received.
    package mutating func feed(_ bytes: [UInt8]) {
        discardReturned()
        buffer.append(contentsOf: bytes)
    }

    /// The next whole frame; nil until more bytes arrive. After an error every call throws it
    /// again, because the place of the next frame is unknown.
    package mutating func next() throws(FrameError) -> ReceivedFrame? {
        if let failure { throw failure }
        do {
            return try decodeNext()
        } catch {
            failure = error
            throw error
        }
    }

    private mutating func decodeNext() throws(FrameError) -> ReceivedFrame? {
        guard buffer.count - start >= FrameHeader.bytes else { return nil }
        var headReader = ByteReader(buffer, range: start..<start + FrameHeader.bytes)
        let header = try FrameHeader(from: &headReader)
        let body = start + FrameHeader.bytes
        guard buffer.count - body >= header.bodyBytes else { return nil }
        let checksum = seed.checksum(ofFrameAt: start, in: buffer, bodyBytes: header.bodyBytes)
        guard checksum == header.checksum else { throw .checksumMismatch }
        var reader = ByteReader(buffer, range: body..<body + header.bodyBytes)
        let content = try decode(header.kind, from: &reader)
        start = body + header.bodyBytes
        return ReceivedFrame(sentAt: header.sentAt, content: content)
    }

    private mutating func decode(
        _ kind: FrameKind, from reader: inout ByteReader
    ) throws(FrameError) -> ReceivedFrame.Content {
        let body: FrameBody?
        do {
            body = try FrameBody.decode(kind, from: &reader)
            if body != nil { try reader.requireEnd() }
        } catch {
            throw .malformed(error)
        }
        switch body {
        case nil: throw .invalidField(kind)
        case .complete(let frame): return .complete(frame)
        case .chunk(let chunk):
            do {
                return try assembly.add(chunk).map { .complete($0) } ?? .partial
            } catch {
                throw .forward(error)
            }
        }
    }

    private mutating func discardReturned() {
        guard start > 0 else { return }
        if start == buffer.count {
            buffer.removeAll(keepingCapacity: true)
        } else {
            buffer.removeSubrange(..<start)
        }
        start = 0
    }
}

/// What one frame's body holds.
private enum FrameBody {
    case complete(PeerFrame)
    case chunk(ForwardChunk)

    /// Nil when a field has a value that no sender writes.
    static func decode(
        _ kind: FrameKind, from reader: inout ByteReader
    ) throws(ByteReaderError) -> FrameBody? {
        switch kind {
        case .raft: try Message.decode(from: &reader).map { .complete(.raft($0)) }
        case .stateDigest: try StateDigest.decode(from: &reader).map { .complete(.stateDigest($0)) }
        case .forwardRequest:
            try ForwardChunk.decode(of: .request, from: &reader).map { .chunk($0) }
        case .forwardResponse:
            try ForwardChunk.decode(of: .response, from: &reader).map { .chunk($0) }
        }
    }
}

extension StateDigest {
    fileprivate static func decode(
        from reader: inout ByteReader
    ) throws(ByteReaderError) -> StateDigest? {
        let index = LogIndex(encoded: try reader.u64())
        let digest = try reader.u64()
        return index.map { StateDigest(index: $0, digest: digest) }
    }
}
