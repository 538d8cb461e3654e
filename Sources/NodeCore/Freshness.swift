package import Primitives

/// How far behind the leader this node's state may be.
package struct Freshness: Sendable {
    /// What the leader had applied when it last spoke, until this node has applied as much.
    private var pending: (index: LogIndex, at: MonotonicTime)?
    private var matchedAt: MonotonicTime?

    package init() {}

    /// Notes what a peer says that it has applied; only the leader's word counts.
    package mutating func note(
        _ gossip: Gossip, from peer: NodeID, leader: NodeID?, at now: MonotonicTime
    ) {
        guard peer == leader, pending == nil else { return }
        pending = (gossip.appliedIndex, now)
    }

    /// This node's state is now that of `index`.
    package mutating func applied(through index: LogIndex) {
        guard let goal = pending, goal.index <= index else { return }
        matchedAt = goal.at
        pending = nil
    }

    /// Nil before the first match.
    package func staleness(at now: MonotonicTime) -> Milliseconds? {
        matchedAt.map { now.milliseconds(since: $0) }
    }
}
