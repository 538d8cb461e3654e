package import Inventory
package import NodeCore
import Primitives

/// A payment provider outside of the cluster, with a ledger of its own: what it has charged and
/// given back is the truth that the cluster's books are compared with.
///
/// Tokens decide as those of the simulated provider do: `tok_declined` is declined,
/// `tok_slow_MS` succeeds after that time, `tok_never` is never decided; any other succeeds.
package struct NodeProvider: Sendable {
    /// A payment as the provider keeps it.
    package struct Payment: Sendable {
        package let attempt: AttemptID
        package let reference: String
        package let token: String
        package let amount: Int64
        package let currency: String
        /// When processing ends.
        var decidedAt: UInt64?
        package fileprivate(set) var status = ProviderIntent.Status.requiresConfirmation
        package fileprivate(set) var refunded: Int64 = 0
    }

    /// By attempt, in the order of creation.
    package private(set) var payments: [AttemptID: Payment] = [:]
    /// By refund, in the order of creation.
    package private(set) var refunds: [RefundID: Int64] = [:]
    /// Calls by what they asked, in order.
    package private(set) var log: [ProviderCall] = []
    /// Confirmations that took money: more than one for an attempt is a double charge.
    package private(set) var charges: [AttemptID] = []
    /// While true every call is lost on its way.
    package var isDown = false

    package init() {}

    /// What the provider answers to a call that reaches it at `now`, in nanoseconds.
    package mutating func perform(_ call: ProviderCall, at now: UInt64) -> ProviderResult {
        log.append(call)
        switch call.request {
        case .create(let attempt):
            if payments[attempt.id] == nil { create(attempt) }
            guard let payment = payments[attempt.id], payment.amount == attempt.amount,
                payment.currency == attempt.currency
            else { return .unknown(reason: "the key was used with another amount") }
            return found(attempt.id, at: now)
        case .confirm(let attempt):
            guard knows(attempt) else { return .absent }
            confirm(attempt.id, at: now)
            return found(attempt.id, at: now)
        case .fetch(let attempt):
            return found(attempt.id, at: now)
        case .cancel(let attempt):
            guard knows(attempt) else { return .absent }
            settle(attempt.id, at: now)
            switch payments[attempt.id]?.status {
            case .requiresConfirmation, .processing: payments[attempt.id]?.status = .cancelled
            case .succeeded, .declined, .cancelled, nil: break
            }
            return found(attempt.id, at: now)
        case .refund(let refund):
            return giveBack(refund, at: now)
        }
    }

    /// A payment that somebody else has made under an attempt's id, in place of any before it.
    package mutating func plant(
        _ attempt: AttemptID, amount: Int64, currency: String, status: ProviderIntent.Status
    ) {
        payments[attempt] = Payment(
            attempt: attempt, reference: "planted", token: "tok_visa", amount: amount,
            currency: currency, status: status)
    }

    /// Payments are found by their reference, as the shell's paths name them.
    private func knows(_ attempt: AttemptView) -> Bool {
        payments[attempt.id].map { $0.reference == attempt.reference } ?? false
    }

    private mutating func create(_ attempt: AttemptView) {
        payments[attempt.id] = Payment(
            attempt: attempt.id, reference: "p\(payments.count + 1)", token: attempt.token,
            amount: attempt.amount, currency: attempt.currency)
    }

    private mutating func confirm(_ id: AttemptID, at now: UInt64) {
        guard let payment = payments[id], payment.status == .requiresConfirmation else { return }
        payments[id]?.status = .processing
        payments[id]?.decidedAt = now + payment.nanosecondsToDecide
        settle(id, at: now)
    }

    /// Ends what is processed by now.
    private mutating func settle(_ id: AttemptID, at now: UInt64) {
        guard let payment = payments[id], payment.status == .processing,
            let decidedAt = payment.decidedAt, decidedAt <= now
        else { return }
        payments[id]?.status = payment.token == "tok_declined" ? .declined : .succeeded
        if payment.token != "tok_declined" { charges.append(id) }
    }

    private mutating func found(_ id: AttemptID, at now: UInt64) -> ProviderResult {
        settle(id, at: now)
        guard let payment = payments[id] else { return .absent }
        return .intent(payment.intent)
    }

    private mutating func giveBack(_ refund: RefundView, at now: UInt64) -> ProviderResult {
        settle(refund.attempt, at: now)
        guard payments[refund.attempt]?.status == .succeeded else { return .absent }
        if refunds[refund.id] == nil {
            refunds[refund.id] = refund.amount
            payments[refund.attempt]?.refunded += refund.amount
        }
        return .refunded(reference: "r\(refunds.count)")
    }

    /// The provider has the money after all of a payment that it called declined or cancelled, as
    /// some payment methods do.
    package mutating func reverse(_ id: AttemptID) {
        switch payments[id]?.status {
        case .declined, .cancelled:
            payments[id]?.status = .succeeded
            charges.append(id)
        case .requiresConfirmation, .processing, .succeeded, nil: break
        }
    }

    /// The attempt as a webhook would tell it now.
    package mutating func intent(of id: AttemptID, at now: UInt64) -> ProviderIntent? {
        settle(id, at: now)
        return payments[id]?.intent
    }
}

extension NodeProvider.Payment {
    fileprivate var nanosecondsToDecide: UInt64 {
        if token == "tok_never" { return .max / 2 }
        guard token.hasPrefix("tok_slow_") else { return 0 }
        return (UInt64(token.dropFirst(9)) ?? 0) * 1_000_000
    }

    package var intent: ProviderIntent {
        ProviderIntent(reference: reference, status: status, amount: amount, currency: currency)
    }
}
