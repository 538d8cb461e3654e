import Primitives

/// Messages that must not leave before what they promise is on disk (Raft paper, figure 2:
/// "updated on stable storage before responding"). Only the log's own report opens the queue.
struct PromiseQueue: Sendable {
    private struct Promise: Sendable {
        let outbound: Outbound
        let until: WriteID
    }
    private var held: [Promise] = []

    mutating func hold(_ outbound: Outbound, until: WriteID) {
        held.append(Promise(outbound: outbound, until: until))
    }

    /// What was promised in a term that is over has lost its meaning.
    mutating func breakAll() { held.removeAll(keepingCapacity: true) }

    /// Of consecutive acceptances to one leader only the last leaves: it includes the others.
    mutating func open(_ report: DurabilityReport, effects: inout RaftEffects) {
        let due = held.prefix { $0.until <= report.upTo }
        for (slot, promise) in due.enumerated() {
            let following = slot + 1 < due.count ? due[slot + 1].outbound : nil
            if let following, following.includes(promise.outbound) { continue }
            effects.messages.append(promise.outbound)
        }
        held.removeFirst(due.count)
    }
}

extension Outbound {
    fileprivate func includes(_ earlier: Outbound) -> Bool {
        guard to == earlier.to,
            case .appendResponse(let mine) = message, case .accepted(let match) = mine.result,
            case .appendResponse(let other) = earlier.message,
            case .accepted(let otherMatch) = other.result
        else { return false }
        return mine.term == other.term && match >= otherMatch
    }
}

extension Message {
    /// What must be on this node's disk before a message may leave.
    enum Prerequisite {
        case nothing
        /// The sender's term and vote.
        case hardState
        /// The sender's whole log besides.
        case log
    }

    var prerequisite: Prerequisite {
        switch self {
        case .voteRequest(let request): request.kind == .preVote ? .nothing : .hardState
        case .voteResponse where Mutant.voteBeforeSync.isPlanted: .nothing
        case .voteResponse(let response):
            response.kind == .preVote && response.verdict == .granted ? .nothing : .hardState
        case .appendResponse(let response):
            switch response.result {
            case .accepted: .log
            case .rejected: .hardState
            }
        case .appendRequest, .heartbeat, .heartbeatResponse, .readRequest, .readResponse,
            .timeoutNow:
            .hardState
        }
    }

    var term: Term {
        switch self {
        case .voteRequest(let message): message.term
        case .voteResponse(let message): message.term
        case .appendRequest(let message): message.term
        case .appendResponse(let message): message.term
        case .heartbeat(let message): message.term
        case .heartbeatResponse(let message): message.term
        case .readRequest(let message): message.term
        case .readResponse(let message): message.term
        case .timeoutNow(let message): message.term
        }
    }
}
