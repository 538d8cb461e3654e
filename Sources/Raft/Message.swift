package import Primitives

/// What Raft peers say to one another: one payload per kind, each carrying the sender's term.
package enum Message: Hashable, Sendable {
    case voteRequest(VoteRequest)
    case voteResponse(VoteResponse)
    case appendRequest(AppendRequest)
    case appendResponse(AppendResponse)
    case heartbeat(Heartbeat)
    case heartbeatResponse(HeartbeatResponse)
    case readRequest(ReadRequest)
    case readResponse(ReadResponse)
    case timeoutNow(TimeoutNow)
}

/// Which round of an election (thesis §9.6). Raw values are the encoding on the wire.
package enum VoteKind: UInt8, Sendable {
    /// Asks without raising anybody's term; `term` is the one the candidate would take.
    case preVote = 0
    case vote = 1
    /// A vote at the request of the leader: leader stickiness does not apply (thesis §3.10).
    case transfer = 2
}

/// A candidate asks for a vote; `last` is the end of its log (Raft paper, figure 2).
package struct VoteRequest: Hashable, Sendable {
    package var kind: VoteKind
    package var term: Term
    package var last: LogPosition
    package init(kind: VoteKind, term: Term, last: LogPosition) {
        self.kind = kind
        self.term = term
        self.last = last
    }
}

/// The answer to a request for a vote.
package struct VoteResponse: Hashable, Sendable {
    /// What the voter decided.
    package enum Verdict: UInt8, Sendable {
        case refused = 0
        case granted = 1
    }
    /// The round that is answered.
    package var kind: VoteKind
    /// A grant of a pre-vote echoes the requested term; every other answer carries the voter's own.
    package var term: Term
    package var verdict: Verdict
    package init(kind: VoteKind, term: Term, verdict: Verdict) {
        self.kind = kind
        self.term = term
        self.verdict = verdict
    }
}

/// The leader sends entries, or probes where the logs part (Raft paper, figure 2).
package struct AppendRequest: Hashable, Sendable {
    package var term: Term
    /// The entry just before `entries`.
    package var previous: LogPosition
    /// Consecutive, from `previous.index + 1`; empty for a probe.
    package var entries: [Entry]
    package var commit: LogIndex
    package init(term: Term, previous: LogPosition, entries: [Entry], commit: LogIndex) {
        self.term = term
        self.previous = previous
        self.entries = entries
        self.commit = commit
    }
}

/// A follower's answer to an append, once what it accepted is durable.
package struct AppendResponse: Hashable, Sendable {
    /// Whether the entries fitted the follower's log.
    package enum Result: Hashable, Sendable {
        /// The follower's log equals the leader's up to here, durably.
        case accepted(match: LogIndex)
        /// The follower has no entry at `previous`. `hint` is the newest position of its log that
        /// can still match: at most `previous.index`, in a term not above `previous.term`.
        case rejected(previous: LogIndex, hint: LogPosition)
    }
    /// The follower's term, and its answer.
    package var term: Term
    package var result: Result
    package init(term: Term, result: Result) {
        self.term = term
        self.result = result
    }
}

/// A round of heartbeats confirms leadership for the reads that were captured before it.
package struct ReadRound: Hashable, Comparable, Sendable {
    package var rawValue: UInt64
    package init(_ rawValue: UInt64) { self.rawValue = rawValue }
    package static let zero = ReadRound(0)
    package var next: ReadRound { ReadRound(rawValue + 1) }
    package static func < (a: ReadRound, b: ReadRound) -> Bool { a.rawValue < b.rawValue }
}

/// The leader's sign of life to one follower.
package struct Heartbeat: Hashable, Sendable {
    package var term: Term
    /// min(the receiver's match, the leader's commit): never beyond what it is known to hold.
    package var commit: LogIndex
    package var round: ReadRound
    package init(term: Term, commit: LogIndex, round: ReadRound) {
        self.term = term
        self.commit = commit
        self.round = round
    }
}

/// A follower's answer, which counts for the reads of its round.
package struct HeartbeatResponse: Hashable, Sendable {
    package var term: Term
    package var round: ReadRound
    package init(term: Term, round: ReadRound) {
        self.term = term
        self.round = round
    }
}

/// Names a linearizable read. Chosen by the node that asks; unique within its process.
package struct ReadID: Hashable, Comparable, Sendable {
    package var rawValue: UInt64
    package init(_ rawValue: UInt64) { self.rawValue = rawValue }
    package static func < (a: ReadID, b: ReadID) -> Bool { a.rawValue < b.rawValue }
}

/// A follower asks the leader for a read index on behalf of its clients.
package struct ReadRequest: Hashable, Sendable {
    package var term: Term
    package var id: ReadID
    package init(term: Term, id: ReadID) {
        self.term = term
        self.id = id
    }
}

/// The leader's answer to a `ReadRequest`.
package struct ReadResponse: Hashable, Sendable {
    package var term: Term
    package var id: ReadID
    /// What the reader must have applied before it answers; nil: the leader can't confirm.
    package var index: LogIndex?
    package init(term: Term, id: ReadID, index: LogIndex?) {
        self.term = term
        self.id = id
        self.index = index
    }
}

/// The leader tells its chosen successor to campaign at once (thesis §3.10).
package struct TimeoutNow: Hashable, Sendable {
    package var term: Term
    package init(term: Term) { self.term = term }
}
