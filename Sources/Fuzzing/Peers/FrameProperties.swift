import HTTPProtocol
import NodeRuntime
import Primitives
import Raft
import Wire

/// The bytes of an authenticated peer: frames with sound checksums around any body, and bytes that
/// are no frames.
enum FrameProperties {
    private static let cluster = ClusterID(0xC1)
    static let seed = FrameSeed(cluster: cluster, group: .first)

    static func check(_ input: [UInt8]) throws(BrokenProperty) -> Verdict {
        let stream = stream(input)
        let (whole, error) = frames([stream])
        for pieces in [stream.pieces, stream.count > 4_096 ? [] : stream.singleBytes]
        where !pieces.isEmpty {
            let (cut, cutError) = frames(pieces)
            try require(cut == whole && cutError == error, "how bytes are cut changes no frame")
        }
        var verdict = Verdict.refused
        var offset = 0
        for frame in whole {
            let bytes = FrameBytes.first(in: stream[offset...])
            offset += bytes.count
            guard case .complete(let content) = frame.content else { continue }
            try check(content, sentAt: frame.sentAt, bytes)
            verdict = .accepted
        }
        return verdict
    }

    /// A list of: kind, and how to make the frame; a length; the body's bytes. The two highest
    /// bits of the first byte choose: a frame, a frame filled up to a full chunk, bytes as they
    /// are.
    private static func stream(_ input: [UInt8]) -> [UInt8] {
        var choices = Choices(input)
        var stream: [UInt8] = []
        while !choices.isEmpty {
            let (kind, clock) = (choices.byte(), choices.byte())
            var body = choices.bytes(atMost: choices.number16())
            switch kind >> 6 {
            case 3:
                stream += body
            case let form:
                if form == 2 {
                    let missing = FrameBytes.fullChunkBytes - body.count
                    body += repeatElement(0x2E, count: max(0, missing))
                }
                stream += FrameBytes.sealed(kind: kind & 0x3F, clock: clock, body, seed)
            }
        }
        return stream
    }

    private static func frames(_ pieces: [[UInt8]]) -> ([ReceivedFrame], FrameError?) {
        var reader = FrameReader(seed: seed)
        var frames: [ReceivedFrame] = []
        for piece in pieces {
            reader.feed(piece)
            do throws(FrameError) {
                while let frame = try reader.next() { frames.append(frame) }
            } catch {
                return (frames, error)
            }
        }
        return (frames, nil)
    }

    private static func check(
        _ content: PeerFrame, sentAt: WallTime, _ bytes: [UInt8]
    ) throws(BrokenProperty) {
        let encoder = FrameEncoder(seed: seed)
        var again: [UInt8] = []
        switch content {
        case .raft(let message):
            try require(message.isBounded, "terms and indexes leave room for arithmetic")
            encoder.encode(message, sentAt: sentAt, into: &again)
            try require(again == bytes, "a message has one encoding")
        case .stateDigest(let digest):
            encoder.encode(digest, sentAt: sentAt, into: &again)
            try require(again == bytes, "a digest has one encoding")
        case .forwardRequest(let request):
            try checkSending(content, sentAt) { (sender, bytes) throws(ForwardSendError) in
                try sender.send(request, sentAt: sentAt, into: &bytes)
            }
            try ForwardProperties.check(request)
        case .forwardResponse(let response):
            try checkSending(content, sentAt) { (sender, bytes) throws(ForwardSendError) in
                try sender.send(response, sentAt: sentAt, into: &bytes)
            }
            try ForwardProperties.check(response)
        }
    }

    /// What was put together of chunks, sent on, arrives the same.
    private static func checkSending(
        _ content: PeerFrame, _ sentAt: WallTime,
        send: (inout ForwardSender, inout [UInt8]) throws(ForwardSendError) -> Void
    ) throws(BrokenProperty) {
        var sender = ForwardSender(encoder: FrameEncoder(seed: seed))
        var bytes: [UInt8] = []
        do { try send(&sender, &bytes) } catch {
            throw BrokenProperty("what arrived can be sent: \(error)")
        }
        while !sender.isIdle { sender.sendNextChunk(sentAt: sentAt, into: &bytes) }
        let (frames, error) = frames([bytes])
        try require(error == nil && frames.last?.content == .complete(content), "it arrives")
        try require(
            frames.dropLast().allSatisfy { $0.content == .partial }, "and nothing but it does")
    }
}

extension Message {
    /// Whether every term and index fits 63 bits, as the encoding promises.
    fileprivate var isBounded: Bool {
        func fits(_ term: Term) -> Bool { Term(encoded: term.rawValue) != nil }
        func fits(_ index: LogIndex?) -> Bool {
            index.map { LogIndex(encoded: $0.rawValue) != nil } ?? true
        }
        func fits(_ position: LogPosition) -> Bool { fits(position.term) && fits(position.index) }
        switch self {
        case .voteRequest(let request): return fits(request.term) && fits(request.last)
        case .voteResponse(let response): return fits(response.term)
        case .appendRequest(let request):
            return fits(request.term) && fits(request.previous) && fits(request.commit)
                && request.entries.allSatisfy { fits($0.position) }
        case .appendResponse(let response):
            switch response.result {
            case .accepted(let match): return fits(response.term) && fits(match)
            case .rejected(let previous, let hint):
                return fits(response.term) && fits(previous) && fits(hint)
            }
        case .heartbeat(let heartbeat): return fits(heartbeat.term) && fits(heartbeat.commit)
        case .heartbeatResponse(let response): return fits(response.term)
        case .readRequest(let request): return fits(request.term)
        case .readResponse(let response): return fits(response.term) && fits(response.index)
        case .timeoutNow(let request): return fits(request.term)
        }
    }
}
