import Primitives

/// What has changed in a shard since it was last written: seats step by step, other rows as places
/// whose present row is taken when the delta is.
struct Journal: Sendable {
    /// Everything but the rows below.
    var changes = RowChanges()
    /// Indices of events, slots of holds, indices of orders, payments and refunds, each once.
    var events: [Int] = []
    var holds: [Int] = []
    var orders: [Int] = []
    var payments: [Int] = []
    var refunds: [Int] = []

    var count: Int {
        changes.count + events.count + holds.count + orders.count + payments.count + refunds.count
    }
}

extension EventShard {
    /// The changes so far, which are then no longer the shard's to keep.
    mutating func takeChanges() -> RowChanges {
        var changes = journal.changes
        for index in journal.events {
            changes.events.append(events[index].row)
            events[index].isDirty = false
        }
        for slot in journal.holds where holds[slot].isDirty {
            changes.holds.append(holds[slot].row)
            holds[slot].isDirty = false
        }
        for index in journal.orders {
            changes.orders.append(orders[index].row)
            orders[index].isDirty = false
        }
        for index in journal.payments {
            changes.payments.append(payments[index].row)
            payments[index].isDirty = false
        }
        for index in journal.refunds {
            changes.refunds.append(refunds[index].row)
            refunds[index].isDirty = false
        }
        journal = Journal()
        return changes
    }

    // MARK: every change of a row goes through one of these

    /// Steps a seat, with its images, its digest, and the event's revision at the command's end.
    mutating func setSeat(
        _ seat: SeatIndex, ofEvent index: Int, to state: SeatState, claim slot: Int?
    ) {
        let number = events[index].row.number
        let before = image(of: seat, ofEvent: index)
        let after = SeatImage(
            state: state, version: before.version + 1,
            holdNumber: slot.map { holds[$0].row.number } ?? 0)
        events[index].step(seat, to: state, claim: slot)
        digest &-= RowHash.seat(eventNumber: number, seat, before)
        digest &+= RowHash.seat(eventNumber: number, seat, after)
        journal.changes.seats.append(
            SeatChange(eventNumber: number, seat: seat, before: before, after: after))
        guard !events[index].isTouched else { return }
        events[index].isTouched = true
        touched.append(index)
    }

    func image(of seat: SeatIndex, ofEvent index: Int) -> SeatImage {
        let state = events[index].state(of: seat)
        let claim = events[index].claim(of: seat)
        return SeatImage(
            state: state, version: events[index].version(of: seat),
            holdNumber: claim.map { holds[$0].row.number } ?? 0)
    }

    /// Gives each event whose seats the command changed its next revision: once, whatever the
    /// number of seats. To be called before a view of an event is made.
    mutating func settleRevisions() {
        for index in touched {
            let number = events[index].row.number
            let revision = events[index].row.revision
            digest &-= RowHash.revision(eventNumber: number, revision)
            digest &+= RowHash.revision(eventNumber: number, revision.next)
            events[index].row.revision = revision.next
            events[index].isTouched = false
            markEvent(index)
        }
        touched.removeAll(keepingCapacity: true)
    }

    mutating func markEvent(_ index: Int) {
        guard !events[index].isDirty else { return }
        events[index].isDirty = true
        journal.events.append(index)
    }

    mutating func updateHold(_ slot: Int, _ change: (inout HoldRow) -> Void) {
        let wasOpen = holds[slot].row.status.isOpen
        let wasLive = holds[slot].row.status.isLive
        change(&holds[slot].row)
        noteHold(slot)
        let status = holds[slot].row.status
        if wasOpen != status.isOpen { holds.openCount += wasOpen ? -1 : 1 }
        if wasLive != status.isLive { noteClaims(of: slot) }
    }

    /// Brings the digest and the journal up to a hold's row.
    mutating func noteHold(_ slot: Int) {
        let hash = RowHash.hold(holds[slot].row)
        digest = digest &- holds[slot].hash &+ hash
        holds[slot].hash = hash
        guard !holds[slot].isDirty else { return }
        holds[slot].isDirty = true
        journal.holds.append(slot)
    }

    /// Keeps the list of its user's live holds, where the event limits a user's seats.
    mutating func noteClaims(of slot: Int) {
        let index = Int(holds[slot].row.eventNumber) - 1
        guard events[index].row.content.maxSeatsPerUser != nil else { return }
        let user = KeyHash.of(.user, holds[slot].row.user)
        if holds[slot].row.status.isLive {
            events[index].holdsByUser[user, default: []].append(UInt32(slot))
        } else {
            events[index].holdsByUser[user]?.removeAll { $0 == UInt32(slot) }
            if events[index].holdsByUser[user]?.isEmpty == true {
                events[index].holdsByUser[user] = nil
            }
        }
    }

    mutating func updateOrder(_ index: Int, _ change: (inout OrderRow) -> Void) {
        change(&orders[index].row)
        let hash = RowHash.order(orders[index].row)
        digest = digest &- orders[index].hash &+ hash
        orders[index].hash = hash
        guard !orders[index].isDirty else { return }
        orders[index].isDirty = true
        journal.orders.append(index)
    }

    mutating func updatePayment(_ index: Int, _ change: (inout PaymentRow) -> Void) {
        change(&payments[index].row)
        let row = payments[index].row
        let hash = RowHash.payment(row)
        digest = digest &- payments[index].hash &+ hash
        payments[index].hash = hash
        if row.status.isOpen {
            openPayments.insert(row.number)
        } else {
            openPayments.remove(row.number)
        }
        guard !payments[index].isDirty else { return }
        payments[index].isDirty = true
        journal.payments.append(index)
    }

    mutating func updateRefund(_ index: Int, _ change: (inout RefundRow) -> Void) {
        change(&refunds[index].row)
        let row = refunds[index].row
        let hash = RowHash.refund(row)
        digest = digest &- refunds[index].hash &+ hash
        refunds[index].hash = hash
        switch row.status {
        case .due: dueRefunds.insert(row.number)
        case .confirmed: dueRefunds.remove(row.number)
        }
        guard !refunds[index].isDirty else { return }
        refunds[index].isDirty = true
        journal.refunds.append(index)
    }
}
