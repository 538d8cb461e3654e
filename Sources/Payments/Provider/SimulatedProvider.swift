import HTTPProtocol
import NodeCore
import Primitives
import SystemIO

/// The simulated payment provider: a small acquirer with a durable ledger, so that charges can be
/// counted from outside after any crash. What it does with a payment depends on the token
/// (`PaymentToken`). Every operation is idempotent.
struct SimulatedProvider<Store: Disk> {
    private(set) var book = ProviderBook()
    private var ledger: ProviderLedger<Store>
    /// Payments whose status became final since the last look, for answers and webhooks.
    private(set) var settled: [ProviderPayment] = []
    private(set) var refunded: [ProviderBook.Refund] = []

    init(disk: consuming Store, directory: String) throws(ProviderError) {
        var book = ProviderBook()
        ledger = try ProviderLedger(disk: disk, directory: directory) { book.apply($0) }
        self.book = book
    }

    /// Makes all that was done since the last call durable. Nothing may be told before.
    mutating func commit() throws(ProviderError) { try ledger.commit() }

    mutating func takeSettled() -> ([ProviderPayment], [ProviderBook.Refund]) {
        defer {
            settled.removeAll(keepingCapacity: true)
            refunded.removeAll(keepingCapacity: true)
        }
        return (settled, refunded)
    }

    mutating func create(_ body: JSONValue, id: String, at now: WallTime) -> ProviderAnswer {
        guard let attempt = body["attempt_id"]?.text, let amount = body["amount"]?.integer,
            let currency = body["currency"]?.text, let token = body["token"]?.text, amount >= 0
        else { return .problem(.badRequest, "attempt_id, amount, currency and token are needed") }
        if let known = book.payment(ofAttempt: attempt) {
            guard known.shown.amount == amount, known.shown.currency == currency else {
                return .problem(.unprocessableContent, "this attempt has another amount")
            }
            return .payment(known.shown)
        }
        let payment = ProviderPayment(
            paymentID: id, attemptID: attempt, status: .requiresConfirmation, amount: amount,
            currency: currency, amountRefunded: 0)
        write(
            .created(
                ProviderBook.Payment(shown: payment, token: PaymentToken(token), createdAt: now),
                tokenText: token))
        return .payment(payment)
    }

    mutating func confirm(_ id: String, at now: WallTime) -> ProviderAnswer {
        guard let payment = book.payment(id) else { return .problem(.notFound, "no such payment") }
        switch payment.shown.status {
        case .succeeded, .declined, .cancelled: return .payment(payment.shown)
        case .processing: return .onceSettled(paymentID: id)
        case .requiresConfirmation: break
        }
        switch payment.token {
        case .succeeds:
            return .payment(settle(id, .succeeded))
        case .declines:
            return .payment(settle(id, .declined))
        case .succeedsLate(let span):
            write(.moved(paymentID: id, .processing, dueAt: now + span))
            return .onceSettled(paymentID: id)
        case .succeedsUnheard:
            write(.moved(paymentID: id, .succeeded, dueAt: nil))
            return .never
        }
    }

    /// Exactly one of success and cancellation wins: what is final stays.
    mutating func cancel(_ id: String) -> ProviderAnswer {
        guard let payment = book.payment(id) else { return .problem(.notFound, "no such payment") }
        switch payment.shown.status {
        case .succeeded, .declined, .cancelled: return .payment(payment.shown)
        case .requiresConfirmation, .processing: return .payment(settle(id, .cancelled))
        }
    }

    mutating func refund(_ body: JSONValue, reference: String) -> ProviderAnswer {
        guard let id = body["refund_id"]?.text, let paymentID = body["payment_id"]?.text,
            let amount = body["amount"]?.integer, amount >= 0
        else { return .problem(.badRequest, "refund_id, payment_id and amount are needed") }
        if let known = book.refund(id) { return Self.shown(known) }
        guard let payment = book.payment(paymentID) else {
            return .problem(.notFound, "no such payment")
        }
        guard payment.shown.status == .succeeded,
            amount <= payment.shown.amount - payment.shown.amountRefunded
        else { return .problem(.unprocessableContent, "more than was charged") }
        let refund = ProviderBook.Refund(
            refundID: id, reference: reference, paymentID: paymentID, amount: amount)
        write(.refunded(refund))
        refunded.append(refund)
        return Self.shown(refund)
    }

    func find(attempt: String) -> ProviderAnswer {
        guard let payment = book.payment(ofAttempt: attempt) else {
            return .problem(.notFound, "no such payment")
        }
        return .payment(payment.shown)
    }

    /// Every payment that took money, by creation.
    func charges() -> ProviderAnswer {
        .now(
            .json { object in
                object.array("data") { charges in
                    for payment in book.payments where payment.shown.status == .succeeded {
                        charges.object { payment.shown.write(to: &$0) }
                    }
                }
            })
    }

    /// Late payments that are still to succeed, by id.
    var processing: [(id: String, dueAt: WallTime)] {
        book.payments.compactMap { payment in
            guard payment.shown.status == .processing, let due = payment.dueAt else { return nil }
            return (payment.shown.paymentID, due)
        }
    }

    /// A late payment's time has come.
    mutating func succeedLate(_ id: String) {
        if book.payment(id)?.shown.status == .processing { _ = settle(id, .succeeded) }
    }

    private mutating func settle(
        _ id: String, _ status: ProviderIntent.Status
    ) -> ProviderPayment {
        write(.moved(paymentID: id, status, dueAt: nil))
        guard let payment = book.payment(id)?.shown else {
            preconditionFailure("INV-60: payment \(id) vanished from the provider's book")
        }
        settled.append(payment)
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
