package import Primitives

/// What a node is at the moment, as others may see it.
package enum Role: Hashable, Sendable {
    case follower(leader: NodeID?)
    case preCandidate
    case candidate
    case leader
}

/// Whether the host lets this node vote and lead; it may change at any time.
package enum Eligibility: Sendable {
    /// Votes, and campaigns when there is no leader.
    case full
    /// Votes, and never campaigns: its disk stalls, or its clock disagrees with the others'.
    case votesOnly
    /// Follows and acknowledges, and never votes: its log is damaged and what it once promised may
    /// be gone, so its vote could elect a leader that lacks committed entries (FAST'18,
    /// protocol-aware recovery; NATS 2.12.1 as Jepsen found it).
    case none
}

/// What a node is, with what it needs to be that.
enum RoleState: Sendable {
    /// → preCandidate when the timer ends; candidate when the leader asks for it.
    case follower(leader: NodeID?)
    /// Asks whether it could win. → candidate with a majority; follower of whoever leads.
    case preCandidate(Tally)
    /// → leader with a majority, its own durable vote included; preCandidate when the timer ends.
    case candidate(Tally, VoteKind)
    /// → follower at a higher term, without a quorum's word, or when the host says so.
    case leader(Leader)

    /// The leader's state, changed in place. Must not be touched in another role.
    var leading: Leader {
        // Not `_read`: Swift 6.3 yields freed memory from it in debug builds.
        get {
            guard case .leader(let leader) = self else { invariantFailure("not the leader") }
            return leader
        }
        _modify {
            guard case .leader(var leader) = self else { invariantFailure("not the leader") }
            // Let go of the other reference, or the first change would copy the arrays.
            self = .follower(leader: nil)
            defer { self = .leader(leader) }
            yield &leader
        }
    }
}
