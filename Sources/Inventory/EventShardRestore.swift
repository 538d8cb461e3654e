import Primitives

/// A shard from its file: tables, claims, counts and timers are made anew from the rows, and the
/// rows must have the digest that was stored with them.
extension EventShard {
    init(
        restoring image: ShardImage, replayWindow: Milliseconds
    ) throws(InventoryRestoreError) {
        self.init(id: image.shard, replayWindow: replayWindow)
        appliedIndex = image.appliedIndex
        clock = image.clock
        try loadEvents(image.events)
        let slots = try loadHolds(image.holds)
        try loadSeats(image.seats, slots)
        try loadOrders(image.orders, slots)
        try loadPayments(image.payments)
        try loadRefunds(image.refunds)
        guard digest == image.digest else {
            throw .digestMismatch(stored: image.digest, computed: digest)
        }
    }

    private mutating func loadEvents(_ rows: [EventRow]) throws(InventoryRestoreError) {
        for row in rows.sorted(by: { $0.number < $1.number }) {
            guard Int(row.number) == events.count + 1 else {
                throw .inconsistent("event \(row.number) after \(events.count)")
            }
            eventsByID.insert(row.content.event.bits, UInt32(events.count))
            let event = EventState(row: row, layout: nil)
            digest &+= event.contentHash
            digest &+= RowHash.revision(eventNumber: row.number, row.revision)
            events.append(event)
            unnamedEventCount += 1
        }
    }

    /// The slots of the holds by number.
    private mutating func loadHolds(
        _ rows: [HoldRow]
    ) throws(InventoryRestoreError) -> [UInt64: Int] {
        var slots: [UInt64: Int] = [:]
        for row in rows.sorted(by: { $0.number < $1.number }) {
            guard 1..<(events.count + 1) ~= Int(row.eventNumber), slots[row.number] == nil,
                holds.byID[row.id.bits] == nil
            else { throw .inconsistent("hold \(row.number) of event \(row.eventNumber)") }
            let key = KeyHash.of(.hold, eventNumber: row.eventNumber, row.user, row.key)
            guard holds.byKey[key] == nil else {
                throw .inconsistent("the key of hold \(row.number) is taken")
            }
            let hash = RowHash.hold(row)
            let slot = holds.insert(HoldRecord(row: row, hash: hash), key: key)
            digest &+= hash
            slots[row.number] = slot
            if row.status.isOpen { holds.openCount += 1 }
            if row.status.isLive { noteClaims(of: slot) }
            schedule(slot)
        }
        return slots
    }

    private mutating func loadSeats(
        _ seats: [(eventNumber: UInt32, images: [SeatImage])], _ slots: [UInt64: Int]
    ) throws(InventoryRestoreError) {
        for (number, images) in seats {
            guard 1..<(events.count + 1) ~= Int(number),
                images.count == Int(events[Int(number) - 1].row.seatCount)
            else { throw .inconsistent("\(images.count) seats of event \(number)") }
            for (index, image) in images.enumerated() where image != .initial {
                let seat = SeatIndex(UInt32(index))
                let slot = slots[image.holdNumber]
                guard claimFits(image, slot) else {
                    throw .inconsistent(
                        "seat \(index) of event \(number), which hold \(image.holdNumber) has")
                }
                events[Int(number) - 1].load(seat, image, claim: slot)
                digest &+= RowHash.seat(eventNumber: number, seat, image)
            }
        }
        try checkClaims()
    }

    private func claimFits(_ image: SeatImage, _ slot: Int?) -> Bool {
        let status = slot.map { holds[$0].row.status }
        return switch image.state {
        case .available, .blocked: image.holdNumber == 0
        case .held: status == .held
        case .paymentPending: status == .paymentPending
        case .booked: status == .booked
        }
    }

    /// Every live hold has all its seats.
    private func checkClaims() throws(InventoryRestoreError) {
        for slot in 0..<holds.slotCount where holds[slot].row.status.isLive {
            let row = holds[slot].row
            let event = Int(row.eventNumber) - 1
            for seat in row.seats
            where seat.rawValue >= events[event].row.seatCount
                || events[event].claim(of: seat) != slot
            {
                throw .inconsistent("hold \(row.number) lacks seat \(seat.rawValue)")
            }
        }
    }

    private mutating func loadOrders(
        _ rows: [OrderRow], _ slots: [UInt64: Int]
    ) throws(InventoryRestoreError) {
        for row in rows.sorted(by: { $0.number < $1.number }) {
            guard Int(row.number) == orders.count + 1, let slot = slots[row.holdNumber],
                holds[slot].row.orderNumber == row.number, ordersByID[row.id.bits] == nil
            else { throw .inconsistent("order \(row.number) of hold \(row.holdNumber)") }
            let hash = RowHash.order(row)
            digest &+= hash
            ordersByID.insert(row.id.bits, UInt32(orders.count))
            ordersByUser[KeyHash.of(.user, row.user), default: []].append(row.number)
            orders.append(OrderRecord(row: row, holdSlot: slot, hash: hash))
        }
    }

    private mutating func loadPayments(_ rows: [PaymentRow]) throws(InventoryRestoreError) {
        for row in rows.sorted(by: { $0.number < $1.number }) {
            guard Int(row.number) == payments.count + 1,
                1..<UInt64(orders.count + 1) ~= row.orderNumber, paymentsByID[row.id.bits] == nil
            else { throw .inconsistent("payment \(row.number) of order \(row.orderNumber)") }
            let order = Int(row.orderNumber) - 1
            let key = KeyHash.of(
                .commit, eventNumber: orders[order].row.eventNumber, orders[order].row.user,
                row.key)
            guard commitKeys[key] == nil else {
                throw .inconsistent("the key of payment \(row.number) is taken")
            }
            let index = payments.count
            let hash = RowHash.payment(row)
            digest &+= hash
            paymentsByID.insert(row.id.bits, UInt32(index))
            commitKeys.insert(key, UInt32(index))
            orders[order].payments.append(row.number)
            payments.append(PaymentRecord(row: row, hash: hash))
            if row.status.isOpen { openPayments.insert(row.number) }
            schedule(attempt: index)
        }
    }

    private mutating func loadRefunds(_ rows: [RefundRow]) throws(InventoryRestoreError) {
        for row in rows.sorted(by: { $0.number < $1.number }) {
            guard Int(row.number) == refunds.count + 1,
                1..<UInt64(payments.count + 1) ~= row.paymentNumber,
                payments[Int(row.paymentNumber) - 1].refundNumber == nil,
                refundsByID[row.id.bits] == nil
            else { throw .inconsistent("refund \(row.number) of payment \(row.paymentNumber)") }
            let hash = RowHash.refund(row)
            digest &+= hash
            refundsByID.insert(row.id.bits, UInt32(refunds.count))
            payments[Int(row.paymentNumber) - 1].refundNumber = row.number
            refunds.append(RefundRecord(row: row, hash: hash))
            if row.status == .due { dueRefunds.insert(row.number) }
        }
    }

    /// Names the seats of events whose venue wasn't known when they were restored.
    mutating func attachLayouts(_ venues: [VenueID: SealedVenue]) {
        guard unnamedEventCount > 0 else { return }
        for index in events.indices where events[index].content == nil {
            guard let venue = venues[events[index].row.content.venue] else { continue }
            events[index].attach(venue.layout)
            unnamedEventCount -= 1
        }
    }
}
