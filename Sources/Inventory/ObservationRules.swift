import Primitives

/// What the provider's word does to an attempt, its order, its hold and the seats. One command from
/// many sources, so it is idempotent; and forward-only: open, then declined or cancelled, then
/// succeeded, which is final.
extension EventShard {
    enum ObservationPlan {
        /// The attempt has paid for its hold's seats, which are the hold's or free.
        case book(Int)
        /// Declined or cancelled.
        case close(Int, AttemptStatus)
        /// Money came for seats that can't be given for it.
        case giveBack(Int, RefundReason)
    }

    func decide(_ command: ObservePayment, at now: WallTime) -> Decision<ObservationPlan> {
        guard let index = paymentIndex(command.attempt) else {
            return .refuse(.notFound(.payment))
        }
        let isOpen = payments[index].row.status.isOpen
        let plan: ObservationPlan? =
            switch command.status {
            case .declined: isOpen ? .close(index, .declined) : nil
            case .cancelled: isOpen ? .close(index, .cancelled) : nil
            case .succeeded: plan(ofSuccess: command, index, at: now)
            }
        guard let plan else { return .answer(.payment(view(ofPayment: index), .replayed)) }
        if case .giveBack = plan, refundsByID[command.refund.bits] != nil {
            return .refuse(.idempotencyKeyReused)
        }
        return .perform(plan)
    }

    /// Nil when the success is known already.
    private func plan(
        ofSuccess command: ObservePayment, _ index: Int, at now: WallTime
    ) -> ObservationPlan? {
        let payment = payments[index].row
        guard payment.status != .succeeded || Mutant.successAppliedTwice.isPlanted,
            payments[index].refundNumber == nil
        else { return nil }
        guard command.amount == payment.amount, command.currency == currency(ofPayment: index)
        else {
            if command.amount > 0 { return .giveBack(index, .amountMismatch) }
            return payment.status.isOpen ? .close(index, .declined) : nil
        }
        let order = orders[orderIndex(ofPayment: index)]
        switch order.row.status {
        case .confirmed: return .giveBack(index, .secondPayment)
        case .cancelled: return .giveBack(index, .orderCancelled)
        case .pending, .failed: break
        }
        let hold = holds[order.holdSlot].row
        // Since a declined attempt the buyer may have dropped seats.
        guard hold.amount == payment.amount, !hold.seats.isEmpty else {
            return .giveBack(index, .amountMismatch)
        }
        let event = Int(hold.eventNumber) - 1
        let canHave = hold.seats.allSatisfy { seat in
            events[event].claim(of: seat) == order.holdSlot
                || conflict(at: seat, ofEvent: event, at: now) == nil
        }
        return canHave || Mutant.lateSuccessTakesSeats.isPlanted
            ? .book(index) : .giveBack(index, .seatsTaken)
    }

    mutating func perform(
        _ command: ObservePayment, _ plan: ObservationPlan, at now: WallTime
    ) -> Outcome {
        let index: Int
        switch plan {
        case .book(let payment):
            index = payment
            settle(index, as: .succeeded, command, at: now)
            book(orderIndex(ofPayment: index), at: now)
        case .close(let payment, let status):
            index = payment
            settle(index, as: status, command, at: now)
            failOrder(ofPayment: index, at: now)
        case .giveBack(let payment, .amountMismatch) where payments[payment].row.status.isOpen:
            index = payment
            settle(index, as: .declined, command, at: now)
            failOrder(ofPayment: index, at: now)
            oweRefund(command.refund, of: index, command.amount, .amountMismatch, at: now)
        case .giveBack(let payment, let reason):
            index = payment
            settle(index, as: .succeeded, command, at: now)
            if Mutant.lateSuccessNotOwed.isPlanted { break }
            oweRefund(command.refund, of: index, command.amount, reason, at: now)
        }
        settleRevisions()
        return .payment(view(ofPayment: index), .first)
    }

    private mutating func settle(
        _ index: Int, as status: AttemptStatus, _ command: ObservePayment, at now: WallTime
    ) {
        updatePayment(index) { row in
            row.status = status
            row.settledAt = now
            if !command.reference.isEmpty { row.reference = command.reference }
        }
    }

    /// Gives the order its seats. After a late success the hold may have ended, or have another
    /// attempt under way, which is then cancelled.
    private mutating func book(_ order: Int, at now: WallTime) {
        let slot = orders[order].holdSlot
        let event = Int(holds[slot].row.eventNumber) - 1
        for seat in holds[slot].row.seats where events[event].claim(of: seat) != slot {
            freeLapsed(seat, ofEvent: event, at: now)
        }
        claimSeats(ofHold: slot, as: .booked)
        updateHold(slot) { row in
            row.status = .booked
            row.endedAt = nil
        }
        let (seats, amount) = (holds[slot].row.seats, holds[slot].row.amount)
        updateOrder(order) { row in
            row.status = .confirmed
            row.confirmedAt = now
            row.seats = seats
            row.amount = amount
        }
        for number in orders[order].payments
        where payments[Int(number) - 1].row.status == .pending {
            updatePayment(Int(number) - 1) { $0.status = .cancelling }
        }
    }

    /// The attempt came to nothing. Unless the order has been paid otherwise, a declined one
    /// leaves the hold its time; a cancelled one has had it.
    private mutating func failOrder(ofPayment index: Int, at now: WallTime) {
        let order = orderIndex(ofPayment: index)
        guard orders[order].row.status == .pending else { return }
        let slot = orders[order].holdSlot
        updateOrder(order) { $0.status = .failed }
        guard payments[index].row.status == .declined, now < holds[slot].row.expiresAt else {
            return endHold(slot, as: .expired, at: now)
        }
        claimSeats(ofHold: slot, as: .held)
        updateHold(slot) { $0.status = .held }
        schedule(slot)
    }
}
