package import Inventory
import Primitives

extension ObservePayment {
    /// The command that writes the provider's word down; nil while the payment is under way.
    package init?(attempt: AttemptID, intent: ProviderIntent) {
        let status: Status
        switch intent.status {
        case .requiresConfirmation, .processing: return nil
        case .succeeded: status = .succeeded
        case .declined: status = .declined
        case .cancelled: status = .cancelled
        }
        self.init(
            attempt: attempt, status: status, amount: intent.amount, currency: intent.currency,
            reference: intent.reference, refund: attempt.refund)
    }

    /// The payment that took money; nil for one that took none.
    var captured: ProviderIntent? {
        guard status == .succeeded else { return nil }
        return ProviderIntent(
            reference: reference, status: .succeeded, amount: amount, currency: currency)
    }
}

extension ProviderIntent {
    /// Whether this is the payment that the attempt asks for. One for another amount or currency is
    /// not, though it bears the attempt's id: it is never confirmed, and what becomes of it by
    /// itself says nothing of the attempt, unless it has taken money.
    func isPayment(of attempt: AttemptView) -> Bool {
        amount == attempt.amount && currency == attempt.currency
    }
}

extension ResourceID where Kind == AttemptKind {
    /// A payment is given back at most once, so its refund's id follows from its own.
    package var refund: RefundID { RefundID(group: group, shard: shard, bits: bits) }
}
