package import Primitives

/// Why chunks don't make a forward.
package enum ForwardAssemblyError: Error, Hashable, Sendable {
    /// A chunk that doesn't follow the one before it, or begins in the middle.
    case outOfOrder
    /// A second long forward began before the first had ended.
    case interleaved
    /// A chunk that is not the last must be full.
    case shortChunk(bytes: Int)
    case tooLong
    case malformed(ByteReaderError)
}

extension ForwardAssemblyError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .outOfOrder: "a forward's chunk is out of order"
        case .interleaved: "two long forwards are mixed"
        case .shortChunk(let bytes): "a forward's chunk of \(bytes) bytes is too short"
        case .tooLong: "a forward is too long"
        case .malformed(let error): "\(error)"
        }
    }
}

/// Puts one connection's forwards together. Short ones pass straight through; one long one at a
/// time is collected, up to `ForwardSender.messageBytesMax`.
struct ForwardAssembly: Sendable {
    private struct Open: Sendable {
        var kind: ForwardKind
        var id: UInt64
        var nextSequence: UInt32
        var bytes: [UInt8]
    }

    private var open: Open?

    /// The whole forward that this chunk completes; nil while more of it is to come.
    mutating func add(_ chunk: ForwardChunk) throws(ForwardAssemblyError) -> PeerFrame? {
        var payload = chunk.payload
        if chunk.sequence == 0 {
            if chunk.place == .last {
                return try Self.decode(chunk.kind, id: chunk.id, payload: &payload)
            }
            guard open == nil else { throw .interleaved }
            open = Open(kind: chunk.kind, id: chunk.id, nextSequence: 0, bytes: [])
        }
        guard var current = open.take(), current.kind == chunk.kind, current.id == chunk.id,
            current.nextSequence == chunk.sequence
        else { throw .outOfOrder }
        if chunk.place == .more, payload.remaining != ForwardChunk.payloadBytesMax {
            throw .shortChunk(bytes: payload.remaining)
        }
        guard current.bytes.count + payload.remaining <= ForwardSender.messageBytesMax else {
            throw .tooLong
        }
        do {
            current.bytes.append(contentsOf: try payload.rawSlice(count: payload.remaining))
        } catch {
            throw .malformed(error)
        }
        switch chunk.place {
        case .more:
            current.nextSequence += 1
            open = current
            return nil
        case .last:
            var whole = ByteReader(current.bytes)
            return try Self.decode(chunk.kind, id: chunk.id, payload: &whole)
        }
    }

    private static func decode(
        _ kind: ForwardKind, id: UInt64, payload: inout ByteReader
    ) throws(ForwardAssemblyError) -> PeerFrame {
        do {
            switch kind {
            case .request: return .forwardRequest(try ForwardRequest(id: id, payload: &payload))
            case .response: return .forwardResponse(try ForwardResponse(id: id, payload: &payload))
            }
        } catch {
            throw .malformed(error)
        }
    }
}
