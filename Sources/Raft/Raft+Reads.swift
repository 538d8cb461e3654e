import Primitives

// Linearizable reads without the log: thesis §6.4, ReadIndex, also for followers' clients.
extension Raft {
    /// Asks from which applied index on a read that begins now may be answered. The outcome comes
    /// as an effect, now or later; a request that is lost on its way to the leader has none, so the
    /// host sets a time limit, and ignores outcomes for ids that it doesn't know.
    package mutating func requestRead(_ read: ReadID, effects: inout RaftEffects) {
        switch state {
        case .leader:
            enqueue(.local(read), effects: &effects)
        case .follower(let leader?):
            let request = ReadRequest(term: term, id: disguised(read))
            send(.readRequest(request), to: leader, effects: &effects)
        case .follower(nil), .preCandidate, .candidate:
            effects.reads.append(ReadOutcome(id: read, index: nil))
        }
    }

    /// Its own inverse.
    private func disguised(_ read: ReadID) -> ReadID { ReadID(read.rawValue ^ readDisguise) }

    mutating func serve(
        _ request: ReadRequest, from peer: NodeID, effects: inout RaftEffects
    ) {
        let reader = ReadQueue.Reader.peer(peer, request.id)
        guard case .leader = state else { return answer(reader, nil, effects: &effects) }
        enqueue(reader, effects: &effects)
    }

    /// Valid in any term: whoever answered led after the request had left.
    mutating func finish(_ response: ReadResponse, effects: inout RaftEffects) {
        effects.reads.append(ReadOutcome(id: disguised(response.id), index: response.index))
    }

    private mutating func enqueue(_ reader: ReadQueue.Reader, effects: inout RaftEffects) {
        guard state.leading.reads.add(reader) else { return answer(reader, nil, effects: &effects) }
        beginRound(&effects)
    }

    /// A round starts as soon as the one before it ends, and is waited for by nobody's tick.
    private mutating func beginRound(_ effects: inout RaftEffects) {
        guard hasCommittedInTerm || Mutant.readBeforeFirstCommit.isPlanted,
            state.leading.reads.begin(at: commitIndex)
        else { return }
        sendHeartbeats(&effects)
        confirmReads(&effects)
    }

    /// Ends the round under way if a quorum has answered it, and starts the next.
    mutating func confirmReads(_ effects: inout RaftEffects) {
        if let number = state.leading.reads.underWay?.number {
            let isConfirmed = state.leading.hasQuorum(membership) {
                $0.answeredRound >= number || Mutant.readWithoutQuorum.isPlanted
            }
            guard isConfirmed,
                let round = state.leading.reads.finish()
            else { return }
            for reader in round.readers { answer(reader, round.index, effects: &effects) }
        }
        beginRound(&effects)
    }

    mutating func abandon(_ reads: ReadQueue, effects: inout RaftEffects) {
        for reader in reads.readers() { answer(reader, nil, effects: &effects) }
    }

    private mutating func answer(
        _ reader: ReadQueue.Reader, _ index: LogIndex?, effects: inout RaftEffects
    ) {
        switch reader {
        case .local(let read): effects.reads.append(ReadOutcome(id: read, index: index))
        case .peer(let peer, let read):
            let response = ReadResponse(term: term, id: read, index: index)
            send(.readResponse(response), to: peer, effects: &effects)
        }
    }
}
