import HTTPProtocol
import NodeCore
import Primitives

/// What has become of the money, for those who wait and for webhooks.
enum ProviderNews: Hashable {
    case settled(ProviderPayment)
    case refunded(ProviderBook.Refund, of: ProviderPayment)
}

/// The simulated payment provider: a small acquirer with a durable ledger, so that charges can be
/// counted from outside after any crash. What it does with a payment depends on the token
/// (`PaymentToken`). Every operation is idempotent: payments are found by Holdfast's attempt id,
/// refunds by its refund id.
struct SimulatedProvider<Store: Disk> {
    private struct LatePayment: Comparable {
        var dueAt: MonotonicTime
        var paymentID: String

        static func < (a: LatePayment, b: LatePayment) -> Bool {
            (a.dueAt, a.paymentID) < (b.dueAt, b.paymentID)
        }
    }

    private(set) var book = ProviderBook()
    private var ledger: ProviderLedger<Store>
    private var late = BinaryHeap<LatePayment>()
    private var news: [ProviderNews] = []

    /// Reads the ledger, and goes on with late payments.
    init(
        disk: consuming Store, directory: String, at now: Moment
    ) throws(ProviderError) {
        var book = ProviderBook()
        ledger = try ProviderLedger(disk: disk, directory: directory) { book.apply($0) }
        self.book = book
        for payment in book.payments where payment.shown.status == .processing {
            resume(payment, at: now)
        }
    }

    /// How much of an untold record was dropped at the start.
    var tornBytes: Int { ledger.tornBytes }

    /// When the next late payment succeeds.
    var nextDue: MonotonicTime? { late.min?.dueAt }

    /// Makes all that was done since the last call durable. Nothing may be told before. After an
    /// error the process must end.
    /// - Returns: what is to be told besides the answers, in order.
    mutating func commit() throws(ProviderError) -> [ProviderNews] {
        try ledger.commit()
        defer { news.removeAll(keepingCapacity: true) }
        return news
    }

    /// - Parameter id: the payment's, unless the attempt has one.
    mutating func create(
        _ request: NewPayment, id: String, at now: Moment
    ) throws(ProviderRefusal) -> ProviderAnswer {
        if let known = book.payment(ofAttempt: request.attemptID)?.shown {
            guard known.amount == request.amount, known.currency == request.currency else {
                throw ProviderRefusal(
                    .unprocessableContent,
                    "this attempt is for \(known.amount) \(known.currency)")
            }
            return .payment(known)
        }
        let payment = ProviderPayment(
            paymentID: id, attemptID: request.attemptID, status: .requiresConfirmation,
            amount: request.amount, currency: request.currency, amountRefunded: 0)
        write(
            .created(
                ProviderBook.Payment(shown: payment, token: request.token, createdAt: now.wall)))
        return .payment(payment)
    }

    mutating func confirm(
        _ id: String, at now: Moment
    ) throws(ProviderRefusal) -> ProviderAnswer {
        let payment = try payment(id)
        switch payment.shown.status {
        case .succeeded, .declined, .cancelled: return .payment(payment.shown)
        case .processing: return .onceSettled(paymentID: id)
        case .requiresConfirmation: break
        }
        switch PaymentToken(payment.token) {
        case .succeeds:
            return .payment(settle(id, .succeeded))
        case .declines:
            return .payment(settle(id, .declined))
        case .succeedsLate(let span):
            write(.moved(paymentID: id, .processing, dueAt: now.wall + span))
            late.insert(LatePayment(dueAt: now.monotonic + span, paymentID: id))
            return .onceSettled(paymentID: id)
        case .succeedsUnheard:
            write(.moved(paymentID: id, .succeeded, dueAt: nil))
            return .never
        }
    }

    /// Exactly one of success and cancellation wins: what is final stays.
    mutating func cancel(_ id: String) throws(ProviderRefusal) -> ProviderAnswer {
        let payment = try payment(id).shown
        return .payment(payment.status.isFinal ? payment : settle(id, .cancelled))
    }

    /// - Parameter reference: the provider's own id, unless the refund has one.
    mutating func refund(
        _ request: NewRefund, reference: String
    ) throws(ProviderRefusal) -> ProviderAnswer {
        if let known = book.refund(request.refundID) {
            guard known.paymentID == request.paymentID, known.amount == request.amount else {
                throw ProviderRefusal(
                    .unprocessableContent,
                    "this refund is for \(known.amount) of \(known.paymentID)")
            }
            return Self.shown(known)
        }
        let payment = try payment(request.paymentID).shown
        guard payment.status == .succeeded else {
            throw ProviderRefusal(.unprocessableContent, "this payment took no money")
        }
        guard request.amount <= payment.amount - payment.amountRefunded else {
            throw ProviderRefusal(
                .unprocessableContent,
                "of \(payment.amount) this payment gave back \(payment.amountRefunded)")
        }
        let refund = ProviderBook.Refund(
            refundID: request.refundID, reference: reference, paymentID: request.paymentID,
            amount: request.amount)
        write(.refunded(refund))
        news.append(.refunded(refund, of: payment))
        return Self.shown(refund)
    }

    func find(attempt: String) throws(ProviderRefusal) -> ProviderAnswer {
        guard let payment = book.payment(ofAttempt: attempt) else { throw .noSuchPayment }
        return .payment(payment.shown)
    }

    /// Late payments whose time has come succeed, unless they were cancelled.
    mutating func settleDue(at now: Moment) {
        while let next = late.min, next.dueAt <= now.monotonic {
            _ = late.removeMin()
            if book.payment(next.paymentID)?.shown.status == .processing {
                _ = settle(next.paymentID, .succeeded)
            }
        }
    }

    /// A late payment of an earlier run. The wall clock may have jumped since: it waits no longer
    /// than its token says.
    private mutating func resume(_ payment: ProviderBook.Payment, at now: Moment) {
        guard case .succeedsLate(let span) = PaymentToken(payment.token), let due = payment.dueAt
        else { invariantFailure("INV-61: \(payment) is not late") }
        let left = min(max(.zero, due - now.wall), span)
        late.insert(
            LatePayment(dueAt: now.monotonic + left, paymentID: payment.shown.paymentID))
    }

    private func payment(_ id: String) throws(ProviderRefusal) -> ProviderBook.Payment {
        guard let payment = book.payment(id) else { throw .noSuchPayment }
        return payment
    }

    private mutating func settle(
        _ id: String, _ status: ProviderIntent.Status
    ) -> ProviderPayment {
        write(.moved(paymentID: id, status, dueAt: nil))
        guard let payment = book.payment(id)?.shown else {
            invariantFailure("INV-60: payment \(id) vanished from the provider's book")
        }
        news.append(.settled(payment))
        return payment
    }

    private mutating func write(_ record: ProviderBook.Record) {
        book.apply(record)
        ledger.append(record)
    }

    private static func shown(_ refund: ProviderBook.Refund) -> ProviderAnswer {
        .now(
            .json { object in
                object.field("refund_id", refund.refundID)
                object.field("refund_reference", refund.reference)
                object.field("payment_id", refund.paymentID)
                object.field("amount", refund.amount)
            })
    }
}
