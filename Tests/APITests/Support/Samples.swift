import Inventory
import NodeCore
import Primitives

@testable import API

/// Things with known ids, and the texts of these.
enum Sample {
    static let venue = VenueID(shard: .system, bits: 1)
    static let venueText = "ven_03zg0000000000000000000000002"
    static let event = EventID(shard: ShardID(3), bits: 2)
    static let eventText = "evt_001g0000000000000000000000004"
    static let hold = HoldID(shard: ShardID(3), bits: 3)
    static let holdText = "hold_001g0000000000000000000000006"
    static let order = OrderID(shard: ShardID(3), bits: 4)
    static let orderText = "ord_001g0000000000000000000000008"
    static let attempt = AttemptID(shard: ShardID(3), bits: 5)
    static let attemptText = "pay_001g000000000000000000000000a"
    static let secondAttempt = AttemptID(shard: ShardID(3), bits: 6)
    static let secondAttemptText = "pay_001g000000000000000000000000c"
    static let refund = RefundID(shard: ShardID(3), bits: 7)
    static let refundText = "ref_001g000000000000000000000000e"

    /// 2026-11-22T10:35:30.000Z
    static let now = WallTime(1_795_343_730_000)
    static let nowText = "2026-11-22T10:35:30.000Z"

    /// Seven seats: P-A-1, P-A-2, P-A-3, P-B-"x", P-B-\y, then B-10 and B-11.
    static let sections = [
        LayoutSection(
            id: "P", name: "Parquet", color: "red",
            rows: [
                LayoutRow(id: "A", seats: .range(first: 1, last: 3)),
                LayoutRow(id: "B", seats: .labels(["\"x\"", "\\y"])),
            ]),
        LayoutSection(
            id: "", name: "Balcony", color: nil,
            rows: [LayoutRow(id: "B", seats: .range(first: 10, last: 11))]),
    ]
    static let layout = Layout(sections: sections, hash: 0xAB)
    static let layoutHashText = "000000000000000000000000000000ab"
    static let sectionsJSON =
        #"[{"id":"P","name":"Parquet","color":"red","rows":["#
        + #"{"id":"A","seats":["1","2","3"]},{"id":"B","seats":["\"x\"","\\y"]}]},"#
        + #"{"id":"","name":"Balcony","rows":[{"id":"B","seats":["10","11"]}]}]"#

    static func eventContent(
        onSaleAt: WallTime? = nil, maxSeatsPerUser: UInt32? = nil
    ) -> CreateEvent {
        CreateEvent(
            event: event, owner: "o", bodyHash: 0, name: "Nacht \"1\"", venue: venue,
            startsAt: now + .seconds(3_600), onSaleAt: onSaleAt, currency: "EUR",
            prices: [
                SectionPrice(section: "P", amount: 4_500), SectionPrice(section: "*", amount: 900),
            ],
            ttl: HoldTTL(minSeconds: 1, defaultSeconds: 600, maxSeconds: 900),
            maxSeatsPerUser: maxSeatsPerUser)
    }

    static func eventView(_ content: CreateEvent = eventContent(), revision: UInt64 = 9)
        -> EventView
    {
        EventView(
            content: EventContent(event: content, layout: layout, createdAt: now),
            revision: Revision(revision))
    }

    static let eventJSON =
        #"{"event_id":"evt_001g0000000000000000000000004","name":"Nacht \"1\"","#
        + #""venue_id":"ven_03zg0000000000000000000000002","#
        + #""starts_at":"2026-11-22T11:35:30.000Z","on_sale_at":null,"currency":"EUR","#
        + #""prices":{"P":4500,"*":900},"#
        + #""hold_ttl_seconds":{"min":1,"default":600,"max":900},"#
        + #""max_seats_per_user":null,"revision":9}"#

    static func venueView() -> VenueView {
        VenueView(
            content: SealVenue(
                venue: venue, owner: "o", name: "Hall", partCount: 1, layoutHash: 0xAB,
                bodyHash: 0xCD),
            layout: layout)
    }

    static func holdView(_ status: HoldStatus = .held) -> HoldView {
        HoldView(
            id: hold, event: eventView(), user: "user-1", key: "key-1",
            seats: [SeatIndex(1), SeatIndex(3), SeatIndex(6)], status: status, createdAt: now,
            expiresAt: now + .seconds(600), amount: 9_900,
            order: status == .booked || status == .paymentPending ? order : nil)
    }

    static func holdJSON(_ status: String, tail: String = "") -> String {
        #"{"hold_id":"hold_001g0000000000000000000000006","#
            + #""event_id":"evt_001g0000000000000000000000004","user_id":"user-1","#
            + #""client_reservation_id":"key-1","seat_ids":["P-A-2","P-B-\"x\"","B-11"],"#
            + #""status":"\#(status)","created_at":"2026-11-22T10:35:30.000Z","#
            + #""expires_at":"2026-11-22T10:45:30.000Z","ttl_seconds":600,"amount":9900,"#
            + #""currency":"EUR","revision":9\#(tail)}"#
    }

    static func payment(
        _ id: AttemptID = attempt, _ status: AttemptStatus = .succeeded
    ) -> PaymentView {
        PaymentView(
            id: id, provider: "simulated", status: status, amount: 9_900, createdAt: now)
    }

    static func orderView(
        _ status: OrderStatus = .confirmed, payments: [PaymentView] = [payment()]
    ) -> OrderView {
        OrderView(
            id: order, hold: hold, event: eventView(), user: "user-1", seats: [SeatIndex(0)],
            status: status, amount: 9_900, createdAt: now,
            confirmedAt: status == .confirmed ? now : nil, payments: payments)
    }

    /// Without its closing brace, so that payments can follow.
    static func orderJSON(
        _ status: String = "confirmed", confirmedAt: String = #""2026-11-22T10:35:30.000Z""#,
        payment: String = attemptText, _ paymentStatus: String = "succeeded"
    ) -> String {
        #"{"order_id":"ord_001g0000000000000000000000008","#
            + #""hold_id":"hold_001g0000000000000000000000006","#
            + #""event_id":"evt_001g0000000000000000000000004","user_id":"user-1","#
            + #""seat_ids":["P-A-1"],"status":"\#(status)","amount":9900,"currency":"EUR","#
            + #""confirmed_at":\#(confirmedAt),"#
            + #""payment":{"payment_id":"\#(payment)","provider":"simulated","#
            + #""status":"\#(paymentStatus)"}"#
    }

    static func paymentJSON(_ id: String = attemptText, _ status: String = "succeeded") -> String {
        #"{"payment_id":"\#(id)","provider":"simulated","status":"\#(status)","amount":9900,"#
            + #""created_at":"2026-11-22T10:35:30.000Z"}"#
    }

    static func attemptView(_ status: AttemptStatus) -> AttemptView {
        AttemptView(
            id: attempt, order: order, hold: hold, status: status, token: "t",
            provider: "simulated", amount: 9_900, currency: "EUR", deadline: now, reference: "")
    }

    static func seatMapView(
        revision: UInt64 = 9, asOf: WallTime = now,
        _ states: [SeatState] = [
            .available, .held, .paymentPending, .booked, .blocked, .available, .available,
        ]
    ) -> SeatMapView {
        SeatMapView(event: eventView(revision: revision), asOf: asOf, states: states)
    }
}
