import Primitives

/// Which direction a forward's chunk travels.
enum ForwardKind: Hashable, Sendable {
    case request
    case response

    var frameKind: FrameKind {
        switch self {
        case .request: .forwardRequest
        case .response: .forwardResponse
        }
    }
}

/// A piece of a forwarded request or response: one frame's body. A short message is one chunk;
/// of a long one every chunk but the last is full, so that the number of chunks is bounded too.
struct ForwardChunk {
    /// Small against a frame's limit: a heartbeat waits behind one chunk at most.
    static let payloadBytesMax = 64 * 1_024
    static let headBytes = 13

    enum Place: UInt8 {
        case more = 0
        case last = 1
    }

    var kind: ForwardKind
    var id: UInt64
    var sequence: UInt32
    var place: Place
    /// Reads the chunk's share of the payload.
    var payload: ByteReader

    static func encodeHead(
        id: UInt64, sequence: UInt32, place: Place, into writer: inout ByteWriter
    ) {
        writer.u64(id)
        writer.u32(sequence)
        writer.u8(place.rawValue)
    }

    /// Nil when a field has a value that no sender writes.
    static func decode(
        of kind: ForwardKind, from reader: inout ByteReader
    ) throws(ByteReaderError) -> ForwardChunk? {
        let id = try reader.u64()
        let sequence = try reader.u32()
        let place = Place(rawValue: try reader.u8())
        let payload = reader
        _ = try reader.rawSlice(count: reader.remaining)
        guard let place, payload.remaining <= payloadBytesMax else { return nil }
        return ForwardChunk(
            kind: kind, id: id, sequence: sequence, place: place, payload: payload)
    }
}
