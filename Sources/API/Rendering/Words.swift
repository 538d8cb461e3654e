import Inventory
import NodeCore

// The words of the contract for the states of things.

extension SeatConflict.State {
    var word: String {
        switch self {
        case .held: "held"
        case .booked: "booked"
        case .blocked: "blocked"
        }
    }
}

extension HoldStatus {
    var word: String {
        switch self {
        case .held: "held"
        case .paymentPending: "payment_pending"
        case .booked: "booked"
        case .released: "released"
        case .expired: "expired"
        }
    }
}

extension OrderStatus {
    var word: String {
        switch self {
        case .pending: "pending"
        case .confirmed: "confirmed"
        case .failed: "failed"
        case .cancelled: "cancelled"
        }
    }
}

extension AttemptStatus {
    var word: String {
        switch self {
        case .pending: "pending"
        case .cancelling: "cancelling"
        case .succeeded: "succeeded"
        case .declined: "declined"
        case .cancelled: "cancelled"
        }
    }
}

extension RoleName {
    var word: String {
        switch self {
        case .leader: "leader"
        case .follower: "follower"
        case .candidate: "candidate"
        case .learner: "learner"
        }
    }
}
