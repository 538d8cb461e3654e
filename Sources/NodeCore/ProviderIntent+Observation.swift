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
}

extension ResourceID where Kind == AttemptKind {
    /// A payment is given back at most once, so its refund's id follows from its own.
    package var refund: RefundID { RefundID(group: group, shard: shard, bits: bits) }
}
