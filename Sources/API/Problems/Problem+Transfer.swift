import NodeCore
import Raft

extension Problem {
    /// Why leadership can't be handed over now.
    init(_ refusal: TransferRefusal) {
        switch refusal {
        case .notLeader: self.init(.noLeader)
        case .unfitTarget: self = .unprocessable("to", "must name another voting member")
        case .transferring:
            self.init(.idempotencyInProgress, "Leadership is being handed over already.")
        }
    }
}
