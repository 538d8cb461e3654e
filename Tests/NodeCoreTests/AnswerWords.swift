import Inventory
import NodeCore
import Primitives
import Raft

/// Answers in one word, so that a test's expectation reads as the contract does.
extension Answer? {
    var word: String { self?.word ?? "none" }
}

extension Answer {
    var word: String {
        switch self {
        case .outcome(let outcome): outcome.word
        case .paymentUnderWay: "under way"
        case .events: "events"
        case .layout: "layout"
        case .seatMap: "seat map"
        case .orders: "orders"
        case .status: "status"
        case .unknownSeats(let positions): "unknown seats \(positions)"
        case .notLeader: "not leader"
        case .unavailable(.stale): "stale"
        case .unavailable(let reason): "\(reason)"
        case .transferRefused: "transfer refused"
        case .outcomeUnknown: "unknown outcome"
        }
    }

    var hold: HoldView? {
        guard case .outcome(.hold(let hold, _)) = self else { return nil }
        return hold
    }

    var order: OrderView? {
        switch self {
        case .outcome(.order(let order, _)): order
        case .paymentUnderWay(let order): order
        default: nil
        }
    }
}

extension Outcome {
    var word: String {
        switch self {
        case .done: "done"
        case .venue: "venue"
        case .event: "event"
        case .blocked: "blocked"
        case .hold(let hold, .first): "\(hold.status)"
        case .hold(let hold, .replayed): "\(hold.status) again"
        case .released: "released"
        case .payment(let attempt, _): "payment \(attempt.status)"
        case .order(let order, .first): "order \(order.status)"
        case .order(let order, .replayed): "order \(order.status) again"
        case .refused(let refusal): refusal.word
        }
    }
}

extension Refusal {
    var word: String {
        switch self {
        case .notFound(let missing): "no \(missing)"
        case .seatsUnavailable: "seats unavailable"
        case .idempotencyKeyReused: "key reused"
        case .idempotencyInProgress: "key in progress"
        case .paymentPending: "payment pending"
        case .holdCommitted: "hold committed"
        case .holdExpired: "hold expired"
        case .holdReleased: "hold released"
        case .notOnSale: "not on sale"
        case .limitExceeded: "limit exceeded"
        case .ttlOutOfRange: "ttl out of range"
        case .paymentDeclined: "payment declined"
        case .layoutIncomplete: "layout incomplete"
        case .unknownSeat: "unknown seat"
        case .pricesInvalid: "prices invalid"
        }
    }
}
