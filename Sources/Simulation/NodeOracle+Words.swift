import Inventory
import NodeCore
import Primitives

// What of an answer has to be true: replays and first answers are alike.

extension Answer {
    /// Nil for an answer that says nothing of the state.
    var toldOfWrite: String? {
        switch self {
        case .outcome(let outcome): outcome.told
        case .paymentUnderWay: "payment under way"
        case .events, .layout, .seatMap, .orders, .status, .unknownSeats, .notLeader, .unavailable,
            .transferRefused, .outcomeUnknown:
            nil
        }
    }

    var toldOfHold: String? {
        guard case .outcome(let outcome) = self else { return nil }
        return outcome.told
    }

    var promisesNothingWasDone: Bool {
        switch self {
        case .notLeader, .unavailable: true
        case .outcome, .paymentUnderWay, .events, .layout, .seatMap, .orders, .status,
            .unknownSeats, .transferRefused, .outcomeUnknown:
            false
        }
    }
}

extension Outcome {
    var told: String {
        switch self {
        case .done: "done"
        case .venue: "venue"
        case .event: "event"
        case .blocked: "blocked"
        case .hold(let hold, _): hold.told
        case .released: "released"
        case .payment: "payment under way"
        case .order(let order, _): "order \(order.status) of \(order.seats.map(\.rawValue))"
        case .refused(let refusal): refusal.told
        }
    }
}

extension HoldView {
    var told: String {
        "\(id.bits) \(status) \(seats.map(\.rawValue)) until \(expiresAt.rawValue)"
    }
}

extension Refusal {
    var told: String {
        switch self {
        case .paymentDeclined(let attempt): "payment declined \(attempt.id.bits)"
        case .notFound, .seatsUnavailable, .idempotencyKeyReused, .idempotencyInProgress,
            .paymentPending, .holdCommitted, .holdExpired, .holdReleased, .notOnSale,
            .limitExceeded, .ttlOutOfRange, .layoutIncomplete, .unknownSeat, .pricesInvalid:
            "\(self)"
        }
    }
}

extension Operation {
    /// Random bits that only this call's command carries.
    var ownBits: UInt128? {
        guard case .write(let write) = self else { return nil }
        return write.command?.ownBits
    }
}

extension Command {
    var ownBits: UInt128? {
        switch self {
        case .shard(_, .hold(let hold)): hold.hold.bits
        case .shard(_, .beginPayment(let payment)): payment.attempt.bits
        case .system, .shard: nil
        }
    }
}

extension WriteOperation {
    /// The command that a node makes of it in a cluster that sells a `NodeSale`.
    var command: Command? {
        switch self {
        case .hold(let hold):
            .shard(
                hold.event.shard,
                .hold(
                    HoldSeats(
                        event: hold.event,
                        hold: HoldID(shard: hold.event.shard, bits: hold.holdBits),
                        user: hold.user, key: hold.key, seats: hold.seats.map(NodeSale.index),
                        ttlSeconds: hold.ttlSeconds)))
        case .amendHold(let amendment):
            .shard(
                amendment.hold.shard,
                .amendHold(
                    AmendHold(
                        hold: amendment.hold, extendSeconds: amendment.extendSeconds,
                        releaseSeats: amendment.releaseSeats.map(NodeSale.index),
                        key: amendment.key)))
        case .releaseHold(let hold):
            .shard(hold.shard, .releaseHold(hold))
        case .commit(let payment):
            .shard(
                payment.hold.shard,
                .beginPayment(
                    BeginPayment(
                        hold: payment.hold, key: payment.key, token: payment.token,
                        provider: NodeSale.provider,
                        attempt: AttemptID(shard: payment.hold.shard, bits: payment.attemptBits),
                        order: OrderID(shard: payment.hold.shard, bits: payment.orderBits),
                        deadline: NodeSale.paymentDeadline)))
        case .cancelOrder(let order, let bits):
            .shard(
                order.shard,
                .cancelOrder(
                    CancelOrder(order: order, refund: RefundID(shard: order.shard, bits: bits))))
        case .createVenue, .createEvent, .setBlocked, .webhook:
            nil
        }
    }
}
