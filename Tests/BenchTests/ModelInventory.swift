import HTTPProtocol
import Primitives

@testable import Bench

/// A small, correct inventory behind the HTTP contract, and ways for it to go wrong.
struct ModelInventory {
    /// What the model does that no cluster may do, once.
    enum Defect: CaseIterable {
        case sellsASeatTwice
        case losesAnOrder
        case keepsARefund
        case chargesWithoutAnOrder
        case forgetsToBook
    }

    enum Standing: String { case held, booked, released, expired }

    struct Hold {
        var id: String
        var user: String
        var seats: [SeatNumber]
        var status = Standing.held
        var expiresAt: MonotonicTime
    }

    struct Order {
        var id: String
        var hold: Int
        var status = "confirmed"
        var amount: Int64
        var payments: [(id: String, status: String)]
    }

    struct Answer {
        var status: HTTPStatus
        var body: [UInt8] = []
    }

    let stadium: Stadium
    let ttl: Milliseconds
    var defect: Defect?
    private(set) var holds: [Hold] = []
    private(set) var orders: [Order] = []
    /// The first one is of an earlier sale.
    private(set) var charges = [Charge(attemptID: "pay_early", amount: 900, amountRefunded: 0)]
    /// By seat: the hold that has it.
    private var claims: [Int?]
    private var holdByKey: [String: Int] = [:]
    private var paymentByKey: [String: Answer] = [:]

    init(stadium: Stadium, ttl: Milliseconds, defect: Defect?) {
        self.stadium = stadium
        self.ttl = ttl
        self.defect = defect
        claims = Array(repeating: nil, count: stadium.seatCount)
    }

    /// Ends the holds whose time is over.
    mutating func expire(at now: MonotonicTime) {
        for (place, hold) in holds.enumerated() where hold.status == .held && hold.expiresAt <= now
        {
            end(place, .expired)
        }
    }

    mutating func hold(_ body: JSONValue, at now: MonotonicTime) -> Answer {
        let user = body["user_id"]?.text ?? ""
        let key = "\(user)/\(body["client_reservation_id"]?.text ?? "")"
        if let known = holdByKey[key] {
            return holds[known].status == .expired
                ? problem(.gone, "hold_expired") : show(known, .created)
        }
        let seats = seats(body["seat_ids"])
        let isSoldTwice =
            defect == .sellsASeatTwice
            && seats.contains { claims[$0.rawValue].map { holds[$0].status == .booked } ?? false }
        if isSoldTwice { defect = nil }
        guard isSoldTwice || seats.allSatisfy({ claims[$0.rawValue] == nil }) else {
            return problem(.conflict, "seats_unavailable")
        }
        holds.append(
            Hold(id: "hold_\(holds.count)", user: user, seats: seats, expiresAt: now + ttl))
        holdByKey[key] = holds.count - 1
        for seat in seats { claims[seat.rawValue] = holds.count - 1 }
        return show(holds.count - 1, .created)
    }

    mutating func drop(_ place: Int, _ body: JSONValue) -> Answer {
        if let ended = endedAnswer(place) { return ended }
        for seat in seats(body["release_seat_ids"]) where holds[place].seats.contains(seat) {
            holds[place].seats.removeAll { $0 == seat }
            claims[seat.rawValue] = nil
        }
        return show(place, .ok)
    }

    mutating func release(_ place: Int) -> Answer {
        if holds[place].status == .released { return Answer(status: .noContent) }
        if let ended = endedAnswer(place) { return ended }
        end(place, .released)
        return Answer(status: .noContent)
    }

    mutating func commit(_ place: Int, _ body: JSONValue) -> Answer {
        let key = "\(holds[place].user)/\(body["idempotency_key"]?.text ?? "")"
        if let known = paymentByKey[key] { return known }
        if let ended = endedAnswer(place) { return ended }
        let answer = pay(place, body["payment_token"]?.text ?? "")
        paymentByKey[key] = answer
        return answer
    }

    private mutating func pay(_ place: Int, _ token: String) -> Answer {
        guard token != "tok_declined" else {
            return problem(.paymentRequired, "payment_declined")
        }
        let amount = stadium.price(of: holds[place].seats)
        let attempt = "pay_\(charges.count)"
        charges.append(Charge(attemptID: attempt, amount: amount, amountRefunded: 0))
        if takes(.chargesWithoutAnOrder) {
            charges.append(Charge(attemptID: "pay_stray", amount: amount, amountRefunded: 0))
        }
        orders.append(
            Order(
                id: "ord_\(orders.count)", hold: place, amount: amount,
                payments: [(attempt, "succeeded")]))
        holds[place].status = .booked
        let answer = show(order: orders.count - 1)
        if takes(.losesAnOrder) { orders[orders.count - 1].id = "ord_other" }
        if takes(.forgetsToBook) { end(place, .released) }
        return answer
    }

    mutating func cancel(order id: String) -> Answer {
        guard let place = orders.firstIndex(where: { $0.id == id }) else { return notFound }
        if orders[place].status == "confirmed" {
            orders[place].status = "cancelled"
            end(orders[place].hold, .released)
            let attempt = orders[place].payments[0].id
            if !takes(.keepsARefund),
                let charge = charges.firstIndex(where: { $0.attemptID == attempt })
            {
                charges[charge].amountRefunded = charges[charge].amount
            }
        }
        return show(order: place)
    }

    /// The place of a hold.
    func place(ofHold id: String) -> Int? { holds.firstIndex { $0.id == id } }

    func readOrder(_ id: String) -> Answer {
        orders.firstIndex { $0.id == id }.map { show(order: $0) } ?? notFound
    }

    func readOrders(of user: String) -> Answer {
        json(.ok) { object in
            object.array("data") { data in
                for order in orders where holds[order.hold].user == user {
                    data.object { write(order, to: &$0) }
                }
            }
        }
    }

    /// The binary seat map.
    var map: Answer {
        var bytes = [UInt8](repeating: 0, count: 8)
        for shift in stride(from: 0, to: 32, by: 8) {
            bytes.append(UInt8(truncatingIfNeeded: stadium.seatCount >> shift))
        }
        bytes += [UInt8](repeating: 0, count: (stadium.seatCount + 3) / 4)
        for (seat, claim) in claims.enumerated() {
            guard let claim else { continue }
            let state: UInt8 = holds[claim].status == .booked ? 2 : 1
            bytes[12 + seat / 4] |= state << UInt8(seat % 4 * 2)
        }
        return Answer(status: .ok, body: bytes)
    }

    var chargeList: Answer {
        json(.ok) { object in
            object.array("data") { data in
                for charge in charges {
                    data.object {
                        $0.field("attempt_id", charge.attemptID)
                        $0.field("amount", charge.amount)
                        $0.field("amount_refunded", charge.amountRefunded)
                    }
                }
            }
        }
    }

    var notFound: Answer { problem(.notFound, "not_found") }

    private mutating func takes(_ defect: Defect) -> Bool {
        guard self.defect == defect else { return false }
        self.defect = nil
        return true
    }

    private mutating func end(_ place: Int, _ standing: Standing) {
        holds[place].status = standing
        for seat in holds[place].seats where claims[seat.rawValue] == place {
            claims[seat.rawValue] = nil
        }
    }

    private func endedAnswer(_ place: Int) -> Answer? {
        switch holds[place].status {
        case .held: nil
        case .expired: problem(.gone, "hold_expired")
        case .released: problem(.gone, "hold_released")
        case .booked: problem(.conflict, "hold_committed")
        }
    }

    private func seats(_ value: JSONValue?) -> [SeatNumber] {
        guard case .array(let names) = value else { return [] }
        return names.compactMap { $0.text.flatMap(stadium.seat(named:)) }
    }

    func show(_ place: Int, _ status: HTTPStatus) -> Answer {
        let hold = holds[place]
        return json(status) { object in
            object.field("hold_id", hold.id)
            object.field("user_id", hold.user)
            object.array("seat_ids") {
                for seat in hold.seats { $0.element(stadium.name(of: seat)) }
            }
            object.field("status", hold.status.rawValue)
            object.field("amount", stadium.price(of: hold.seats))
        }
    }

    private func show(order place: Int) -> Answer { json(.ok) { write(orders[place], to: &$0) } }

    private func write(_ order: Order, to object: inout JSONObjectWriter) {
        let hold = holds[order.hold]
        object.field("order_id", order.id)
        object.field("hold_id", hold.id)
        object.field("user_id", hold.user)
        object.array("seat_ids") { for seat in hold.seats { $0.element(stadium.name(of: seat)) } }
        object.field("status", order.status)
        object.field("amount", order.amount)
        object.array("payments") { payments in
            for payment in order.payments {
                payments.object {
                    $0.field("payment_id", payment.id)
                    $0.field("status", payment.status)
                    $0.field("amount", order.amount)
                }
            }
        }
    }

    private func problem(_ status: HTTPStatus, _ code: String) -> Answer {
        json(status) { $0.field("code", code) }
    }

    private func json(
        _ status: HTTPStatus, _ write: (inout JSONObjectWriter) -> Void
    ) -> Answer {
        var bytes: [UInt8] = []
        bytes.appendJSONObject(write)
        return Answer(status: status, body: bytes)
    }
}
