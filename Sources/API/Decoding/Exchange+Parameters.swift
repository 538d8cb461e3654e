import Primitives
import HTTPProtocol
import Inventory

extension Exchange {
    /// The path's id. One that can't be an id of ours names nothing: 404.
    func id<Kind>(_ missing: Missing) throws(Problem) -> ResourceID<Kind> {
        guard let id = ResourceID<Kind>(parameter) else { throw Problem(missing) }
        return id
    }

    func layoutHash() throws(Problem) -> UInt128 {
        guard let hash = Layout.hash(ofText: parameter) else {
            throw Problem(.notFound, "There is no layout with this hash.")
        }
        return hash
    }

    func userID() throws(Problem) -> String {
        try FieldRule.requireID(parameter, "user_id")
        return parameter
    }

    /// `Idempotency-Key`, nil when the header is not there.
    func idempotencyKey() throws(Problem) -> String? {
        guard let value = head.fields.first("idempotency-key") else { return nil }
        let key = String(validating: value, as: UTF8.self) ?? ""
        try FieldRule.requireID(key, "Idempotency-Key")
        return key
    }

    func requiredIdempotencyKey() throws(Problem) -> String {
        guard let key = try idempotencyKey() else {
            throw Problem(.idempotencyKeyMissing, "This call needs an Idempotency-Key header.")
        }
        return key
    }

    /// The name of the key that the caller holds; what only organizers create has an owner.
    var owner: String {
        switch caller {
        case .holder(let key): key.name
        case .anonymous: invariantFailure("INV-91: \(endpoint) admitted nobody")
        }
    }
}

extension Problem {
    init(_ missing: Missing) {
        let thing =
            switch missing {
            case .venue: "venue"
            case .event: "event"
            case .hold: "reservation"
            case .order: "order"
            case .payment: "payment"
            case .refund: "refund"
            }
        self.init(.notFound, "There is no \(thing) with this id.")
    }
}
