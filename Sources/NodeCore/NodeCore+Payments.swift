import Inventory
import Primitives
import Raft

extension NodeCore {
    /// What an applied command means for the payments that this leader drives, and for those who
    /// wait for them. On other nodes only the operator's events remain.
    mutating func follow(_ command: Command, _ outcome: Outcome, _ effects: inout Effects) {
        // Nothing is taken out of the commands that come in thousands.
        switch command {
        case .shard(_, .hold), .shard(_, .createEvent), .shard(_, .setBlocked),
            .shard(_, .amendHold), .shard(_, .releaseHold), .system(.importVenuePart),
            .system(.sealVenue):
            break
        case .shard(_, .beginPayment):
            if case .payment(let attempt, .first) = outcome { drive(.attempt(attempt.id)) }
        case .shard(_, .observePayment(let observation)):
            follow(observation, outcome, &effects)
        case .shard(_, .cancelOrder(let cancellation)):
            if case .order(_, .first) = outcome { noteRefund(cancellation.refund, &effects) }
        case .shard(_, .observeRefund(let observation)):
            payments.settled(.refund(observation.refund))
            effects.events.append(.refundConfirmed(observation.refund))
        case .shard(let shard, .expireDue):
            expiry.stepped(shard)
        case .system(.expireDue):
            expiry.stepped(.system)
        case .system(.keepWebhook(let webhook)):
            effects.events.append(.webhookUnmatched(provider: webhook.provider))
        }
    }

    private mutating func follow(
        _ observation: ObservePayment, _ outcome: Outcome, _ effects: inout Effects
    ) {
        guard case .payment(let attempt, let replay) = outcome else { return }
        guard !attempt.status.isOpen else { return drive(.attempt(attempt.id)) }
        payments.settled(.attempt(attempt.id))
        for request in paymentWaiters.settle(attempt.id) {
            answer(request, .outcome(commitOutcome(of: attempt)), &effects)
        }
        guard case .first = replay else { return }
        effects.events.append(.paymentSettled(attempt.id, attempt.status))
        if let found = observation.captured, !found.isPayment(of: attempt) {
            effects.events.append(.paymentMismatched(attempt.id, found: found))
        }
        noteRefund(observation.refund, &effects)
    }

    /// What a commit is answered that started the attempt, or came again with its key. The rules
    /// say the same to its next repetition.
    private func commitOutcome(of attempt: AttemptView) -> Outcome {
        guard let order = inventory.order(attempt.order),
            let hold = inventory.hold(attempt.hold, at: .zero)
        else {
            invariantFailure("INV-33: attempt \(attempt.id.text) has no order or no hold")
        }
        switch attempt.status {
        case .declined:
            return .refused(.paymentDeclined(attempt))
        case .pending, .cancelling:
            return order.status == .confirmed ? .order(order, .first) : .payment(attempt, .first)
        case .succeeded, .cancelled:
            switch hold.status {
            case .booked: return .order(order, .first)
            case .released: return .refused(.holdReleased)
            case .expired: return .refused(.holdExpired)
            case .held, .paymentPending: return .refused(.paymentDeclined(attempt))
            }
        }
    }

    /// A command may have made this refund due.
    private mutating func noteRefund(_ id: RefundID, _ effects: inout Effects) {
        guard let refund = inventory.refund(id), refund.status == .due else { return }
        effects.events.append(.refundDue(id))
        drive(.refund(id))
    }

    private mutating func drive(_ subject: PaymentDriver.Subject) {
        if isLeading { payments.drive(subject, at: now.monotonic) }
    }

    /// A new leader goes on where the last one stopped, with the same keys.
    mutating func resumePayments() {
        if Mutant.paymentsNotResumed.isPlanted { return }
        for attempt in inventory.openAttempts() { drive(.attempt(attempt.id)) }
        for refund in inventory.dueRefunds() { drive(.refund(refund.id)) }
    }

    mutating func receive(
        _ result: ProviderResult, of call: ProviderCallID, _ effects: inout Effects
    ) {
        switch payments.resolve(call, result, in: inventory, at: now.monotonic) {
        case .goesOn:
            break
        case .unreachable(let reason):
            effects.events.append(.providerUnreachable(reason: reason))
        case .mismatched(let attempt, let found):
            effects.events.append(.paymentMismatched(attempt, found: found))
        case .observed(let observation):
            enqueue(.shard(observation.attempt.shard, .observePayment(observation)), &effects)
        case .refunded(let observation):
            enqueue(.shard(observation.refund.shard, .observeRefund(observation)), &effects)
        }
    }

    /// A commit whose provider is slow is answered 202; its order settles later.
    mutating func expirePatience(_ effects: inout Effects) {
        for (request, id) in paymentWaiters.expire(at: now.monotonic) {
            guard let attempt = inventory.attempt(id), let order = inventory.order(attempt.order)
            else {
                invariantFailure("INV-33: a commit waits for unknown attempt \(id.text)")
            }
            // Another attempt may have paid for the order meanwhile.
            guard order.status == .pending else {
                answer(request, .outcome(commitOutcome(of: attempt)), &effects)
                continue
            }
            answer(request, .paymentUnderWay(order), &effects)
        }
    }
}
