import HTTPProtocol
import Inventory
import NodeCore
import Primitives

// The JSON documents of the contract, fields in its order.

extension VenueView {
    func write(to venue: inout JSONObjectWriter) {
        venue.field("venue_id", content.venue.text)
        venue.field("name", content.name)
        venue.field("layout_hash", layout.hashText)
        venue.field("sections", Sections(layout: layout))
    }
}

extension EventView {
    func write(to object: inout JSONObjectWriter) {
        let event = content.event
        object.field("event_id", event.event.text)
        object.field("name", event.name)
        object.field("venue_id", event.venue.text)
        object.field("starts_at", Timestamp(event.startsAt))
        object.field("on_sale_at", event.onSaleAt.map(Timestamp.init))
        object.field("currency", event.currency)
        object.object("prices") { prices in
            for price in event.prices { prices.field(key: price.section, price.amount) }
        }
        object.object("hold_ttl_seconds") { ttl in
            ttl.field("min", Int(event.ttl.minSeconds))
            ttl.field("default", Int(event.ttl.defaultSeconds))
            ttl.field("max", Int(event.ttl.maxSeconds))
        }
        object.field("max_seats_per_user", event.maxSeatsPerUser.map { Int($0) })
        object.field("revision", revision.rawValue)
    }
}

extension HoldView {
    /// - Parameter idText: the hold's id, which the caller needs too.
    func write(to hold: inout JSONObjectWriter, idText: String) {
        let content = event.content
        hold.field("hold_id", idText)
        hold.field("event_id", content.event.event.text)
        hold.field("user_id", user)
        hold.field("client_reservation_id", key)
        hold.field("seat_ids", SeatNames(seats: seats, layout: content.layout))
        hold.field("status", status.word)
        hold.field("created_at", Timestamp(createdAt))
        hold.field("expires_at", Timestamp(expiresAt))
        hold.field("ttl_seconds", (expiresAt - createdAt).rawValue / 1_000)
        hold.field("amount", amount)
        hold.field("currency", content.event.currency)
        hold.field("revision", event.revision.rawValue)
        if status == .booked, let order { hold.field("order_id", order.text) }
    }
}

extension OrderView {
    /// The answer to a commit.
    func write(to order: inout JSONObjectWriter) {
        let content = event.content
        order.field("order_id", id.text)
        order.field("hold_id", hold.text)
        order.field("event_id", content.event.event.text)
        order.field("user_id", user)
        order.field("seat_ids", SeatNames(seats: seats, layout: content.layout))
        order.field("status", status.word)
        order.field("amount", amount)
        order.field("currency", content.event.currency)
        order.field("confirmed_at", confirmedAt.map(Timestamp.init))
        if let payment = decidingPayment {
            order.object("payment") { payment.write(to: &$0) }
        }
    }

    /// The same with every attempt to pay.
    func writeWithPayments(to order: inout JSONObjectWriter) {
        write(to: &order)
        order.array("payments") { array in
            for payment in payments {
                array.object { object in
                    payment.write(to: &object)
                    object.field("amount", payment.amount)
                    object.field("created_at", Timestamp(payment.createdAt))
                }
            }
        }
    }

    /// The one that paid, else the last one.
    private var decidingPayment: PaymentView? {
        payments.first { $0.status == .succeeded } ?? payments.last
    }
}

extension PaymentView {
    fileprivate func write(to payment: inout JSONObjectWriter) {
        payment.field("payment_id", id.text)
        payment.field("provider", provider)
        payment.field("status", status.word)
    }
}

extension StatusView {
    func write(to status: inout JSONObjectWriter, _ configuration: APIConfiguration) {
        status.field("cluster_id", configuration.clusterID)
        status.field("node_id", id.description)
        status.field("role", role.word)
        status.field("term", term.rawValue)
        status.field("leader_id", leader?.description)
        status.field("leader_url", leader.flatMap { configuration.member($0)?.httpURL })
        status.field("commit_index", commitIndex.rawValue)
        status.field("applied_index", appliedIndex.rawValue)
        status.array("members") { array in
            for member in members {
                let address = configuration.member(member.id)
                array.object { object in
                    object.field("node_id", member.id.description)
                    object.field("role", member.role.word)
                    object.field("http_url", address?.httpURL)
                    object.field("raft_address", address?.raftAddress)
                    object.field("match_index", member.matchIndex?.rawValue)
                    object.field("healthy", member.isHealthy)
                }
            }
        }
        status.object("state_digest") { object in
            object.field("index", appliedIndex.rawValue)
            object.field(
                "value", Hex.encode(digest))
        }
    }
}
