import HTTPProtocol
import Inventory
import NodeCore

// Holds and orders. None of them may be kept by a cache.

extension Rendering {
    func hold(_ hold: HoldView, _ replay: Replay) -> HTTPResponse {
        let isCreation = exchange.endpoint == .hold
        if isCreation, let problem = hold.endedProblem {
            return exchange.refusal(problem)
        }
        let id = hold.id.text
        return exchange.json(isCreation ? .created : .ok) { headers in
            headers.add("Cache-Control", "no-store")
            if isCreation { headers.add("Location", HTTPHeaderValue("/reservations/" + id) ?? "") }
            addReplay(replay, to: &headers)
            addRevision(hold.event.revision, to: &headers)
        } _: { body in
            hold.write(to: &body, idText: id)
        }
    }

    /// The answer to a commit has the payment that decided; every other one has all payments.
    func order(_ order: OrderView, _ replay: Replay) -> HTTPResponse {
        exchange.json(.ok) { headers in
            headers.add("Cache-Control", "no-store")
            addReplay(replay, to: &headers)
            addRevision(order.event.revision, to: &headers)
        } _: { body in
            if exchange.endpoint == .commit {
                order.write(to: &body)
            } else {
                order.writeWithPayments(to: &body)
            }
        }
    }

    func underWay(_ order: OrderView) -> HTTPResponse {
        exchange.json(.accepted) { headers in
            headers.add("Cache-Control", "no-store")
            headers.add("Location", HTTPHeaderValue("/orders/" + order.id.text) ?? "")
            headers.add("Retry-After", "1")
        } _: { body in
            order.writeWithPayments(to: &body)
        }
    }

    func list(_ orders: [OrderView]) -> HTTPResponse {
        exchange.json(.ok) { headers in
            headers.add("Cache-Control", "no-store")
            addRevision(nil, to: &headers)
        } _: { body in
            body.array("data") { data in
                for order in orders { data.object { order.writeWithPayments(to: &$0) } }
            }
            body.field("next_cursor", String?.none)
            body.field("has_more", false)
        }
    }

    func addReplay(_ replay: Replay, to headers: inout HeaderBlock) {
        switch replay {
        case .first: break
        case .replayed: headers.add("Idempotent-Replayed", "true")
        }
    }
}

extension HoldView {
    /// What a replayed creation is answered when the hold has ended meanwhile.
    fileprivate var endedProblem: Problem? {
        switch status {
        case .held, .paymentPending, .booked: nil
        case .expired: Problem(.holdExpired, "The hold of this key has expired.")
        case .released: Problem(.holdReleased, "The hold of this key was released.")
        }
    }
}
