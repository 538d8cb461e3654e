package import Inventory
import NodeCore
import Primitives

/// Compares the provider's ledger with the cluster's books, once nothing is under way any more:
/// what was captured and not given back is the price of exactly one confirmed order.
package struct NodeBooks {
    package private(set) var violations: [String] = []

    package init(_ provider: NodeProvider, _ inventory: Inventory) {
        if Set(provider.charges).count != provider.charges.count {
            violations.append("an attempt was charged twice: \(provider.charges.count) charges")
        }
        var kept: [OrderID: Int64] = [:]
        for id in provider.payments.keys.sorted() {
            guard let payment = provider.payments[id], let attempt = inventory.attempt(id) else {
                violations.append("attempt \(id.text) is the provider's alone")
                continue
            }
            let isCaptured = payment.status == .succeeded
            if isCaptured { kept[attempt.order, default: 0] += payment.amount - payment.refunded }
            // A payment that nobody asked after any more may have ended since.
            if isCaptured != (attempt.status == .succeeded) {
                violations.append("\(id.text) is \(payment.status) there, \(attempt.status) here")
            }
        }
        for order in kept.keys.sorted() {
            guard let view = inventory.order(order) else {
                violations.append("order \(order.text) is unknown")
                continue
            }
            let due = view.status == .confirmed ? view.amount : 0
            if kept[order] != due {
                violations.append(
                    "order \(order.text) is \(view.status): \(kept[order] ?? 0) kept of \(due)")
            }
        }
    }
}
