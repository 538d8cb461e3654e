import Primitives

// A leader's side of replication: probing, pipelining and backing up are decided in `Progress`.
extension Raft {
    mutating func replicateToAll(_ effects: inout RaftEffects) {
        for slot in state.leading.peers.indices { replicate(to: slot, effects: &effects) }
    }

    /// Sends one member what it lacks and its window allows.
    private mutating func replicate(
        to slot: Int, empty: Progress.EmptyAppend = .ifNews, effects: inout RaftEffects
    ) {
        let peer = state.leading.peers[slot].id
        var empty = empty
        while true {
            let step = state.leading.peers[slot].step(
                log, term: term, commit: commitIndex, bytesMax: configuration.appendBytesMax,
                empty: empty)
            switch step {
            case .append(let request): send(.appendRequest(request), to: peer, effects: &effects)
            case .fetch(let fetch): return effects.fetches.append(fetch)
            case .wait: return
            }
            empty = .ifNews
        }
    }

    /// Entries that were asked for by a `LogFetch`, as far as they could be read. The host answers
    /// each fetch once; with nothing when its disk failed, which ends in a retry.
    package mutating func fetched(
        _ fetch: LogFetch, entries: [Entry], effects: inout RaftEffects
    ) {
        guard case .leader = state, let slot = state.leading.slot(of: fetch.peer),
            state.leading.peers[slot].fetching == fetch.from
        else { return }
        // The log may have changed since; what is sent must be this log's, and without a gap.
        var expected = fetch.from
        let usable = entries.prefix { entry in
            defer { expected = expected.next }
            return entry.index == expected && log.holds(entry.position)
        }
        let request = state.leading.peers[slot].step(
            log, fetched: Array(usable), term: term, commit: commitIndex)
        if let request { send(.appendRequest(request), to: fetch.peer, effects: &effects) }
        // When nothing could be read, the answer to the next heartbeat tries again.
        if state.leading.peers[slot].next != fetch.from { replicate(to: slot, effects: &effects) }
    }

    mutating func note(
        _ response: AppendResponse, from peer: NodeID, effects: inout RaftEffects
    ) {
        guard response.term == term, case .leader = state,
            let slot = state.leading.slot(of: peer)
        else { return }
        switch response.result {
        case .accepted(let match):
            // No honest follower has more of this term's log than its leader.
            guard match <= log.last.index else { return }
            state.leading.peers[slot].accept(match)
            advanceCommit(&effects)
            replicate(to: slot, effects: &effects)
            proceedWithTransfer(&effects)
        case .rejected(let previous, let hint):
            state.leading.peers[slot].reject(previous: previous, hint: hint, log: log)
            replicate(to: slot, effects: &effects)
        }
    }

    /// Each with the newest round of reads, so that any later heartbeat can stand in for a lost
    /// one.
    mutating func sendHeartbeats(_ effects: inout RaftEffects) {
        state.leading.ticksSinceHeartbeat = 0
        let round = state.leading.reads.newest
        for slot in state.leading.peers.indices {
            let peer = state.leading.peers[slot]
            // A follower commits only what it is known to hold (scylladb #10578).
            let known = Mutant.heartbeatCommitUnbounded.isPlanted ? commitIndex : peer.match
            let heartbeat = Heartbeat(term: term, commit: min(known, commitIndex), round: round)
            send(.heartbeat(heartbeat), to: peer.id, effects: &effects)
        }
    }

    mutating func note(
        _ response: HeartbeatResponse, from peer: NodeID, effects: inout RaftEffects
    ) {
        guard response.term == term, case .leader = state,
            let slot = state.leading.slot(of: peer)
        else { return }
        state.leading.peers[slot].answer(response.round)
        confirmReads(&effects)
        if state.leading.peers[slot].match < log.last.index {
            replicate(
                to: slot, empty: Mutant.lostWindowNotProbed.isPlanted ? .ifNews : .always,
                effects: &effects)
        }
    }
}
