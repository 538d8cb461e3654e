package import Primitives

/// A leader's view of one other member's log, and of what is on its way there.
struct Progress: Sendable {
    /// How freely appends are sent.
    enum Phase {
        /// The logs' common end isn't known. One append may be sent. → probed
        case probing
        /// It was sent. → replicating when accepted; probing when rejected, or at the next
        /// heartbeat's answer in case it was lost.
        case probed
        /// Appends are sent ahead of their answers, within the window. → probing when rejected
        case replicating
    }

    /// Whether an append without entries is worth sending.
    enum EmptyAppend {
        /// When it tells the follower of a commit and no append is on its way that might.
        case ifNews
        /// As a probe, after a heartbeat's answer: had everything in a full window been lost,
        /// nothing else would ever be sent (etcd-io/raft, `maybeSendAppend`).
        case always
    }

    enum Step {
        case append(AppendRequest)
        /// The entries are no longer in memory.
        case fetch(LogFetch)
        case wait
    }

    let id: NodeID
    /// Known to be in its log, durably. INV-05: match < next.
    private(set) var match = LogIndex.zero
    /// The next entry to send.
    private(set) var next: LogIndex
    private(set) var phase = Phase.probing
    private(set) var fetching: LogIndex?
    private var inflights: Inflights
    private var commitSent = LogIndex.zero
    /// The newest round of heartbeats it has answered.
    private(set) var answeredRound = ReadRound.zero
    /// Ticks since it was last heard from in this term.
    var silentTicks = 0

    init(id: NodeID, next: LogIndex, configuration: RaftConfiguration) {
        self.id = id
        self.next = next
        inflights = Inflights(
            messagesMax: configuration.inflightMessagesMax,
            bytesMax: configuration.inflightBytesMax)
    }

    /// Decides what to send now; what it returns counts as sent. A member that needs entries from
    /// below the log's base gets none.
    mutating func step(
        _ log: LogView, term: Term, commit: LogIndex, bytesMax: Int, empty: EmptyAppend
    ) -> Step {
        guard fetching == nil, phase != .probed, next > log.base.index else { return .wait }
        var entries: [Entry] = []
        if next <= log.last.index, !isWindowFull {
            guard log.tail.contains(next) else {
                fetching = next
                return .fetch(LogFetch(peer: id, from: next, bytesMax: bytesMax))
            }
            entries = log.tail.batch(from: next, bytesMax: bytesMax)
        }
        if entries.isEmpty {
            switch empty {
            case .always: break
            case .ifNews:
                guard phase == .replicating, inflights.isEmpty, commitSent < commit else {
                    return .wait
                }
            }
        }
        return .append(send(entries, log, term: term, commit: commit))
    }

    /// The append with entries that were fetched for `step`; nil when they no longer fit.
    mutating func step(
        _ log: LogView, fetched entries: [Entry], term: Term, commit: LogIndex
    ) -> AppendRequest? {
        fetching = nil
        guard let first = entries.first, first.index == next, phase != .probed, !isWindowFull
        else { return nil }
        return send(entries, log, term: term, commit: commit)
    }

    private var isWindowFull: Bool { phase == .replicating && inflights.isFull }

    private mutating func send(
        _ entries: [Entry], _ log: LogView, term: Term, commit: LogIndex
    ) -> AppendRequest {
        let previous = next.previous
        guard let previousTerm = log.term(at: previous) else {
            invariantFailure("INV-05: \(id) next is \(next), log is \(log.base)...\(log.last)")
        }
        commitSent = commit
        switch phase {
        case .probing, .probed: phase = .probed
        case .replicating:
            if let last = entries.last?.index {
                next = last.next
                inflights.add(last: last, bytes: entries.reduce(0) { $0 + $1.bytes })
            }
        }
        return AppendRequest(
            term: term, previous: LogPosition(term: previousTerm, index: previous),
            entries: entries, commit: commit)
    }

    /// The member's log equals the leader's up to `index`. Late and repeated answers change
    /// nothing.
    mutating func accept(_ index: LogIndex) {
        guard index >= match else { return }
        match = index
        switch phase {
        case .probing, .probed:
            next = index.next
            phase = .replicating
        case .replicating:
            next = max(next, index.next)
            inflights.free(through: index)
        }
        invariant(match < next, "INV-05: \(id) match \(match), next \(next)")
    }

    /// The member has no entry at `previous`, and nothing beyond `hint` that can match.
    mutating func reject(previous: LogIndex, hint: LogPosition, log: LogView) {
        switch phase {
        case .probing, .probed:
            guard previous == next.previous, previous > match else { return }
            next = max(match.next, min(previous, log.newest(atMost: hint).index.next))
        case .replicating:
            guard previous > match else { return }
            next = match.next
            inflights.removeAll()
        }
        phase = .probing
    }

    /// It answered a heartbeat: whatever was sent before has arrived, or is lost.
    mutating func answer(_ round: ReadRound) {
        answeredRound = max(answeredRound, round)
        if phase == .probed { phase = .probing }
    }
}

/// What a leader can tell of another member.
package struct PeerStatus: Hashable, Sendable {
    /// Whether a member answers.
    package enum Health: Hashable, Sendable {
        case healthy
        /// Not heard from for longer than the shortest election timeout.
        case silent
    }
    package let id: NodeID
    /// Known to be in its log, durably.
    package let match: LogIndex
    package let health: Health

    package init(id: NodeID, match: LogIndex, health: Health) {
        self.id = id
        self.match = match
        self.health = health
    }
}
