import Primitives

/// The start of a payment: the seats are fenced before the provider is called.
extension EventShard {
    struct PaymentPlan {
        var slot: Int
        var keyHash: UInt128
    }

    func decide(_ command: BeginPayment, at now: WallTime) -> Decision<PaymentPlan> {
        guard let slot = holdSlot(command.hold) else { return .refuse(.notFound(.hold)) }
        let row = holds[slot].row
        let keyHash = KeyHash.of(
            .commit, eventNumber: row.eventNumber, row.user, command.key)
        if let index = commitKeys[keyHash].map(Int.init) {
            return .answer(replay(payment: index, ofHold: slot))
        }
        switch status(ofHold: slot, at: now) {
        case .paymentPending: return .refuse(.idempotencyInProgress)
        case .booked: return .answer(.order(view(ofOrder: bookedOrder(ofHold: slot)), .replayed))
        case .released: return .refuse(.holdReleased)
        case .expired: return .refuse(.holdExpired)
        case .held:
            // Ids are random, so these are a request's own ids sent again with another key.
            let isNew =
                paymentsByID[command.attempt.bits] == nil
                && (row.orderNumber != nil || ordersByID[command.order.bits] == nil)
            return isNew
                ? .perform(PaymentPlan(slot: slot, keyHash: keyHash))
                : .refuse(.idempotencyKeyReused)
        }
    }

    /// The answer to a commit whose key was seen before: that of its attempt, unless what became
    /// of the hold since says more.
    private func replay(payment index: Int, ofHold slot: Int) -> Outcome {
        let order = orderIndex(ofPayment: index)
        guard orders[order].holdSlot == slot else { return .refused(.idempotencyKeyReused) }
        let isConfirmed = orders[order].row.status == .confirmed
        switch payments[index].row.status {
        case .declined: return .refused(.paymentDeclined(view(ofPayment: index)))
        case .pending, .cancelling:
            return isConfirmed
                ? .order(view(ofOrder: order), .replayed)
                : .payment(view(ofPayment: index), .replayed)
        case .succeeded, .cancelled:
            switch holds[slot].row.status {
            case .booked: return .order(view(ofOrder: order), .replayed)
            case .released: return .refused(.holdReleased)
            case .expired: return .refused(.holdExpired)
            case .held, .paymentPending:
                // A late success that was given back: this key paid for nothing.
                return .refused(.paymentDeclined(view(ofPayment: index)))
            }
        }
    }

    private func bookedOrder(ofHold slot: Int) -> Int {
        guard let number = holds[slot].row.orderNumber else {
            invariantFailure("INV-41: hold \(holds[slot].row.number) is booked without an order")
        }
        return Int(number) - 1
    }

    mutating func perform(
        _ command: BeginPayment, _ plan: PaymentPlan, at now: WallTime
    ) -> Outcome {
        let order = openOrder(command, ofHold: plan.slot, at: now)
        let index = payments.count
        let number = UInt64(index + 1)
        payments.append(
            PaymentRecord(
                row: PaymentRow(
                    number: number, id: command.attempt, orderNumber: orders[order].row.number,
                    key: command.key, token: command.token, provider: command.provider,
                    status: .pending, amount: orders[order].row.amount, createdAt: now,
                    deadline: now + command.deadline, settledAt: nil, reference: "")))
        paymentsByID.insert(command.attempt.bits, UInt32(index))
        commitKeys.insert(plan.keyHash, UInt32(index))
        orders[order].payments.append(number)
        updatePayment(index) { _ in }
        schedule(attempt: index)
        let orderNumber = orders[order].row.number
        updateHold(plan.slot) { row in
            row.status = .paymentPending
            row.orderNumber = orderNumber
        }
        claimSeats(ofHold: plan.slot, as: .paymentPending)
        settleRevisions()
        return .payment(view(ofPayment: index), .first)
    }

    /// The hold's one order, made by its first attempt; later ones find it failed.
    private mutating func openOrder(
        _ command: BeginPayment, ofHold slot: Int, at now: WallTime
    ) -> Int {
        let hold = holds[slot].row
        if let number = hold.orderNumber {
            updateOrder(Int(number) - 1) { row in
                row.status = .pending
                row.seats = hold.seats
                row.amount = hold.amount
            }
            return Int(number) - 1
        }
        let index = orders.count
        let number = UInt64(index + 1)
        orders.append(
            OrderRecord(
                row: OrderRow(
                    number: number, id: command.order, holdNumber: hold.number,
                    eventNumber: hold.eventNumber, user: hold.user, seats: hold.seats,
                    status: .pending, amount: hold.amount, createdAt: now, confirmedAt: nil,
                    cancelledAt: nil),
                holdSlot: slot))
        ordersByID.insert(command.order.bits, UInt32(index))
        ordersByUser[KeyHash.of(.user, hold.user), default: []].append(number)
        updateOrder(index) { _ in }
        return index
    }

    /// Puts all the hold's seats in a state; each must be its own or free.
    mutating func claimSeats(ofHold slot: Int, as state: SeatState) {
        let index = Int(holds[slot].row.eventNumber) - 1
        for seat in holds[slot].row.seats {
            let claim = events[index].claim(of: seat)
            invariant(
                claim == slot || claim == nil && events[index].state(of: seat) == .available,
                "INV-43: seat \(seat.rawValue) of event \(index + 1) is not hold "
                    + "\(holds[slot].row.number)'s to take")
            setSeat(seat, ofEvent: index, to: state, claim: slot)
        }
    }
}
