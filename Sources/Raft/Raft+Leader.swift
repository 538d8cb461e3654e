package import Primitives

/// Why a proposal was not taken. Nothing was written.
package enum ProposeRefusal: Error, Hashable, Sendable {
    case notLeader(leader: NodeID?)
    /// Another node is about to lead.
    case transferring(to: NodeID)
    /// Too many bytes wait for their commit.
    case uncommittedBytesFull
}

// A leader's reign, from the no-op to its end. Replication itself is in Raft+Replication.
extension Raft {
    /// Appends data to the log, of at most `Entry.dataBytesMax`. It is committed when
    /// `commitIndex` reaches the answered position's index while the term there is unchanged.
    package mutating func propose(
        _ data: [UInt8], effects: inout RaftEffects
    ) throws(ProposeRefusal) -> LogPosition {
        invariant(data.count <= Entry.dataBytesMax, "INV-09: \(data.count) bytes in an entry")
        guard case .leader = state else { throw .notLeader(leader: leader) }
        if let transfer = state.leading.transfer { throw .transferring(to: transfer.target) }
        let entry = Entry(index: log.last.index.next, term: term, kind: .commands, data: data)
        let uncommitted = state.leading.uncommittedBytes
        guard uncommitted == 0 || uncommitted + entry.bytes <= configuration.uncommittedBytesMax
        else { throw .uncommittedBytesFull }
        defer { issueWrite(&effects) }
        state.leading.uncommittedBytes += entry.bytes
        appendToLog([entry])
        replicateToAll(&effects)
        return entry.position
    }

    /// The leader becomes a follower without a leader, and a candidate gives up: its disk stalls
    /// or its clock is in doubt. Set `eligibility` too, or it may soon campaign again.
    package mutating func stepDown(effects: inout RaftEffects) {
        defer { issueWrite(&effects) }
        switch state {
        case .leader, .candidate, .preCandidate: follow(nil, effects: &effects)
        case .follower: break
        }
    }

    /// One tick of the host's clock.
    package mutating func tick(effects: inout RaftEffects) {
        defer { issueWrite(&effects) }
        guard case .leader = state else {
            if timer.tick() { campaign(effects: &effects) }
            return
        }
        for slot in state.leading.peers.indices { state.leading.peers[slot].silentTicks += 1 }
        // Without a quorum it can't commit, and only keeps others from leading (thesis §6.2).
        let silentTicksMax = configuration.electionTicksMax
        guard state.leading.hasQuorum(membership, { $0.silentTicks <= silentTicksMax }) else {
            return follow(nil, effects: &effects)
        }
        tickTransfer()
        state.leading.ticksSinceHeartbeat += 1
        if state.leading.ticksSinceHeartbeat >= configuration.heartbeatTicks {
            sendHeartbeats(&effects)
        }
    }

    mutating func lead(_ effects: inout RaftEffects) {
        let opening = Entry(index: log.last.index.next, term: term, kind: .noop, data: [])
        let peers = membership.members.filter { $0 != id }.map {
            Progress(id: $0, next: opening.index, configuration: configuration)
        }
        let reads = ReadQueue(waitingMax: configuration.waitingReadsMax)
        state = .leader(Leader(id: id, peers: peers, opening: opening.index, reads: reads))
        appendToLog([opening])
        replicateToAll(&effects)
    }

    /// "If there exists an N > commitIndex such that a majority of matchIndex ≥ N, and
    /// log[N].term == currentTerm: set commitIndex = N" (Raft paper, figure 2). Older entries are
    /// committed with a newer one, never counted (figure 8). The leader counts like any other
    /// voter, once its own disk has the entry.
    mutating func advanceCommit(_ effects: inout RaftEffects) {
        let own = Mutant.ownCopyUnsynced.isPlanted ? log.last.index : ledger.durableIndex
        let agreed = state.leading.indexReachedByQuorum(membership, own: own)
        guard agreed > commitIndex,
            log.term(at: agreed) == term || Mutant.oldTermsCounted.isPlanted
        else { return }
        state.leading.uncommittedBytes -= proposedBytes(after: commitIndex, through: agreed)
        let knewCommitted = hasCommittedInTerm
        commitIndex = agreed
        invariant(
            commitIndex <= log.last.index && state.leading.uncommittedBytes >= 0,
            "INV-03: commit \(commitIndex), log ends at \(log.last), \(state.leading) bytes")
        if !knewCommitted { confirmReads(&effects) }
        replicateToAll(&effects)
    }

    /// Bytes of this term's proposals in a range of the log. They are in memory: only committed
    /// entries leave it.
    private func proposedBytes(after: LogIndex, through: LogIndex) -> Int {
        let from = max(after, state.leading.opening).next
        guard from <= through else { return 0 }
        return log.tail[from, through.next].reduce(0) { $0 + $1.bytes }
    }
}

// Leadership transfer: thesis §3.10.
extension Raft {
    /// Stops proposals, brings the target up to date and asks it to campaign. Given up after the
    /// longest election timeout, when proposals go on.
    package mutating func transferLeadership(
        to target: NodeID, effects: inout RaftEffects
    ) throws(TransferRefusal) {
        guard case .leader = state else { throw .notLeader(leader: leader) }
        guard target != id, membership.isVoter(target) else { throw .unfitTarget }
        if let transfer = state.leading.transfer { throw .transferring(to: transfer.target) }
        state.leading.transfer = LeadershipTransfer(target: target)
        proceedWithTransfer(&effects)
    }

    private mutating func tickTransfer() {
        guard var transfer = state.leading.transfer else { return }
        transfer.elapsedTicks += 1
        let over = transfer.elapsedTicks >= configuration.electionTicksMax
        state.leading.transfer = over ? nil : transfer
    }

    /// A target that has every entry is told, once.
    mutating func proceedWithTransfer(_ effects: inout RaftEffects) {
        guard var transfer = state.leading.transfer, transfer.stage == .catchingUp,
            let slot = state.leading.slot(of: transfer.target),
            state.leading.peers[slot].match == log.last.index
        else { return }
        transfer.stage = .told
        state.leading.transfer = transfer
        send(.timeoutNow(TimeoutNow(term: term)), to: transfer.target, effects: &effects)
    }
}
