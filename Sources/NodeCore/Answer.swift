package import Inventory
package import Primitives
package import Raft

/// The core's answer to one request.
package struct Reply: Sendable {
    package var id: RequestID
    package var answer: Answer
    /// Time since this node last matched the leader's commit index; nil: never yet.
    package var staleness: Milliseconds?
    package init(id: RequestID, answer: Answer, staleness: Milliseconds?) {
        self.id = id
        self.answer = answer
        self.staleness = staleness
    }
}

/// What the core says to a request.
package enum Answer: Sendable {
    /// A write's outcome, or a read that found (or missed) one thing.
    case outcome(Outcome)
    /// The payment is still under way after the request's patience: 202.
    case paymentUnderWay(OrderView)
    case events(EventPage)
    case layout(Layout)
    case seatMap(SeatMapView)
    case orders([OrderView])
    case status(StatusView)
    /// Positions in the request's seat list that the event's layout doesn't have.
    case unknownSeats([Int])
    /// A write at a node that is not the leader. Nothing was appended.
    case notLeader(LeaderHint)
    /// Nothing was appended: safe to retry at once elsewhere.
    case unavailable(Unavailability)
    /// The leader can't hand over to that member now.
    case transferRefused(TransferRefusal)
    /// The command is in a log and its fate is not known here: retry with the same key.
    case outcomeUnknown
}

/// Whom a node believes to lead, and since which term.
package struct LeaderHint: Hashable, Sendable {
    package var leader: NodeID
    package var term: Term
    package init(leader: NodeID, term: Term) {
        self.leader = leader
        self.term = term
    }
}

/// Why a node can't serve a request now.
package enum Unavailability: Hashable, Sendable {
    case noLeader
    /// For a local read: the time since this node last matched the leader's commit index (nil: it
    /// never has) is beyond what may be served.
    case stale(Milliseconds?, max: Milliseconds)
    case overloaded
    case storageFull
}

/// One page of `GET /events`.
package struct EventPage: Sendable {
    package var events: [EventView]
    /// Where the next page begins; nil at the end.
    package var next: EventPosition?
    package init(events: [EventView], next: EventPosition?) {
        self.events = events
        self.next = next
    }
}

/// A member's part in consensus, as it is shown.
package enum RoleName: UInt8, Sendable {
    case leader
    case follower
    case candidate
    case learner
}

/// What one node knows of a member.
package struct MemberStatus: Hashable, Sendable {
    package var id: NodeID
    package var role: RoleName
    /// Known on the leader, and of oneself.
    package var matchIndex: LogIndex?
    /// On the leader: answered within an election timeout. Elsewhere: heard from lately.
    package var isHealthy: Bool
    package init(id: NodeID, role: RoleName, matchIndex: LogIndex?, isHealthy: Bool) {
        self.id = id
        self.role = role
        self.matchIndex = matchIndex
        self.isHealthy = isHealthy
    }
}

/// What `GET /cluster/status` shows, less what the configuration says.
package struct StatusView: Sendable {
    package var id: NodeID
    package var role: RoleName
    package var term: Term
    package var leader: NodeID?
    package var commitIndex: LogIndex
    package var appliedIndex: LogIndex
    package var members: [MemberStatus]
    package var digest: UInt64
    package init(
        id: NodeID, role: RoleName, term: Term, leader: NodeID?, commitIndex: LogIndex,
        appliedIndex: LogIndex, members: [MemberStatus], digest: UInt64
    ) {
        self.id = id
        self.role = role
        self.term = term
        self.leader = leader
        self.commitIndex = commitIndex
        self.appliedIndex = appliedIndex
        self.members = members
        self.digest = digest
    }
}
