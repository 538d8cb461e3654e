package import Inventory

/// Names a call to the payment provider within one process.
package struct ProviderCallID: Hashable, Comparable, Sendable {
    package var rawValue: UInt64
    package init(_ rawValue: UInt64) { self.rawValue = rawValue }
    package static func < (a: ProviderCallID, b: ProviderCallID) -> Bool {
        a.rawValue < b.rawValue
    }
}

/// A call that the shell makes for the core. Keys at the provider are made from our own ids, so a
/// repeated call, by this leader or a later one, finds what the first one did.
package struct ProviderCall: Sendable {
    /// What is asked of the provider.
    package enum Request: Sendable {
        /// Idempotent: makes the intent, or finds it as it is now.
        case create(AttemptView)
        /// Charges the created intent.
        case confirm(AttemptView)
        /// Finds the intent by our attempt id.
        case fetch(AttemptView)
        /// Ends the intent, unless it has succeeded.
        case cancel(AttemptView)
        case refund(RefundView)
    }
    /// The answer bears the same id.
    package var id: ProviderCallID
    package var request: Request
    package init(id: ProviderCallID, request: Request) {
        self.id = id
        self.request = request
    }
}

/// A payment as the provider sees it.
package struct ProviderIntent: Hashable, Sendable {
    /// How far the payment is. Raw values are the words of the simulated provider, in its API, its
    /// webhooks and its ledger.
    package enum Status: String, Sendable {
        case requiresConfirmation = "requires_confirmation"
        case processing
        case succeeded
        case declined
        case cancelled
    }
    /// The provider's own id, and how far the payment is.
    package var reference: String
    package var status: Status
    /// In minor units: what is to be captured, and what was, once it has succeeded.
    package var amount: Int64
    package var currency: String
    package init(reference: String, status: Status, amount: Int64, currency: String) {
        self.reference = reference
        self.status = status
        self.amount = amount
        self.currency = currency
    }
}

/// What came of a provider call.
package enum ProviderResult: Sendable {
    case intent(ProviderIntent)
    /// The provider knows no such intent.
    case absent
    case refunded(reference: String)
    /// No answer, or none that can be relied on: the call may or may not have taken effect.
    case unknown(reason: String)
}
