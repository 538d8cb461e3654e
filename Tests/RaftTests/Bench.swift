import Primitives
import Raft
import Testing

/// One Raft on a bench: the test plays its peers, its disk and its clock.
struct Bench {
    var raft: Raft
    private(set) var writes: [LogWrite] = []
    private(set) var reads: [ReadOutcome] = []
    private(set) var fetches: [LogFetch] = []

    /// Node 1 with a log whose entries have the given terms.
    init(
        voters: [UInt16] = [1, 2, 3], learners: [UInt16] = [], terms: [UInt64] = [],
        term: UInt64? = nil, vote: UInt16? = nil, committed: UInt64 = 0, base: LogPosition = .zero,
        tailEntriesMax: Int = .max, configure: (inout RaftConfiguration) -> Void = { _ in }
    ) throws {
        let membership = try Membership(
            voters: voters.map { NodeID($0) }, learners: learners.map { NodeID($0) })
        var configuration = RaftConfiguration(id: NodeID(1), membership: membership)
        configuration.heartbeatTicks = 2
        configuration.electionTicksMin = 10
        configuration.electionTicksMax = 20
        configure(&configuration)
        let log = makeEntries(terms, after: base.index.rawValue)
        var runs: [TermRun] = []
        for entry in log where entry.term != runs.last?.term {
            runs.append(TermRun(term: entry.term, first: entry.index))
        }
        let last = log.last?.position ?? base
        raft = Raft(
            configuration,
            restored: RestoredLog(
                hardState: HardState(
                    term: term.map { Term($0) } ?? last.term, vote: vote.map { NodeID($0) }),
                base: base, termRuns: runs, last: last,
                tail: Array(log.suffix(tailEntriesMax)), committed: LogIndex(committed)),
            random: PRNG(seed: 1))
    }

    /// Does something and hands back the messages that left at once.
    @discardableResult
    mutating func perform(_ body: (inout Raft, inout RaftEffects) -> Void) -> [Outbound] {
        var effects = RaftEffects()
        body(&raft, &effects)
        writes += effects.writes
        reads += effects.reads
        fetches += effects.fetches
        return effects.messages
    }

    @discardableResult
    mutating func receive(_ message: Message, from sender: UInt16) -> [Outbound] {
        perform { $0.receive(message, from: NodeID(sender), effects: &$1) }
    }

    @discardableResult
    mutating func tick(_ times: Int = 1) -> [Outbound] {
        var messages: [Outbound] = []
        for _ in 0..<times { messages += perform { $0.tick(effects: &$1) } }
        return messages
    }

    /// The disk finishes every write so far, or those up to `id`.
    @discardableResult
    mutating func sync(upTo id: UInt64? = nil) -> [Outbound] {
        guard let last = id.map({ WriteID($0) }) ?? writes.last?.id else { return [] }
        return perform { $0.durable(DurabilityReport(syncedUpTo: last), effects: &$1) }
    }

    @discardableResult
    mutating func propose(_ count: Int = 1) throws(ProposeRefusal) -> [Outbound] {
        var effects = RaftEffects()
        _ = try raft.propose([UInt8](repeating: 7, count: count), effects: &effects)
        writes += effects.writes
        return effects.messages
    }

    @discardableResult
    mutating func requestRead(_ id: UInt64) -> [Outbound] {
        perform { $0.requestRead(ReadID(id), effects: &$1) }
    }

    /// Wins an election with node 2's help; its no-op is on disk. Hands back what left last.
    @discardableResult
    mutating func lead() -> [Outbound] {
        perform { $0.campaign(effects: &$1) }
        let next = raft.term.rawValue + 1
        receive(.preVoteGrant(next), from: 2)
        sync()
        let messages = receive(.voteGrant(next), from: 2)
        #expect(raft.role == .leader)
        sync()
        return messages
    }
}

/// Entries of the given terms, from `after + 1` on.
func makeEntries(_ terms: [UInt64], after: UInt64 = 0) -> [Entry] {
    terms.enumerated().map { offset, term in
        Entry(
            index: LogIndex(after + UInt64(offset) + 1), term: Term(term), kind: .commands,
            data: [UInt8(truncatingIfNeeded: term)])
    }
}

func at(_ term: UInt64, _ index: UInt64) -> LogPosition {
    LogPosition(term: Term(term), index: LogIndex(index))
}

extension Raft {
    /// The terms of all entries.
    var terms: [UInt64] {
        (0..<lastPosition.index.rawValue).map { term(at: LogIndex($0 + 1))?.rawValue ?? 0 }
    }
}

extension Message {
    static func ask(_ kind: VoteKind, _ term: UInt64, last: LogPosition) -> Message {
        .voteRequest(VoteRequest(kind: kind, term: Term(term), last: last))
    }
    static func vote(
        _ kind: VoteKind, _ term: UInt64, _ verdict: VoteResponse.Verdict
    ) -> Message {
        .voteResponse(VoteResponse(kind: kind, term: Term(term), verdict: verdict))
    }
    static func preVoteGrant(_ term: UInt64) -> Message { vote(.preVote, term, .granted) }
    static func voteGrant(_ term: UInt64) -> Message { vote(.vote, term, .granted) }
    static func append(
        _ term: UInt64, after previous: LogPosition, _ terms: [UInt64] = [], commit: UInt64 = 0
    ) -> Message {
        .appendRequest(
            AppendRequest(
                term: Term(term), previous: previous,
                entries: makeEntries(terms, after: previous.index.rawValue),
                commit: LogIndex(commit)))
    }
    static func accepted(_ term: UInt64, _ match: UInt64) -> Message {
        .appendResponse(
            AppendResponse(term: Term(term), result: .accepted(match: LogIndex(match))))
    }
    static func rejected(_ term: UInt64, _ previous: UInt64, hint: LogPosition) -> Message {
        .appendResponse(
            AppendResponse(
                term: Term(term), result: .rejected(previous: LogIndex(previous), hint: hint)))
    }
    static func heartbeat(_ term: UInt64, commit: UInt64 = 0, round: UInt64 = 0) -> Message {
        .heartbeat(
            Heartbeat(term: Term(term), commit: LogIndex(commit), round: ReadRound(round)))
    }
    static func beat(_ term: UInt64, round: UInt64 = 0) -> Message {
        .heartbeatResponse(HeartbeatResponse(term: Term(term), round: ReadRound(round)))
    }
    static func timeoutNow(term: UInt64) -> Message { .timeoutNow(TimeoutNow(term: Term(term))) }

    /// The append a message is, if it is one.
    var appended: AppendRequest? {
        guard case .appendRequest(let request) = self else { return nil }
        return request
    }
    var heartbeatRound: UInt64? {
        guard case .heartbeat(let heartbeat) = self else { return nil }
        return heartbeat.round.rawValue
    }
}

extension Outbound {
    init(_ to: UInt16, _ message: Message) { self.init(to: NodeID(to), message: message) }
}

extension [Outbound] {
    /// What goes to one node.
    func to(_ node: UInt16) -> [Message] { filter { $0.to == NodeID(node) }.map(\.message) }
    /// The appends to one node.
    func appends(to node: UInt16) -> [AppendRequest] { to(node).compactMap(\.appended) }
}
