package import Primitives

/// One member's share of the Raft consensus algorithm (Ongaro and Ousterhout, 2014; "thesis" is
/// Ongaro's, whose sections the comments name): a value that turns inputs into effects.
///
/// The host, in this order: feeds it inputs (`tick`, `receive`, `propose`…); carries out what they
/// add to `RaftEffects`; reports synced writes through `durable`; applies entries up to
/// `commitIndex`. It may send the messages and make the writes at the same time.
package struct Raft: Sendable {
    package let configuration: RaftConfiguration
    /// Set by the host. A leader that should stop must be told with `stepDown` as well.
    package var eligibility = Eligibility.full
    /// Everything up to here may be applied.
    package internal(set) var commitIndex: LogIndex

    var hardState: HardState
    var state = RoleState.follower(leader: nil)
    var timer: ElectionTimer
    var log: LogView
    var ledger: WriteLedger
    var promises = PromiseQueue()
    var random: PRNG
    /// Read ids leave this process disguised, so that an answer to a request of this node's last
    /// life, when ids began at the same number, isn't taken for one to this life's.
    let readDisguise: UInt64

    /// The configuration must be valid. What was committed before the restart may be applied at
    /// once; everything above it only when a leader of the current term says so.
    package init(_ configuration: RaftConfiguration, restored: RestoredLog, random: PRNG) {
        do { try configuration.validate() } catch { invariantFailure("INV-12: \(error)") }
        self.configuration = configuration
        var random = random
        readDisguise = random.next()
        timer = ElectionTimer(configuration, random: &random)
        self.random = random
        hardState = restored.hardState
        commitIndex = restored.committed
        log = LogView(restored)
        ledger = WriteLedger(durableIndex: restored.last.index)
    }
}

// What the host may ask at any time.
extension Raft {
    package var id: NodeID { configuration.id }
    /// Who takes part.
    package var membership: Membership { configuration.membership }
    /// The newest term that this node knows of.
    package var term: Term { hardState.term }

    /// What this node is in that term.
    package var role: Role {
        switch state {
        case .follower(let leader): .follower(leader: leader)
        case .preCandidate: .preCandidate
        case .candidate: .candidate
        case .leader: .leader
        }
    }

    /// The current term's leader, as far as this node knows.
    package var leader: NodeID? {
        switch state {
        case .follower(let leader): leader
        case .preCandidate, .candidate: nil
        case .leader: id
        }
    }

    /// The last entry of the log, on disk or not.
    package var lastPosition: LogPosition { log.last }
    /// The log is on this node's own disk up to here; may be less than `commitIndex`.
    package var durableIndex: LogIndex { ledger.durableIndex }
    /// Whether this node leads and has committed in its own term: only then does it know
    /// everything that is committed.
    package var hasCommittedInTerm: Bool {
        guard case .leader(let leader) = state else { return false }
        return commitIndex >= leader.opening
    }

    /// The term of the entry at `index`; nil beyond the log or where it was cut.
    package func term(at index: LogIndex) -> Term? { log.term(at: index) }

    /// The oldest entry in memory; the index after the last when there is none.
    package var firstCachedIndex: LogIndex { log.tail.first }

    /// Entries in memory, both ends included; from `firstCachedIndex` to the last. Let go of the
    /// slice before the next call, or that call copies the array.
    package func entries(from: LogIndex, through: LogIndex) -> ArraySlice<Entry> {
        log.tail[from, through.next]
    }

    /// The other members, sorted, when this node leads; else empty.
    package var peers: [PeerStatus] {
        guard case .leader(let leader) = state else { return [] }
        return leader.peers.map {
            PeerStatus(
                id: $0.id, match: $0.match,
                health: $0.silentTicks <= configuration.electionTicksMin ? .healthy : .silent)
        }
    }

    /// Who is to take over from this leader, while a transfer is under way.
    package var transferTarget: NodeID? {
        guard case .leader(let leader) = state else { return nil }
        return leader.transfer?.target
    }
}

// Memory and disk.
extension Raft {
    /// Lets go of entries at or below `applied` while the entries in memory exceed their limit.
    /// Those that are not yet on disk stay: nobody could fetch them.
    package mutating func releaseEntries(upTo applied: LogIndex) {
        invariant(applied <= commitIndex, "INV-03: applied \(applied) of \(commitIndex)")
        log.release(
            through: min(applied, ledger.durableIndex), bytesMax: configuration.tailBytesMax)
    }

    /// The log's word that writes are on disk: promises leave, the own vote and the own entries
    /// begin to count.
    package mutating func durable(_ report: DurabilityReport, effects: inout RaftEffects) {
        defer { issueWrite(&effects) }
        ledger.record(report)
        promises.open(report, effects: &effects)
        switch state {
        case .candidate: countOwnVote(&effects)
        case .leader: advanceCommit(&effects)
        case .follower, .preCandidate: break
        }
    }

    /// The only way out for a message. One whose prerequisites are not on disk waits for them.
    func mayLeave(_ message: Message) -> Bool {
        switch message.prerequisite {
        case .nothing: true
        case .hardState: ledger.isHardStateSynced
        case .log: ledger.isSynced
        }
    }

    mutating func send(_ message: Message, to peer: NodeID, effects: inout RaftEffects) {
        let outbound = Outbound(to: peer, message: message)
        if mayLeave(message) {
            effects.messages.append(outbound)
        } else {
            promises.hold(outbound, until: ledger.horizon)
        }
    }

    /// Ends every input that may change the log or the hard state: at most one write a call.
    mutating func issueWrite(_ effects: inout RaftEffects) {
        if let write = ledger.issue() { effects.writes.append(write) }
    }

    mutating func appendToLog(_ entries: [Entry]) {
        for entry in entries { log.append(entry) }
        ledger.stage(entries)
    }
}
