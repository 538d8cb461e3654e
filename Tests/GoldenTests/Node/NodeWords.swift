import Inventory
import NodeCore
import Primitives
import Raft
import Simulation

// Whole nodes in the trace's words. Holds, orders and payments bear the number of the request that
// made them.

extension ResourceID {
    /// Of the request whose bits these are.
    var number: Int { Int(UInt64(truncatingIfNeeded: bits)) }
}

/// An event's words, and whether one node says it or the log.
enum EventWords {
    case ofNode(String, String)
    case ofLog(String, String)
}

extension NodeEvent {
    /// Nil for what another line tells as well.
    var words: EventWords? {
        switch self {
        case .becameLeader(let term): .ofNode("leads", term.word)
        case .lostLeadership(let term): .ofNode("leads no more", term.word)
        case .follows, .leaderUnknown: nil
        case .clockDisagrees(let offset):
            .ofNode("clock disagrees", "the others' is \(offset.seconds) from its own")
        case .clockAgrees: .ofNode("clock agrees", "")
        case .logStalled: .ofNode("disk stalls", "")
        case .logRecovered: .ofNode("disk recovers", "")
        case .stateDisputed(let index): .ofNode("state disputed", "at \(index.word)")
        case .clockStepped(let step): .ofNode("clock stepped", step.seconds)
        case .webhookUnmatched: .ofLog("unmatched", "webhook kept")
        case .paymentSettled(let attempt, let status):
            .ofLog("payment \(attempt.number)", status.word)
        case .paymentMismatched(let attempt, _):
            .ofNode("payment \(attempt.number)", "the provider's is another")
        case .refundDue: .ofLog("refund", "due")
        case .refundConfirmed: .ofLog("refund", "confirmed")
        case .providerUnreachable(let reason): .ofNode("provider", reason)
        }
    }
}

extension Milliseconds {
    fileprivate var seconds: String {
        let rounded = (abs(rawValue) + 500) / 1_000
        return "\(rawValue < 0 ? "-" : "+")\(rounded) s"
    }
}

extension ProviderCall {
    var words: (what: String, payment: Int) {
        switch request {
        case .create(let attempt): ("create", attempt.id.number)
        case .confirm(let attempt): ("confirm", attempt.id.number)
        case .fetch(let attempt): ("fetch", attempt.id.number)
        case .cancel(let attempt): ("cancel", attempt.id.number)
        case .refund(let refund): ("refund", refund.attempt.number)
        }
    }
}

extension Answer {
    var words: (what: String, rest: String) {
        switch self {
        case .outcome(let outcome): outcome.words
        case .paymentUnderWay(let order): ("under way", "order \(order.id.number)")
        case .unknownSeats: ("unknown seats", "")
        case .notLeader(let hint): ("not the leader", "\(hint.leader) leads \(hint.term.word)")
        case .unavailable(.noLeader): ("unavailable", "no leader")
        case .unavailable(.stale): ("unavailable", "stale")
        case .unavailable(.overloaded): ("unavailable", "overloaded")
        case .unavailable(.storageFull): ("unavailable", "storage full")
        case .transferRefused: ("refused", "transfer")
        case .outcomeUnknown: ("outcome unknown", "")
        case .events, .layout, .seatMap, .orders, .status: ("answered", "")
        }
    }
}

extension Outcome {
    fileprivate var words: (what: String, rest: String) {
        switch self {
        case .done: ("done", "")
        case .venue: ("venue", "")
        case .event: ("event", "")
        case .blocked: ("blocked", "")
        case .hold(let hold, let replay): (hold.status.word + replay.word, hold.words)
        case .released: ("released", "")
        case .payment(let attempt, _): ("payment \(attempt.id.number)", attempt.status.word)
        case .order(let order, let replay):
            ("\(order.status.word)\(replay.word)", "order \(order.id.number)\(order.seats.names)")
        case .refused(let refusal): ("refused", refusal.words)
        }
    }
}

extension Replay {
    fileprivate var word: String {
        switch self {
        case .first: ""
        case .replayed: " again"
        }
    }
}

extension [SeatIndex] {
    fileprivate var names: String {
        map { " \(NodeSale.seat(Int($0.rawValue)))" }.joined()
    }
}

extension HoldView {
    fileprivate var words: String {
        let seconds = (expiresAt - createdAt).rawValue / 1_000
        return "hold \(id.number):\(seats.names), \(seconds) s"
    }
}

extension Refusal {
    fileprivate var words: String {
        switch self {
        case .notFound(let missing): "no such \(missing)"
        case .seatsUnavailable(let conflicts, _):
            conflicts.map { "\(NodeSale.seat(Int($0.seat.rawValue))) is \($0.state)" }
                .joined(separator: ", ")
        case .idempotencyKeyReused: "key reused"
        case .idempotencyInProgress: "key in progress"
        case .paymentPending: "payment pending"
        case .holdCommitted(let order): "hold committed, order \(order.number)"
        case .holdExpired: "hold expired"
        case .holdReleased: "hold released"
        case .notOnSale: "not on sale"
        case .limitExceeded: "limit exceeded"
        case .ttlOutOfRange: "time out of range"
        case .paymentDeclined(let attempt): "payment \(attempt.id.number) declined"
        case .layoutIncomplete: "layout incomplete"
        case .unknownSeat: "unknown seat"
        case .pricesInvalid: "prices invalid"
        }
    }
}

extension HoldStatus {
    fileprivate var word: String {
        switch self {
        case .held: "held"
        case .paymentPending: "payment pending"
        case .booked: "booked"
        case .released: "released"
        case .expired: "expired"
        }
    }
}

extension OrderStatus {
    fileprivate var word: String {
        switch self {
        case .pending: "pending"
        case .confirmed: "confirmed"
        case .failed: "failed"
        case .cancelled: "cancelled"
        }
    }
}

extension AttemptStatus {
    fileprivate var word: String {
        switch self {
        case .pending: "pending"
        case .cancelling: "cancelling"
        case .succeeded: "succeeded"
        case .declined: "declined"
        case .cancelled: "cancelled"
        }
    }
}
