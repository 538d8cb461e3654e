import Primitives

/// The votes of one round. Only what voters said counts, once each: their first word.
struct Tally: Sendable {
    private var granted: [NodeID] = []
    private var refused: [NodeID] = []

    enum Outcome {
        case open
        case won
        /// Those who have not refused are too few to win.
        case lost
    }

    mutating func count(_ verdict: VoteResponse.Verdict, from voter: NodeID) {
        guard !granted.contains(voter), !refused.contains(voter) else { return }
        switch verdict {
        case .granted: granted.append(voter)
        case .refused: refused.append(voter)
        }
    }

    func outcome(in membership: Membership) -> Outcome {
        if membership.hasQuorum({ granted.contains($0) }) { return .won }
        return membership.hasQuorum { !refused.contains($0) } ? .open : .lost
    }
}
