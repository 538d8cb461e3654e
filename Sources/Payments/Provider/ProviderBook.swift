import NodeCore
import Primitives

/// The provider's state: what it would be a matter of money to forget. Every change is a record,
/// and the book is what its records, in order, make of it.
struct ProviderBook {
    struct Payment {
        var shown: ProviderPayment
        var token: PaymentToken
        var createdAt: WallTime
        /// When a late payment succeeds.
        var dueAt: WallTime?
    }

    struct Refund: Hashable {
        var refundID: String
        var reference: String
        var paymentID: String
        var amount: Int64
    }

    enum Record {
        case created(Payment, tokenText: String)
        case moved(paymentID: String, ProviderIntent.Status, dueAt: WallTime?)
        case refunded(Refund)
    }

    /// By creation.
    private(set) var payments: [Payment] = []
    private(set) var refunds: [Refund] = []
    private var slotByPayment: [String: Int] = [:]
    private var slotByAttempt: [String: Int] = [:]
    private var slotByRefund: [String: Int] = [:]

    func payment(_ id: String) -> Payment? { slotByPayment[id].map { payments[$0] } }
    func payment(ofAttempt id: String) -> Payment? { slotByAttempt[id].map { payments[$0] } }
    func refund(_ id: String) -> Refund? { slotByRefund[id].map { refunds[$0] } }

    mutating func apply(_ record: Record) {
        switch record {
        case .created(let payment, _):
            slotByPayment[payment.shown.paymentID] = payments.count
            slotByAttempt[payment.shown.attemptID] = payments.count
            payments.append(payment)
        case .moved(let id, let status, let dueAt):
            guard let slot = slotByPayment[id] else { return }
            payments[slot].shown.status = status
            payments[slot].dueAt = dueAt
        case .refunded(let refund):
            slotByRefund[refund.refundID] = refunds.count
            refunds.append(refund)
            guard let slot = slotByPayment[refund.paymentID] else { return }
            payments[slot].shown.amountRefunded += refund.amount
        }
    }
}
