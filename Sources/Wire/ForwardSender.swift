package import Primitives

/// Why a forward was not taken.
package enum ForwardSendError: Error, Hashable, Sendable {
    case tooLong(bytes: Int)
    /// Too many long forwards wait already: answer 503, or 504 for a response.
    case busy
}

/// One connection's outgoing forwards. A short one is a frame at once; long ones are sent a chunk
/// at a time, one after another, with everything else free to overtake between the chunks.
package struct ForwardSender: Sendable {
    /// The longest request or response: a 16 MiB import and its headers.
    package static let messageBytesMax = 17 * 1_024 * 1_024
    /// The most bytes of long forwards that wait on one connection.
    package static let waitingBytesMax = 2 * messageBytesMax

    private struct Long: Sendable {
        var kind: ForwardKind
        var id: UInt64
        var payload: [UInt8]
        var sent = 0
        var sequence: UInt32 = 0
    }

    private let encoder: FrameEncoder
    private var waiting: [Long] = []
    private var waitingBytes = 0

    package init(encoder: FrameEncoder) { self.encoder = encoder }

    /// Whether `sendNextChunk` has something to send.
    package var isIdle: Bool { waiting.isEmpty }

    /// Appends a short request's frame, or queues a long one.
    package mutating func send(
        _ request: ForwardRequest, sentAt: WallTime, into buffer: inout [UInt8]
    ) throws(ForwardSendError) {
        try send(
            .request, id: request.id, payloadBytes: request.payloadBytes, sentAt: sentAt,
            into: &buffer, payload: request.encodePayload)
    }

    /// Appends a short response's frame, or queues a long one.
    package mutating func send(
        _ response: ForwardResponse, sentAt: WallTime, into buffer: inout [UInt8]
    ) throws(ForwardSendError) {
        try send(
            .response, id: response.id, payloadBytes: response.payloadBytes, sentAt: sentAt,
            into: &buffer, payload: response.encodePayload)
    }

    /// Appends the next chunk of the oldest long forward; nothing when none waits.
    package mutating func sendNextChunk(sentAt: WallTime, into buffer: inout [UInt8]) {
        guard !waiting.isEmpty else { return }
        let long = waiting[0]
        let end = min(long.sent + ForwardChunk.payloadBytesMax, long.payload.count)
        let place: ForwardChunk.Place = end == long.payload.count ? .last : .more
        encoder.encode(long.kind.frameKind, sentAt: sentAt, into: &buffer) { writer in
            ForwardChunk.encodeHead(
                id: long.id, sequence: long.sequence, place: place, into: &writer)
            writer.raw(long.payload[long.sent..<end])
        }
        switch place {
        case .more:
            waiting[0].sent = end
            waiting[0].sequence += 1
        case .last:
            waitingBytes -= long.payload.count
            waiting.removeFirst()
        }
    }

    private mutating func send(
        _ kind: ForwardKind, id: UInt64, payloadBytes: Int, sentAt: WallTime,
        into buffer: inout [UInt8], payload: (inout ByteWriter) -> Void
    ) throws(ForwardSendError) {
        if payloadBytes <= ForwardChunk.payloadBytesMax {
            encoder.encode(kind.frameKind, sentAt: sentAt, into: &buffer) { writer in
                ForwardChunk.encodeHead(id: id, sequence: 0, place: .last, into: &writer)
                payload(&writer)
            }
            return
        }
        guard payloadBytes <= Self.messageBytesMax else { throw .tooLong(bytes: payloadBytes) }
        guard waitingBytes + payloadBytes <= Self.waitingBytesMax else { throw .busy }
        var writer = ByteWriter(capacity: payloadBytes)
        payload(&writer)
        waiting.append(Long(kind: kind, id: id, payload: writer.bytes))
        waitingBytes += payloadBytes
    }
}
