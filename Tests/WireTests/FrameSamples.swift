import Primitives
import Raft
import Wire

/// Random frames from a seed, of every kind in turn.
struct FrameSamples {
    private(set) var random: PRNG

    init(seed: UInt64) { random = PRNG(seed: seed) }

    static let seed = FrameSeed(cluster: ClusterID(0xC1), group: .first)
    static let sentAt = WallTime(1_790_000_000_123)
    static let messageKinds = 12

    mutating func bytes(upTo count: Int) -> [UInt8] {
        (0..<random.next(in: 0...count)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    }

    mutating func term() -> Term { Term(random.next() >> 1) }
    mutating func index() -> LogIndex { LogIndex(random.next() >> 2) }
    mutating func position() -> LogPosition { LogPosition(term: term(), index: index()) }

    mutating func entries(after previous: LogIndex, count: Int, dataBytesMax: Int) -> [Entry] {
        let kinds: [EntryKind] = [.noop, .commands, .configuration]
        return (0..<count).map { offset in
            Entry(
                index: previous.advanced(by: offset + 1), term: term(),
                kind: kinds[random.next(in: 0...2)], data: bytes(upTo: dataBytesMax))
        }
    }

    /// The messages of all kinds and results, by number.
    mutating func message(_ number: Int) -> Message {
        let kinds: [VoteKind] = [.preVote, .vote, .transfer]
        let kind = kinds[random.next(in: 0...2)]
        switch number % Self.messageKinds {
        case 0: return .voteRequest(VoteRequest(kind: kind, term: term(), last: position()))
        case 1: return .voteResponse(VoteResponse(kind: kind, term: term(), verdict: .granted))
        case 2: return .voteResponse(VoteResponse(kind: kind, term: term(), verdict: .refused))
        case 3:
            let previous = position()
            let entries = entries(
                after: previous.index, count: random.next(in: 0...4), dataBytesMax: 40)
            return .appendRequest(
                AppendRequest(term: term(), previous: previous, entries: entries, commit: index()))
        case 4:
            return .appendResponse(AppendResponse(term: term(), result: .accepted(match: index())))
        case 5:
            return .appendResponse(
                AppendResponse(
                    term: term(), result: .rejected(previous: index(), hint: position())))
        case 6:
            return .heartbeat(
                Heartbeat(term: term(), commit: index(), round: ReadRound(random.next())))
        case 7:
            return .heartbeatResponse(
                HeartbeatResponse(term: term(), round: ReadRound(random.next())))
        case 8: return .readRequest(ReadRequest(term: term(), id: ReadID(random.next())))
        case 9: return .readResponse(ReadResponse(term: term(), id: ReadID(7), index: index()))
        case 10: return .readResponse(ReadResponse(term: term(), id: ReadID(8), index: nil))
        default: return .timeoutNow(TimeoutNow(term: term()))
        }
    }

    mutating func request(bodyBytes: Int) -> ForwardRequest {
        ForwardRequest(
            id: random.next(), method: "POST", target: "/v1/holds?name=\u{e9}t\u{e9}",
            headers: [
                ForwardHeader(name: "content-type", value: "application/json"),
                ForwardHeader(name: "x-empty", value: ""),
            ], body: [UInt8](repeating: UInt8(truncatingIfNeeded: random.next()), count: bodyBytes))
    }

    mutating func response(bodyBytes: Int) -> ForwardResponse {
        ForwardResponse(
            id: random.next(), status: 201,
            headers: [ForwardHeader(name: "retry-after", value: "1")],
            body: [UInt8](repeating: UInt8(truncatingIfNeeded: random.next()), count: bodyBytes))
    }

    /// A frame of each kind and message, with what it must decode to.
    mutating func frames() -> [(bytes: [UInt8], frame: PeerFrame)] {
        let encoder = FrameEncoder(seed: Self.seed)
        var sender = ForwardSender(encoder: encoder)
        var samples = (0..<Self.messageKinds).map { number in
            let message = message(number)
            var bytes: [UInt8] = []
            encoder.encode(message, sentAt: Self.sentAt, into: &bytes)
            return (bytes: bytes, frame: PeerFrame.raft(message))
        }
        let digest = StateDigest(index: index(), digest: random.next())
        var bytes: [UInt8] = []
        encoder.encode(digest, sentAt: Self.sentAt, into: &bytes)
        samples.append((bytes, .stateDigest(digest)))
        let request = request(bodyBytes: 30)
        bytes = []
        try? sender.send(request, sentAt: Self.sentAt, into: &bytes)
        samples.append((bytes, .forwardRequest(request)))
        let response = response(bodyBytes: 0)
        bytes = []
        try? sender.send(response, sentAt: Self.sentAt, into: &bytes)
        samples.append((bytes, .forwardResponse(response)))
        return samples
    }
}

extension FrameReader {
    /// Every whole frame that the bytes so far hold.
    mutating func drain() throws(FrameError) -> [PeerFrame] {
        var frames: [PeerFrame] = []
        while let received = try next() {
            switch received.content {
            case .complete(let frame): frames.append(frame)
            case .partial: break
            }
        }
        return frames
    }
}
