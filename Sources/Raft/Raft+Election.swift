import Primitives

// Elections: Raft paper §5.2 and §5.4.1; pre-vote, thesis §9.6; stickiness, thesis §4.2.3.
extension Raft {
    /// Called once, after `eligibility` is set and before any other input. The only voter of a
    /// cluster need not wait to find out that there is no leader.
    ///
    /// A node whose log is damaged takes a new term: the leader, which may count on entries that
    /// are gone, must go, and the next one asks every member anew what it has.
    package mutating func start(effects: inout RaftEffects) {
        switch eligibility {
        case .full:
            if membership.hasQuorum({ $0 == id }) { campaign(effects: &effects) }
        case .votesOnly: break
        case .none:
            hardState = HardState(term: term.next, vote: nil)
            ledger.stage(hardState)
            issueWrite(&effects)
        }
    }

    /// Behaves as if the election timer had ended: this node knows no leader, and asks whether it
    /// could win, unless it is a learner or not eligible. A leader stays one.
    package mutating func campaign(effects: inout RaftEffects) {
        if case .leader = state { return }
        defer { issueWrite(&effects) }
        timer = ElectionTimer(configuration, random: &random)
        follow(nil, effects: &effects)
        guard mayCampaign else { return }
        state = .preCandidate(Tally())
        askForVotes(.preVote, term: term.next, effects: &effects)
        count(.granted, from: id, effects: &effects)
    }

    var mayCampaign: Bool { eligibility == .full && membership.isVoter(id) }

    /// Takes the next term and the own vote in it. The requests leave, and the own vote counts,
    /// when both are on disk.
    mutating func stand(_ kind: VoteKind, effects: inout RaftEffects) {
        timer = ElectionTimer(configuration, random: &random)
        hardState = HardState(term: term.next, vote: id)
        ledger.stage(hardState)
        promises.breakAll()
        state = .candidate(Tally(), kind)
        askForVotes(kind, term: term, effects: &effects)
    }

    private mutating func askForVotes(
        _ kind: VoteKind, term: Term, effects: inout RaftEffects
    ) {
        let request = Message.voteRequest(VoteRequest(kind: kind, term: term, last: log.last))
        for member in membership.members where member != id && membership.isVoter(member) {
            send(request, to: member, effects: &effects)
        }
    }

    mutating func countOwnVote(_ effects: inout RaftEffects) {
        guard ledger.isHardStateSynced else { return }
        count(.granted, from: id, effects: &effects)
    }

    mutating func count(
        _ response: VoteResponse, from voter: NodeID, effects: inout RaftEffects
    ) {
        switch (state, response.kind, response.verdict) {
        case (.preCandidate, .preVote, .granted):
            guard response.term == term.next else { return }
        case (.preCandidate, .preVote, .refused): break
        case (.candidate(_, let asked), let kind, _):
            guard kind == asked, response.term == term else { return }
        case (.preCandidate, _, _), (.follower, _, _), (.leader, _, _): return
        }
        count(response.verdict, from: voter, effects: &effects)
    }

    private mutating func count(
        _ verdict: VoteResponse.Verdict, from voter: NodeID, effects: inout RaftEffects
    ) {
        switch state {
        case .preCandidate(var tally):
            tally.count(verdict, from: voter)
            state = .preCandidate(tally)
            switch tally.outcome(in: membership) {
            case .open: break
            case .won: stand(.vote, effects: &effects)
            case .lost: follow(nil, effects: &effects)
            }
        case .candidate(var tally, let kind):
            tally.count(verdict, from: voter)
            state = .candidate(tally, kind)
            switch tally.outcome(in: membership) {
            case .open: break
            // A host that has withdrawn its consent meanwhile doesn't lead.
            case .won where mayCampaign: lead(&effects)
            case .won, .lost: follow(nil, effects: &effects)
            }
        case .follower, .leader: return
        }
    }

    /// Whether a leader was heard from too recently to help anyone replace it.
    func isHeldByLeader(against kind: VoteKind) -> Bool {
        guard kind != .transfer else { return false }
        switch state {
        case .follower(let leader):
            return leader != nil && timer.elapsed < configuration.electionTicksMin
        case .preCandidate, .candidate: return false
        // Its quorum is checked at every tick.
        case .leader: return true
        }
    }

    /// Votes for at most one candidate in a term, whose log is at least as up to date. A learner
    /// votes when asked: its promotion may be committed and not yet here (etcd-io/raft, `Step`).
    mutating func vote(
        _ request: VoteRequest, from candidate: NodeID, effects: inout RaftEffects
    ) {
        let fit =
            eligibility != .none && !isHeldByLeader(against: request.kind)
            && (request.last >= log.last || Mutant.staleLogElected.isPlanted)
        switch request.kind {
        case .preVote:
            let granted = fit && request.term > term
            let answer = VoteResponse(
                kind: .preVote, term: granted ? request.term : term,
                verdict: granted ? .granted : .refused)
            send(.voteResponse(answer), to: candidate, effects: &effects)
        case .vote, .transfer:
            let granted =
                fit && request.term == term
                && (hardState.vote == candidate || (hardState.vote == nil && leader == nil)
                    || Mutant.voteTwice.isPlanted)
            if granted {
                if hardState.vote == nil { castVote(for: candidate) }
                timer.restart()
            }
            let answer = VoteResponse(
                kind: request.kind, term: term, verdict: granted ? .granted : .refused)
            send(.voteResponse(answer), to: candidate, effects: &effects)
        }
    }

    private mutating func castVote(for candidate: NodeID) {
        invariant(hardState.vote == nil, "INV-04: \(id) voted for \(hardState), \(candidate)")
        hardState.vote = candidate
        if Mutant.voteNotWritten.isPlanted { return }
        ledger.stage(hardState)
    }
}
