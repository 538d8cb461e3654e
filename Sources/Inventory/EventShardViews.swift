import Primitives

/// Rows as clients see them, and how ids find them. An event whose layout isn't known yet, and all
/// that belongs to it, is not found.
extension EventShard {
    func eventIndex(_ id: EventID) -> Int? {
        guard let index = eventsByID[id.bits].map(Int.init), events[index].content != nil else {
            return nil
        }
        return index
    }

    func holdSlot(_ id: HoldID) -> Int? {
        guard let slot = holds.byID[id.bits].map(Int.init),
            events[Int(holds[slot].row.eventNumber) - 1].content != nil
        else { return nil }
        return slot
    }

    /// Index of the order; nil when it isn't known.
    func orderIndex(_ id: OrderID) -> Int? {
        guard let index = ordersByID[id.bits].map(Int.init),
            events[Int(orders[index].row.eventNumber) - 1].content != nil
        else { return nil }
        return index
    }

    func paymentIndex(_ id: AttemptID) -> Int? { paymentsByID[id.bits].map(Int.init) }
    func refundIndex(_ id: RefundID) -> Int? { refundsByID[id.bits].map(Int.init) }

    func orderIndex(ofPayment index: Int) -> Int { Int(payments[index].row.orderNumber) - 1 }

    /// A hold that has lapsed counts as expired, written or not.
    func status(ofHold slot: Int, at now: WallTime) -> HoldStatus {
        let status = holds[slot].row.status
        return status == .held && holds[slot].row.expiresAt <= now ? .expired : status
    }

    func view(ofEvent index: Int) -> EventView? {
        events[index].content.map {
            EventView(content: $0, revision: events[index].row.revision)
        }
    }

    private func view(ofEventNumber number: UInt32) -> EventView {
        guard let view = view(ofEvent: Int(number) - 1) else {
            invariantFailure("INV-42: event \(number) is looked at before its layout is known")
        }
        return view
    }

    func view(ofHold slot: Int, at now: WallTime) -> HoldView {
        let row = holds[slot].row
        let status = status(ofHold: slot, at: now)
        return HoldView(
            id: row.id, event: view(ofEventNumber: row.eventNumber), user: row.user, key: row.key,
            seats: row.seats, status: status, createdAt: row.createdAt, expiresAt: row.expiresAt,
            amount: row.amount,
            order: status == .booked ? row.orderNumber.map { orders[Int($0) - 1].row.id } : nil)
    }

    func view(ofOrder index: Int) -> OrderView {
        let row = orders[index].row
        return OrderView(
            id: row.id, hold: holds[orders[index].holdSlot].row.id,
            event: view(ofEventNumber: row.eventNumber), user: row.user, seats: row.seats,
            status: row.status, amount: row.amount, createdAt: row.createdAt,
            confirmedAt: row.confirmedAt,
            payments: orders[index].payments.map { number in
                let payment = payments[Int(number) - 1].row
                return PaymentView(
                    id: payment.id, provider: payment.provider, status: payment.status,
                    amount: payment.amount, createdAt: payment.createdAt)
            })
    }

    func view(ofPayment index: Int) -> AttemptView {
        let row = payments[index].row
        let order = orders[orderIndex(ofPayment: index)]
        return AttemptView(
            id: row.id, order: order.row.id, hold: holds[order.holdSlot].row.id,
            status: row.status, token: row.token, provider: row.provider, amount: row.amount,
            currency: currency(ofPayment: index), deadline: row.deadline,
            reference: row.reference)
    }

    func view(ofRefund index: Int) -> RefundView {
        let row = refunds[index].row
        let payment = payments[Int(row.paymentNumber) - 1].row
        return RefundView(
            id: row.id, attempt: payment.id, provider: payment.provider,
            paymentReference: payment.reference, amount: row.amount,
            currency: currency(ofPayment: Int(row.paymentNumber) - 1), status: row.status)
    }

    func currency(ofPayment index: Int) -> String {
        let order = orders[orderIndex(ofPayment: index)].row
        return events[Int(order.eventNumber) - 1].row.content.currency
    }

    /// The user's orders, by rising number.
    func orders(ofUser user: String) -> [OrderView] {
        (ordersByUser[KeyHash.of(.user, user)] ?? []).compactMap { number in
            let index = Int(number) - 1
            let event = Int(orders[index].row.eventNumber) - 1
            return events[event].content == nil ? nil : view(ofOrder: index)
        }
    }
}
