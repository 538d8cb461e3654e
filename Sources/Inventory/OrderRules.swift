import Primitives

/// Why money is given back.
enum RefundReason: String {
    case orderCancelled = "order_cancelled"
    case seatsTaken = "seats_taken"
    case secondPayment = "second_payment"
    case amountMismatch = "amount_mismatch"
}

/// The organizer's cancellation, and the ledger of refunds.
extension EventShard {
    func decide(_ command: CancelOrder) -> Decision<Int> {
        guard let index = orderIndex(command.order) else { return .refuse(.notFound(.order)) }
        switch orders[index].row.status {
        case .pending: return .refuse(.paymentPending)
        case .cancelled: return .answer(.order(view(ofOrder: index), .replayed))
        case .failed: return .perform(index)
        case .confirmed:
            return refundsByID[command.refund.bits] == nil
                ? .perform(index) : .refuse(.idempotencyKeyReused)
        }
    }

    mutating func perform(_ command: CancelOrder, _ index: Int, at now: WallTime) -> Outcome {
        let slot = orders[index].holdSlot
        let paid = orders[index].payments.last { number in
            payments[Int(number) - 1].row.status == .succeeded
                && payments[Int(number) - 1].refundNumber == nil
        }
        if holds[slot].row.status.isLive {
            let isExpired = status(ofHold: slot, at: now) == .expired
            endHold(slot, as: isExpired ? .expired : .released, at: now)
        }
        updateOrder(index) { row in
            row.status = .cancelled
            row.cancelledAt = now
        }
        if let paid, !Mutant.cancelledOrderNotOwed.isPlanted {
            oweRefund(
                command.refund, of: Int(paid) - 1, orders[index].row.amount, .orderCancelled,
                at: now)
        }
        settleRevisions()
        return .order(view(ofOrder: index), .first)
    }

    /// Writes down that a captured amount is due back. Nothing is due of nothing.
    mutating func oweRefund(
        _ id: RefundID, of payment: Int, _ amount: Int64, _ reason: RefundReason, at now: WallTime
    ) {
        guard amount > 0 else { return }
        let index = refunds.count
        let number = UInt64(index + 1)
        refunds.append(
            RefundRecord(
                row: RefundRow(
                    number: number, id: id, paymentNumber: payments[payment].row.number,
                    amount: amount, status: .due, reason: reason.rawValue, createdAt: now,
                    settledAt: nil, reference: "")))
        refundsByID.insert(id.bits, UInt32(index))
        payments[payment].refundNumber = number
        updateRefund(index) { _ in }
    }

    func decide(_ command: ObserveRefund) -> Decision<Int> {
        guard let index = refundIndex(command.refund) else { return .refuse(.notFound(.refund)) }
        switch refunds[index].row.status {
        case .due: return .perform(index)
        case .confirmed: return .answer(.done)
        }
    }

    mutating func perform(_ command: ObserveRefund, _ index: Int, at now: WallTime) -> Outcome {
        updateRefund(index) { row in
            row.status = .confirmed
            row.settledAt = now
            row.reference = command.reference
        }
        return .done
    }
}
