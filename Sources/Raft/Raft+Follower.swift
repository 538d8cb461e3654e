import Primitives

// A follower's side of replication: Raft paper §5.3 and figure 2, "AppendEntries RPC".
extension Raft {
    /// Whether a message of a leader is of this term, whose leader the sender then is.
    private mutating func follows(
        _ sender: NodeID, leaderOf messageTerm: Term, effects: inout RaftEffects
    ) -> Bool {
        guard messageTerm == term else { return false }
        if case .leader = state {
            invariantFailure("INV-01: \(sender) and \(id) both lead term \(term)")
        }
        follow(sender, effects: &effects)
        timer.restart()
        return true
    }

    mutating func append(
        _ request: AppendRequest, from sender: NodeID, effects: inout RaftEffects
    ) {
        let previous = request.previous
        guard isWellFormed(request) else { return }
        guard follows(sender, leaderOf: request.term, effects: &effects) else {
            // An answer in any case: it shows a deposed leader, which a pre-vote would not, the
            // term that it must reach (etcd #8501).
            refuse(previous.index, hint: .zero, to: sender, effects: &effects)
            return
        }
        guard previous.index >= log.base.index else {
            // What was cut here was committed, so the leader has it too.
            accept(commitIndex, from: sender, effects: &effects)
            return
        }
        let reaches = Mutant.previousNotCompared.isPlanted && previous.index <= log.last.index
        guard log.holds(previous) || reaches else {
            refuse(
                previous.index, hint: log.newest(atMost: previous), to: sender, effects: &effects)
            return
        }
        store(request.entries)
        let verified = request.entries.last?.index ?? previous.index
        let limit = Mutant.commitBeyondVerified.isPlanted ? log.last.index : verified
        commit(through: min(request.commit, limit))
        accept(verified, from: sender, effects: &effects)
    }

    /// Consecutive entries of terms that never fall (openraft #1795: a leader's failing disk once
    /// made a gap).
    private func isWellFormed(_ request: AppendRequest) -> Bool {
        var position = request.previous
        for entry in request.entries {
            guard entry.index == position.index.next, entry.term >= position.term else {
                return false
            }
            position = entry.position
        }
        return position.term <= request.term
    }

    /// Skips what is already there: a late append may end before entries that a newer one brought.
    /// Removes entries only from the first that conflicts.
    private mutating func store(_ entries: [Entry]) {
        let isFresh = { [log, commitIndex] (entry: Entry) in
            !log.holds(entry.position)
                || Mutant.truncateOnOverlap.isPlanted && entry.index > commitIndex
        }
        guard let fresh = entries.firstIndex(where: isFresh) else { return }
        let index = entries[fresh].index
        if index <= log.last.index {
            invariant(
                index > commitIndex,
                "INV-02: \(entries[fresh].position) replaces a committed entry of \(log.last)")
            log.truncate(from: index)
            ledger.stage(truncateFrom: index)
        }
        appendToLog(fresh == 0 ? entries : Array(entries[fresh...]))
    }

    /// On the leader's word.
    private mutating func commit(through index: LogIndex) {
        guard index > commitIndex else { return }
        invariant(index <= log.last.index, "INV-03: commit \(index), log ends at \(log.last)")
        commitIndex = index
    }

    private mutating func accept(
        _ match: LogIndex, from leader: NodeID, effects: inout RaftEffects
    ) {
        let response = AppendResponse(term: term, result: .accepted(match: match))
        send(.appendResponse(response), to: leader, effects: &effects)
    }

    private mutating func refuse(
        _ previous: LogIndex, hint: LogPosition, to leader: NodeID, effects: inout RaftEffects
    ) {
        let response = AppendResponse(
            term: term, result: .rejected(previous: previous, hint: hint))
        send(.appendResponse(response), to: leader, effects: &effects)
    }

    mutating func answer(
        _ heartbeat: Heartbeat, from sender: NodeID, effects: inout RaftEffects
    ) {
        if follows(sender, leaderOf: heartbeat.term, effects: &effects) {
            let isUnbounded = Mutant.heartbeatCommitUnbounded.isPlanted
            commit(through: isUnbounded ? min(heartbeat.commit, log.last.index) : heartbeat.commit)
        }
        let response = HeartbeatResponse(term: term, round: heartbeat.round)
        send(.heartbeatResponse(response), to: sender, effects: &effects)
    }

    /// The leader wants this node to take over: no pre-vote, no waiting (thesis §3.10).
    mutating func takeOver(
        _ request: TimeoutNow, from sender: NodeID, effects: inout RaftEffects
    ) {
        guard request.term == term, leader == sender, mayCampaign else { return }
        stand(.transfer, effects: &effects)
    }
}
