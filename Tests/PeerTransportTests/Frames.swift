import Primitives
import Raft
import Wire

/// A heartbeat that can be told from others.
func heartbeat(_ number: UInt64) -> PeerFrame {
    .raft(.heartbeat(Heartbeat(term: Term(1), commit: .zero, round: ReadRound(number))))
}

/// An append of one entry with so many bytes of data.
func append(_ index: UInt64, bytes: Int) -> PeerFrame {
    let entry = Entry(
        index: LogIndex(index), term: Term(1), kind: .commands,
        data: [UInt8](repeating: UInt8(truncatingIfNeeded: index), count: bytes))
    return .raft(
        .appendRequest(
            AppendRequest(
                term: Term(1),
                previous: LogPosition(term: Term(1), index: LogIndex(index).previous),
                entries: [entry], commit: .zero)))
}

func request(_ id: UInt64, bytes: Int) -> PeerFrame {
    var body = [UInt8](repeating: 9, count: bytes)
    // Chunks in another order would be another body.
    for place in stride(from: 0, to: bytes, by: 4_096) {
        body[place] = UInt8(truncatingIfNeeded: place >> 12)
    }
    return .forwardRequest(
        ForwardRequest(
            id: id, method: "PUT", target: "/v1/venues/v",
            headers: [ForwardHeader(name: "x-a", value: "b")], body: body))
}

func response(_ id: UInt64, bytes: Int) -> PeerFrame {
    .forwardResponse(
        ForwardResponse(
            id: id, status: 200, headers: [], body: [UInt8](repeating: 9, count: bytes)))
}

func digest(_ index: UInt64) -> PeerFrame {
    .stateDigest(StateDigest(index: LogIndex(index), digest: 42))
}

/// One message of each kind that must not wait for bulk.
let urgentFrames: [PeerFrame] = [
    heartbeat(1),
    .raft(.heartbeatResponse(HeartbeatResponse(term: Term(1), round: ReadRound(1)))),
    .raft(
        .voteRequest(VoteRequest(kind: .preVote, term: Term(2), last: .zero))),
    .raft(.voteResponse(VoteResponse(kind: .vote, term: Term(2), verdict: .granted))),
    .raft(.appendResponse(AppendResponse(term: Term(1), result: .accepted(match: LogIndex(3))))),
    .raft(.readRequest(ReadRequest(term: Term(1), id: ReadID(4)))),
    .raft(.readResponse(ReadResponse(term: Term(1), id: ReadID(4), index: LogIndex(5)))),
    .raft(.timeoutNow(TimeoutNow(term: Term(1)))),
    digest(6),
]

extension PeerFrame {
    /// Tells the frame, with a checksum of its bulk, in a line: what tests compare, so that a
    /// failure can be read.
    var label: String {
        switch self {
        case .raft(.appendRequest(let request)):
            let data = request.entries.flatMap(\.data)
            return "append \(request.previous.index.rawValue + 1): \(data.label)"
        case .raft(let message):
            return "\(message)"
        case .stateDigest(let digest):
            return "\(digest)"
        case .forwardRequest(let request):
            let line = "\(request.method) \(request.target) \(request.headers)"
            return "request \(request.id): \(line) \(request.body.label)"
        case .forwardResponse(let response):
            return "response \(response.id): \(response.status) \(response.body.label)"
        }
    }
}

extension [UInt8] {
    fileprivate var label: String { "\(count) bytes, CRC-32C \(CRC32C.checksum(self))" }
}
