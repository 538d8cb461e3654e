import Primitives

/// Releasing and amending a hold, and how a hold ends.
extension EventShard {
    /// What keeps a hold from being changed by its buyer; nil while it is held.
    private func refusal(toChange slot: Int, at now: WallTime) -> Refusal? {
        switch status(ofHold: slot, at: now) {
        case .held: nil
        case .paymentPending: .paymentPending
        case .booked: .holdCommitted(orderID(ofHold: slot))
        case .released: .holdReleased
        case .expired: .holdExpired
        }
    }

    /// The order of a hold that has one.
    private func orderID(ofHold slot: Int) -> OrderID {
        guard let number = holds[slot].row.orderNumber else {
            invariantFailure("INV-41: hold \(holds[slot].row.number) is booked without an order")
        }
        return orders[Int(number) - 1].row.id
    }

    // MARK: release

    func decideRelease(of hold: HoldID, at now: WallTime) -> Decision<Int> {
        guard let slot = holdSlot(hold) else { return .refuse(.notFound(.hold)) }
        guard let refusal = refusal(toChange: slot, at: now) else { return .perform(slot) }
        return refusal == .holdReleased ? .answer(.released) : .refuse(refusal)
    }

    mutating func performRelease(_ slot: Int, at now: WallTime) -> Outcome {
        endHold(slot, as: .released, at: now)
        settleRevisions()
        return .released
    }

    // MARK: amendment

    struct AmendPlan {
        var slot: Int
        var expiresAt: WallTime
        var extensions: UInt8
        /// Those that stay, in their order.
        var seats: [SeatIndex]
        /// Remembered when the request had a key.
        var record: AmendmentRecord?
    }

    func decide(_ command: AmendHold, at now: WallTime) -> Decision<AmendPlan> {
        guard let slot = holdSlot(command.hold) else { return .refuse(.notFound(.hold)) }
        let record = command.key.map { key in
            AmendmentRecord(
                keyHash: KeyHash.of(.amendment, key),
                bodyHash: KeyHash.ofBody(command))
        }
        let row = holds[slot].row
        if let record, let earlier = row.amendments.first(where: { $0.keyHash == record.keyHash }) {
            return earlier == record
                ? .answer(.hold(view(ofHold: slot, at: now), .replayed))
                : .refuse(.idempotencyKeyReused)
        }
        if let refusal = refusal(toChange: slot, at: now) { return .refuse(refusal) }
        if record != nil, row.amendments.count >= AmendHold.recordsMax {
            return .refuse(.limitExceeded(.amendments))
        }
        for seat in command.releaseSeats where !row.requestedSeats.contains(seat) {
            return .refuse(.unknownSeat(seat))
        }
        var plan = AmendPlan(
            slot: slot, expiresAt: row.expiresAt, extensions: row.extensions,
            seats: row.seats.filter { !command.releaseSeats.contains($0) }, record: record)
        if let extendSeconds = command.extendSeconds {
            guard row.extensions == 0 else { return .refuse(.limitExceeded(.extensions)) }
            let ttl = events[Int(row.eventNumber) - 1].row.content.ttl
            plan.extensions += 1
            plan.expiresAt = min(
                row.expiresAt + .seconds(Int64(extendSeconds)),
                max(row.expiresAt, row.createdAt + .seconds(Int64(ttl.maxSeconds))))
        }
        let changesNothing =
            plan.extensions == row.extensions && plan.seats.count == row.seats.count
            && record == nil
        return changesNothing
            ? .answer(.hold(view(ofHold: slot, at: now), .first)) : .perform(plan)
    }

    mutating func perform(_ plan: AmendPlan, at now: WallTime) -> Outcome {
        let slot = plan.slot
        let index = Int(holds[slot].row.eventNumber) - 1
        for seat in holds[slot].row.seats where !plan.seats.contains(seat) {
            setSeat(seat, ofEvent: index, to: .available, claim: nil)
        }
        let amount = events[index].price(of: plan.seats)
        updateHold(slot) { row in
            if !Mutant.releasedSeatsKept.isPlanted { row.seats = plan.seats }
            row.amount = amount
            row.expiresAt = plan.expiresAt
            row.extensions = plan.extensions
            if let record = plan.record { row.amendments.append(record) }
        }
        if plan.seats.isEmpty {
            endHold(slot, as: .released, at: now)
        } else {
            schedule(slot)
        }
        settleRevisions()
        return .hold(view(ofHold: slot, at: now), .first)
    }

    // MARK: ends

    /// Frees a live hold's seats and ends it.
    mutating func endHold(_ slot: Int, as status: HoldStatus, at now: WallTime) {
        let index = Int(holds[slot].row.eventNumber) - 1
        for seat in holds[slot].row.seats {
            setSeat(seat, ofEvent: index, to: .available, claim: nil)
        }
        updateHold(slot) { row in
            row.status = status
            row.endedAt = now
        }
        schedule(slot)
    }
}

extension AmendHold {
    /// Amendments with a key that one hold remembers.
    package static let recordsMax = 16
}
