import Primitives

/// What time alone brings about. The log says what time it is.
extension EventShard {
    /// Sets the timer of a hold's present status, if it has one: held holds expire, ended ones are
    /// forgotten. Holds with a payment stay, for a late success must find them.
    mutating func schedule(_ slot: Int) {
        let number = holds[slot].row.number
        switch holds[slot].row.status {
        case .held:
            let expiresAt = holds[slot].row.expiresAt
            timers.insert(Due(time: expiresAt, kind: .holdExpiry, number: number, slot: slot))
        case .released, .expired:
            guard holds[slot].row.orderNumber == nil, let endedAt = holds[slot].row.endedAt else {
                return
            }
            timers.insert(
                Due(
                    time: endedAt + replayWindow, kind: .holdEviction, number: number,
                    slot: slot))
        case .paymentPending, .booked: return
        }
    }

    mutating func schedule(attempt index: Int) {
        let row = payments[index].row
        guard row.status == .pending else { return }
        timers.insert(
            Due(time: row.deadline, kind: .attemptDeadline, number: row.number, slot: 0))
    }

    /// Whether the row that the timer names still ends at that time.
    private func isCurrent(_ due: Due) -> Bool {
        switch due.kind {
        case .holdExpiry:
            return holds.holds(due.number, in: due.slot)
                && (holds[due.slot].row.status == .held
                    || holds[due.slot].row.status == .paymentPending
                        && Mutant.fencedSeatsExpire.isPlanted)
                && holds[due.slot].row.expiresAt == due.time
        case .attemptDeadline:
            let row = payments[Int(due.number) - 1].row
            return row.status == .pending && row.deadline == due.time
        case .holdEviction:
            guard holds.holds(due.number, in: due.slot), holds[due.slot].row.orderNumber == nil,
                let endedAt = holds[due.slot].row.endedAt
            else { return false }
            return endedAt + replayWindow == due.time
        }
    }

    /// When something ends next. Drops timers without a reason on its way; no outcome depends on
    /// those.
    mutating func nextDue() -> WallTime? {
        while let due = timers.earliest {
            let isCurrent = isCurrent(due)
            if isCurrent, !isNewestHold(due) { return due.time }
            timers.removeEarliest()
            if isCurrent { timers.postpone(due) }
        }
        return nil
    }

    private func isNewestHold(_ due: Due) -> Bool {
        due.kind == .holdEviction && due.number == holds.lastNumber
    }

    mutating func expireDue(_ command: ExpireDue, at now: WallTime) -> Outcome {
        var remaining = command.limit
        while remaining > 0, let time = nextDue(),
            time <= now || Mutant.expiryNotChecked.isPlanted, let due = timers.earliest
        {
            timers.removeEarliest()
            remaining -= 1
            switch due.kind {
            case .holdExpiry: endHold(due.slot, as: .expired, at: now)
            case .attemptDeadline:
                updatePayment(Int(due.number) - 1) { $0.status = .cancelling }
            case .holdEviction: forgetHold(due.slot)
            }
        }
        settleRevisions()
        return .done
    }

    /// The hold's id and key are unknown from now on.
    private mutating func forgetHold(_ slot: Int) {
        let record = holds[slot]
        // Every accepted hold's row is written, however short its life.
        if record.isDirty { journal.changes.holds.append(record.row) }
        journal.changes.forgottenHolds.append(record.row.number)
        holds.remove(
            slot,
            key: KeyHash.of(
                .hold, eventNumber: record.row.eventNumber, record.row.user, record.row.key))
    }
}
