package import Primitives

/// A leader on its way out (thesis §3.10). Proposals stop until it is over.
struct LeadershipTransfer: Sendable {
    enum Stage {
        /// The target still lacks entries. → told
        case catchingUp
        /// It was asked to campaign. Its vote request, or the time limit, ends the transfer.
        case told
    }
    let target: NodeID
    var stage = Stage.catchingUp
    var elapsedTicks = 0

    init(target: NodeID) {
        self.target = target
    }
}

/// Why a transfer was not begun.
package enum TransferRefusal: Error, Hashable, Sendable {
    case notLeader(leader: NodeID?)
    /// Not another voter.
    case unfitTarget
    /// One is under way.
    case transferring(to: NodeID)
}
