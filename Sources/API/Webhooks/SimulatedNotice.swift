import HTTPProtocol
import Inventory
import NodeCore

/// The webhook body of the simulated provider.
///
///     {"id": "<event id>", "type": "payment.succeeded", "created": <unix seconds>,
///      "data": {"object": "payment", "payment_id": "<the provider's id>",
///               "attempt_id": "pay_…", "status": "succeeded", "amount": 4500, "currency": "EUR"}}
///
///     {"id": "<event id>", "type": "refund.succeeded", "created": <unix seconds>,
///      "data": {"object": "refund", "payment_id": "<the provider's id>", "attempt_id": "pay_…",
///               "status": "succeeded", "amount": 4500, "currency": "EUR",
///               "refund_id": "<the provider's id>", "holdfast_refund_id": "ref_…"}}
///
/// `type` is `payment.` or `refund.` and the status, for people; `data.object` and `data.status`
/// decide. A payment's `status` is one of `requires_confirmation`, `processing`, `succeeded`,
/// `declined`, `cancelled`; a refund's counts once it is `succeeded`. `attempt_id` and
/// `holdfast_refund_id` are the ids that Holdfast gave when it asked; `amount` is in minor units.
/// Fields that are not named here may be there.
enum SimulatedNotice {
    private struct Fields {
        var object: String?
        var payment: String?
        var attempt: String?
        var status: String?
        var amount: Int64?
        var currency: String?
        var refund: String?
        var ourRefund: String?
    }

    /// What the body speaks of; what can't be read, or is not ours, is unmatched.
    static func subject(of body: [UInt8]) -> ProviderNotice.Subject {
        guard let fields = try? fields(of: body) else { return .unmatched }
        switch fields.object {
        case "payment":
            return payment(fields) ?? .unmatched
        case "refund":
            return refund(fields) ?? .unmatched
        case _:
            return .unmatched
        }
    }

    private static func payment(_ fields: Fields) -> ProviderNotice.Subject? {
        guard let attempt = fields.attempt.flatMap({ AttemptID($0) }),
            let status = fields.status.flatMap(ProviderIntent.Status.init(rawValue:)),
            let reference = fields.payment, let amount = fields.amount, amount >= 0,
            let currency = fields.currency
        else { return nil }
        return .payment(
            attempt,
            ProviderIntent(
                reference: reference, status: status, amount: amount, currency: currency))
    }

    private static func refund(_ fields: Fields) -> ProviderNotice.Subject? {
        guard fields.status == "succeeded", let reference = fields.refund,
            let refund = fields.ourRefund.flatMap({ RefundID($0) })
        else { return nil }
        return .refund(refund, reference: reference)
    }

    private static func fields(of body: [UInt8]) throws(JSONError) -> Fields {
        var fields = Fields()
        var reader = JSONReader(body)
        try reader.beginObject()
        while let name = try reader.nextKey() {
            switch name {
            case "data": try readData(&reader, into: &fields)
            default: try reader.skipValue()
            }
        }
        try reader.finish()
        return fields
    }

    private static func readData(
        _ reader: inout JSONReader, into fields: inout Fields
    ) throws(JSONError) {
        try reader.beginObject()
        while let name = try reader.nextKey() {
            switch name {
            case "object": try reader.read(into: &fields.object)
            case "payment_id": try reader.read(into: &fields.payment)
            case "attempt_id": try reader.read(into: &fields.attempt)
            case "status": try reader.read(into: &fields.status)
            case "amount": try reader.read(into: &fields.amount)
            case "currency": try reader.read(into: &fields.currency)
            case "refund_id": try reader.read(into: &fields.refund)
            case "holdfast_refund_id": try reader.read(into: &fields.ourRefund)
            default: try reader.skipValue()
            }
        }
    }
}
