import Primitives
import Raft
import Simulation

// Raft in the trace's words: `t2` is a term, `t2/7` the entry of term 2 at index 7.

extension Term {
    var word: String { "t\(rawValue)" }
}

extension LogIndex {
    var word: String { "\(rawValue)" }
}

extension LogPosition {
    var word: String { "\(term.word)/\(index.word)" }
}

extension [Entry] {
    /// Runs of one term are drawn together: `t1/3…5 t2/6`.
    var word: String {
        var words: [String] = []
        var first = startIndex
        while first < endIndex {
            let after = self[first...].firstIndex { $0.term != self[first].term } ?? endIndex
            let run = self[first].position.word
            words.append(after - first > 1 ? "\(run)…\(self[after - 1].index.word)" : run)
            first = after
        }
        return words.joined(separator: " ")
    }
}

/// What became of a message.
enum Arrow: String, CaseIterable {
    case arrived = "→"
    case lost = "↛"
    /// Twice on its way from now on.
    case repeated = "⇉"
    /// On its way.
    case pending = "⋯"

    static func isInLine(_ line: String) -> Bool {
        allCases.contains { line.contains(" \($0.rawValue) ") }
    }
}

extension RaftCluster.Envelope {
    func line(_ arrow: Arrow) -> String { message.line(from, arrow, to) }
}

extension Message {
    func line(_ from: NodeID, _ arrow: Arrow, _ to: NodeID) -> String {
        let (what, rest) = words
        return Trace.line("\(from) \(arrow.rawValue) \(to)", what, rest)
    }

    /// What it is, and what it says.
    fileprivate var words: (String, String) {
        switch self {
        case .voteRequest(let request):
            let exemption = request.kind == .transfer ? ", told to by the leader" : ""
            return (
                kind.rawValue, "\(request.term.word)  log ends at \(request.last.word)\(exemption)"
            )
        case .voteResponse(let response):
            let verdict = response.verdict == .granted ? "granted" : "refused"
            return ("\(kind.rawValue) \(verdict)", response.term.word)
        case .appendRequest(let request):
            let entries = request.entries.isEmpty ? "nothing" : request.entries.word
            return (
                "append",
                "\(request.term.word)  after \(request.previous.word): \(entries), "
                    + "commit \(request.commit.word)"
            )
        case .appendResponse(let response):
            switch response.result {
            case .accepted(let match):
                return ("append accepted", "\(response.term.word)  match \(match.word)")
            case .rejected(let previous, let hint):
                return (
                    "append rejected",
                    "\(response.term.word)  not after \(previous.word), try \(hint.word)"
                )
            }
        case .heartbeat(let heartbeat):
            return (
                "heartbeat",
                "\(heartbeat.term.word)  commit \(heartbeat.commit.word)\(heartbeat.round.words)"
            )
        case .heartbeatResponse(let response):
            return ("heartbeat heard", "\(response.term.word)\(response.round.words)")
        case .readRequest(let request):
            return ("read", request.term.word)
        case .readResponse(let response):
            guard let index = response.index else { return ("read refused", response.term.word) }
            return ("read granted", "\(response.term.word)  at \(index.word)")
        case .timeoutNow(let request):
            return ("take-over", request.term.word)
        }
    }
}

extension ReadRound {
    fileprivate var words: String { self == .zero ? "" : ", round \(rawValue)" }
}

extension LogWrite {
    /// What it puts on disk, in order.
    var words: String {
        var parts: [String] = []
        if let hardState {
            let vote = hardState.vote.map { "vote \($0)" } ?? "no vote"
            parts.append("\(hardState.term.word), \(vote)")
        }
        if let truncateFrom { parts.append("cut from \(truncateFrom.word)") }
        if !entries.isEmpty { parts.append(entries.word) }
        return parts.joined(separator: "; ")
    }
}
