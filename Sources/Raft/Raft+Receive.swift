package import Primitives

extension Raft {
    /// A message from another member. Those from strangers and from itself are ignored.
    package mutating func receive(
        _ message: Message, from sender: NodeID, effects: inout RaftEffects
    ) {
        guard sender != id, membership.contains(sender) else { return }
        defer { issueWrite(&effects) }
        adoptTerm(of: message, effects: &effects)
        if message.term == term, case .leader = state, let slot = state.leading.slot(of: sender) {
            state.leading.peers[slot].silentTicks = 0
        }
        switch message {
        case .voteRequest(let request): vote(request, from: sender, effects: &effects)
        case .voteResponse(let response): count(response, from: sender, effects: &effects)
        case .appendRequest(let request): append(request, from: sender, effects: &effects)
        case .appendResponse(let response): note(response, from: sender, effects: &effects)
        case .heartbeat(let heartbeat): answer(heartbeat, from: sender, effects: &effects)
        case .heartbeatResponse(let response): note(response, from: sender, effects: &effects)
        case .readRequest(let request): serve(request, from: sender, effects: &effects)
        case .readResponse(let response): finish(response, effects: &effects)
        case .timeoutNow(let request): takeOver(request, from: sender, effects: &effects)
        }
    }

    /// "If RPC request or response contains term T > currentTerm: set currentTerm = T, convert to
    /// follower" (Raft paper, figure 2), with the exceptions that pre-votes and leader stickiness
    /// make (thesis §9.6, §4.2.3).
    private mutating func adoptTerm(of message: Message, effects: inout RaftEffects) {
        guard message.term > term else { return }
        switch message {
        case .voteRequest(let request):
            // A pre-vote names a term that nobody has taken yet.
            guard request.kind != .preVote, !isHeldByLeader(against: request.kind) else { return }
        case .voteResponse(let response):
            // So does the grant of one.
            guard response.kind != .preVote || response.verdict == .refused else { return }
        case .appendRequest, .appendResponse, .heartbeat, .heartbeatResponse, .readRequest,
            .readResponse, .timeoutNow:
            break
        }
        hardState = HardState(term: message.term, vote: nil)
        ledger.stage(hardState)
        promises.breakAll()
        follow(nil, effects: &effects)
    }

    /// Gives up whatever role this node has; the term stays. Candidates keep their timer, so a
    /// stream of higher terms can't keep a fit node from campaigning.
    mutating func follow(_ leader: NodeID?, effects: inout RaftEffects) {
        let former = state
        state = .follower(leader: leader)
        if case .leader(let reign) = former {
            timer = ElectionTimer(configuration, random: &random)
            abandon(reign.reads, effects: &effects)
        }
    }
}
