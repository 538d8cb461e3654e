import Inventory
import Primitives
import Raft

extension NodeCore {
    /// What an applied command means for the payments that this leader drives, and for those who
    /// wait for them. On other nodes only the operator's events remain.
    mutating func follow(_ command: Command, _ outcome: Outcome, _ effects: inout Effects) {
        switch command {
        case .system(.keepWebhook(let webhook)):
            effects.events.append(.webhookUnmatched(provider: webhook.provider))
        case .system(.expireDue):
            expiry.stepped(.system)
        case .system(.importVenuePart), .system(.sealVenue):
            break
        case .shard(let shard, let command):
            follow(command, in: shard, outcome, &effects)
        }
    }

    private mutating func follow(
        _ command: ShardCommand, in shard: ShardID, _ outcome: Outcome, _ effects: inout Effects
    ) {
        switch command {
        case .createEvent, .setBlocked, .hold, .amendHold, .releaseHold:
            break
        case .beginPayment:
            if isLeading, case .payment(let attempt, .first) = outcome {
                payments.drive(attempt, at: now.monotonic)
            }
        case .observePayment(let observation):
            settle(observation.attempt, &effects)
            driveRefund(observation.refund, &effects)
        case .cancelOrder(let cancellation):
            driveRefund(cancellation.refund, &effects)
        case .observeRefund(let observation):
            payments.settled(observation.refund)
            effects.events.append(.refundConfirmed(observation.refund))
        case .expireDue:
            expiry.stepped(shard)
            if isLeading { driveOpenAttempts(in: shard) }
        }
    }

    private mutating func settle(_ id: AttemptID, _ effects: inout Effects) {
        guard let attempt = inventory.attempt(id), !attempt.status.isOpen else { return }
        payments.settled(id)
        effects.events.append(.paymentSettled(id, attempt.status))
        for request in paymentWaiters.settle(id) {
            answer(request, .outcome(settled(attempt)), &effects)
        }
    }

    /// What the commit that started the attempt is answered.
    private func settled(_ attempt: AttemptView) -> Outcome {
        switch attempt.status {
        case .succeeded:
            guard let order = inventory.order(attempt.order) else {
                preconditionFailure("INV-32: attempt \(attempt.id.bits) has no order")
            }
            return order.status == .confirmed ? .order(order, .first) : .refused(.holdExpired)
        case .declined, .cancelled:
            return .refused(.paymentDeclined(attempt))
        case .pending, .cancelling:
            return .payment(attempt, .first)
        }
    }

    private mutating func driveRefund(_ id: RefundID, _ effects: inout Effects) {
        guard let refund = inventory.refund(id), refund.status == .due else { return }
        effects.events.append(.refundDue(id))
        if isLeading { payments.drive(refund, at: now.monotonic) }
    }

    /// A new leader goes on where the last one stopped, with the same keys.
    mutating func resumePayments() {
        payments = PaymentDriver(firstCall: payments.nextCall)
        for attempt in inventory.openAttempts() { payments.drive(attempt, at: now.monotonic) }
        for refund in inventory.dueRefunds() { payments.drive(refund, at: now.monotonic) }
    }

    /// Attempts whose deadline has passed are now to be cancelled.
    private mutating func driveOpenAttempts(in shard: ShardID) {
        for attempt in inventory.openAttempts()
        where attempt.status == .cancelling && attempt.id.shard == shard {
            payments.drive(attempt, at: now.monotonic)
        }
    }

    mutating func receive(
        _ result: ProviderResult, of call: ProviderCallID, _ effects: inout Effects
    ) {
        switch payments.resolve(call, result, at: now.monotonic) {
        case .goesOn:
            break
        case .unreachable(let reason):
            effects.events.append(.providerUnreachable(reason: reason))
        case .observed(let observation):
            if isLeading {
                enqueue(.shard(observation.attempt.shard, .observePayment(observation)), .nobody)
            }
        case .refunded(let observation):
            if isLeading {
                enqueue(.shard(observation.refund.shard, .observeRefund(observation)), .nobody)
            }
        }
    }

    /// A commit whose provider is slow is answered 202; its order settles later.
    mutating func expirePatience(_ effects: inout Effects) {
        for (request, id) in paymentWaiters.expire(at: now.monotonic) {
            guard let attempt = inventory.attempt(id), let order = inventory.order(attempt.order)
            else {
                preconditionFailure("INV-33: a commit waits for unknown attempt \(id.bits)")
            }
            answer(request, .paymentUnderWay(order), &effects)
        }
    }
}
