package import HTTPProtocol
package import NodeCore

/// A payment as the simulated provider's API shows it, and as its ledger keeps it.
package struct ProviderPayment: Hashable, Sendable {
    package var paymentID: String
    /// Holdfast's own id of the attempt: the metadata by which a lost payment is found.
    package var attemptID: String
    package var status: ProviderIntent.Status
    /// In minor units; captured once the payment has succeeded.
    package var amount: Int64
    package var currency: String
    /// Given back so far, in minor units.
    package var amountRefunded: Int64

    package init(
        paymentID: String, attemptID: String, status: ProviderIntent.Status, amount: Int64,
        currency: String, amountRefunded: Int64
    ) {
        self.paymentID = paymentID
        self.attemptID = attemptID
        self.status = status
        self.amount = amount
        self.currency = currency
        self.amountRefunded = amountRefunded
    }

    /// What the core makes of it: an amount counts once it is captured.
    package var intent: ProviderIntent {
        ProviderIntent(reference: paymentID, status: status, amount: amount, currency: currency)
    }

    /// Writes its members, of which the initialiser makes it again.
    package func write(to object: inout JSONObjectWriter) {
        object.field("payment_id", paymentID)
        object.field("attempt_id", attemptID)
        object.field("status", status.rawValue)
        object.field("amount", amount)
        object.field("currency", currency)
        object.field("amount_refunded", amountRefunded)
    }

    /// Nil when a member is missing or means nothing.
    package init?(_ value: JSONValue) {
        guard let paymentID = value["payment_id"]?.text,
            let attemptID = value["attempt_id"]?.text,
            let status = value["status"]?.text.flatMap(ProviderIntent.Status.init(rawValue:)),
            let amount = value["amount"]?.integer, let currency = value["currency"]?.text,
            let refunded = value["amount_refunded"]?.integer
        else { return nil }
        self.init(
            paymentID: paymentID, attemptID: attemptID, status: status, amount: amount,
            currency: currency, amountRefunded: refunded)
    }
}

extension ProviderIntent.Status {
    /// Whether the provider never changes its mind again: exactly one of these is reached.
    var isFinal: Bool {
        switch self {
        case .requiresConfirmation, .processing: false
        case .succeeded, .declined, .cancelled: true
        }
    }
}
