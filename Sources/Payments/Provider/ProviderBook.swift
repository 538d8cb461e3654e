import NodeCore
import Primitives

/// The provider's state: what it would be a matter of money to forget. Every change is a record,
/// and the book is what its records, in order, make of it. It grows with the payments, for ever.
struct ProviderBook {
    struct Payment: Hashable {
        var shown: ProviderPayment
        /// What the payment does, as `PaymentToken` reads it.
        var token: String
        var createdAt: WallTime
        /// When a late payment succeeds.
        var dueAt: WallTime?
    }

    struct Refund: Hashable {
        var refundID: String
        /// The provider's own id of it.
        var reference: String
        var paymentID: String
        var amount: Int64
    }

    enum Record: Hashable {
        case created(Payment)
        case moved(paymentID: String, ProviderIntent.Status, dueAt: WallTime?)
        case refunded(Refund)
    }

    /// The charges of one currency together.
    struct Totals: Hashable {
        var currency: String
        var count = 0
        var amount: Int64 = 0
        var amountRefunded: Int64 = 0
    }

    private(set) var payments: [Payment] = []
    /// Slots of those that took money, in the order in which they did.
    private var charged: [Int] = []
    /// By currency, in the order of their first charges.
    private(set) var totals: [Totals] = []
    private var refunds: [String: Refund] = [:]
    private var slotByPayment: [String: Int] = [:]
    private var slotByAttempt: [String: Int] = [:]
    private var totalsByCurrency: [String: Int] = [:]

    func payment(_ id: String) -> Payment? { slotByPayment[id].map { payments[$0] } }
    func payment(ofAttempt id: String) -> Payment? { slotByAttempt[id].map { payments[$0] } }
    func refund(_ id: String) -> Refund? { refunds[id] }

    /// Every payment that took money, in the order in which they did.
    var charges: some Sequence<ProviderPayment> { charged.lazy.map { payments[$0].shown } }

    /// Takes a record in. It must be one that follows from the book: those before it are all here.
    mutating func apply(_ record: Record) {
        switch record {
        case .created(let payment):
            invariant(
                slotByPayment[payment.shown.paymentID] == nil
                    && slotByAttempt[payment.shown.attemptID] == nil,
                "INV-60: payment \(payment.shown) is in the provider's book already")
            slotByPayment[payment.shown.paymentID] = payments.count
            slotByAttempt[payment.shown.attemptID] = payments.count
            payments.append(payment)
        case .moved(let id, let status, let dueAt):
            let slot = slot(of: id)
            invariant(
                !payments[slot].shown.status.isFinal,
                "INV-61: payment \(payments[slot].shown) becomes \(status.rawValue)")
            payments[slot].shown.status = status
            payments[slot].dueAt = dueAt
            if status == .succeeded { charge(slot) }
        case .refunded(let refund):
            invariant(refunds[refund.refundID] == nil, "INV-60: \(refund) is given twice")
            let slot = slot(of: refund.paymentID)
            refunds[refund.refundID] = refund
            payments[slot].shown.amountRefunded += refund.amount
            totals[totalsSlot(of: payments[slot].shown.currency)].amountRefunded += refund.amount
        }
    }

    private mutating func charge(_ slot: Int) {
        charged.append(slot)
        let place = totalsSlot(of: payments[slot].shown.currency)
        totals[place].count += 1
        totals[place].amount += payments[slot].shown.amount
    }

    private func slot(of payment: String) -> Int {
        guard let slot = slotByPayment[payment] else {
            invariantFailure("INV-60: payment \(payment) is not in the provider's book")
        }
        return slot
    }

    private mutating func totalsSlot(of currency: String) -> Int {
        if let slot = totalsByCurrency[currency] { return slot }
        totalsByCurrency[currency] = totals.count
        totals.append(Totals(currency: currency))
        return totals.count - 1
    }
}
