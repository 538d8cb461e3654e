import HTTPProtocol
import Primitives
import SystemIO

/// A payment that took money, as the provider lists it.
struct Charge: Hashable, Sendable {
    /// The attempt that it was made for: our own id of it.
    var attemptID: String
    var amount: Int64
    var amountRefunded: Int64

    /// Asks the provider for all charges that it ever made.
    static func list(
        _ loop: EventLoop, _ provider: SocketAddress
    ) throws(BenchError) -> [Charge] {
        let clerk = Clerk(loop: loop, nodes: ClusterNodes([provider]))
        let what = "GET /charges of the provider"
        let answer = try clerk.perform(what) { $0.appendRequest("GET", "/charges") }
        guard answer.status == 200, let list = try? list(answer.body) else {
            throw .unexpected(call: what, status: answer.status, body: "")
        }
        return list
    }

    /// The answer to `GET /charges`.
    static func list(_ body: [UInt8]) throws(JSONError) -> [Charge] {
        var reader = JSONReader(body)
        var charges: [Charge] = []
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "data":
                try reader.beginArray()
                while try reader.nextElement() { charges.append(try reader.charge()) }
            default: try reader.skipValue()
            }
        }
        try reader.finish()
        return charges
    }
}

/// Compares the money that the provider took with the orders: one charge for each, of its amount,
/// given back when the order was; and nothing kept for anything else.
struct ChargeAudit: Sendable {
    private(set) var findings = Findings()
    private(set) var charges = 0
    private(set) var refunds = 0
    /// Charged and not given back, in minor units.
    private(set) var amountKept: Int64 = 0
    /// What the confirmed orders cost together.
    private(set) var amountOfOrders: Int64 = 0

    init(_ orders: [OrderAudit.Paid], _ list: [Charge]) {
        var chargeByAttempt: [String: Charge] = [:]
        for charge in list {
            charges += 1
            if charge.amountRefunded > 0 { refunds += 1 }
            amountKept += charge.amount - charge.amountRefunded
            if chargeByAttempt.updateValue(charge, forKey: charge.attemptID) != nil {
                findings.add("an attempt was charged twice", "\(charge)")
            }
        }
        for order in orders {
            if order.standing == .confirmed { amountOfOrders += order.amount }
            check(order, chargeByAttempt.removeValue(forKey: order.paymentID))
        }
        // Sorted, so that a report says the same each time.
        let rest = chargeByAttempt.values.sorted { $0.attemptID < $1.attemptID }
        for charge in rest where charge.amountRefunded != charge.amount {
            findings.add("money was kept for no order", "\(charge)")
        }
        if amountKept != amountOfOrders {
            findings.add(
                "the money kept is not what the orders cost",
                "\(amountKept) kept, \(amountOfOrders) due")
        }
    }

    private mutating func check(_ order: OrderAudit.Paid, _ charge: Charge?) {
        guard let charge else {
            return findings.add("an order was never charged", "\(order)")
        }
        let refundDue = order.standing == .cancelled ? order.amount : 0
        guard charge.amount == order.amount, charge.amountRefunded == refundDue else {
            return findings.add("a charge differs from its order", "\(order) has \(charge)")
        }
    }
}

extension JSONReader {
    fileprivate mutating func charge() throws(JSONError) -> Charge {
        var fields: (attempt: String?, amount: Int64?, refunded: Int64?)
        try beginObject()
        while let key = try nextKey() {
            switch key {
            case "attempt_id": try read(into: &fields.attempt)
            case "amount": try read(into: &fields.amount)
            case "amount_refunded": try read(into: &fields.refunded)
            default: try skipValue()
            }
        }
        return Charge(
            attemptID: try required(fields.attempt, "attempt_id"),
            amount: try required(fields.amount, "amount"),
            amountRefunded: try required(fields.refunded, "amount_refunded"))
    }
}
