import Primitives
import Raft
import Simulation

/// Which messages a command is about: `1->2`, `1,2<->*`, with or without kinds. Answers are of the
/// kind that they answer.
struct MessagePattern {
    /// A message and its answers, in the trace's words.
    enum Kind: String, CaseIterable {
        case preVote = "pre-vote"
        case vote
        case append
        case heartbeat
        case read
        case takeOver = "take-over"
    }

    private var ends: Ends
    private var kinds: [Kind] = []

    /// Reads as many words as there are; none means every message.
    init(_ command: inout ScriptCommand, _ ids: [NodeID]) throws {
        ends = Ends(all: ids)
        for word in command.restOfWords() {
            if let kind = Kind(rawValue: word) {
                kinds.append(kind)
            } else if let ends = try Ends(word, ids) {
                self.ends = ends
            } else {
                let kinds = Kind.allCases.map(\.rawValue).joined(separator: ", ")
                throw ScriptError(
                    "`\(word)` is neither ends (`1->2`, `1,2<->*`) nor one of \(kinds)")
            }
        }
        if kinds.isEmpty { kinds = Kind.allCases }
    }

    func matches(_ envelope: RaftCluster.Envelope) -> Bool {
        kinds.contains(envelope.message.kind) && ends.join(envelope.from, to: envelope.to)
    }
}

extension Message {
    var kind: MessagePattern.Kind {
        switch self {
        case .voteRequest(let request): request.kind == .preVote ? .preVote : .vote
        case .voteResponse(let response): response.kind == .preVote ? .preVote : .vote
        case .appendRequest, .appendResponse: .append
        case .heartbeat, .heartbeatResponse: .heartbeat
        case .readRequest, .readResponse: .read
        case .timeoutNow: .takeOver
        }
    }
}
