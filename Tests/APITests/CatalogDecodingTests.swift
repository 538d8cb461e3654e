import Inventory
import NodeCore
import Primitives
import Testing

@testable import API

private let keyed = [("Idempotency-Key", "k1")]

private func event(_ changes: [String: String?] = [:], more: String = "") -> String {
    var fields: [(String, String)] = [
        ("name", #""Nacht""#), ("venue_id", "\"\(Sample.venueText)\""),
        ("starts_at", #""2026-11-22T12:35:30+01:00""#), ("currency", #""EUR""#),
        ("prices", #"{"P":4500,"*":900}"#),
    ]
    for (name, value) in changes {
        fields.removeAll { $0.0 == name }
        if let value { fields.append((name, value)) }
    }
    return "{" + fields.map { "\"\($0)\":\($1)" }.joined(separator: ",") + more + "}"
}

private func createEvent(_ client: inout Client, _ body: String) throws -> CreateEvent {
    guard case .createEvent(let event) = try client.write("POST", "/events", headers: keyed, body)
    else { throw UnreadableResponse() }
    return event
}

@Test func anEventIsReadWithItsDefaults() throws {
    var client = Client()
    let new = try createEvent(&client, event())
    #expect(new.event == EventID.derived(owner: Client.admin, key: "k1", shardCount: 8))
    #expect(new.owner == Client.admin)
    #expect(new.name == "Nacht")
    #expect(new.venue == Sample.venue)
    #expect(new.startsAt == Sample.now + .seconds(3_600))
    #expect(new.onSaleAt == nil)
    #expect(new.currency == "EUR")
    #expect(new.prices.map(\.section) == ["P", "*"])
    #expect(new.prices.map(\.amount) == [4_500, 900])
    #expect(new.ttl == HoldTTL(minSeconds: 1, defaultSeconds: 600, maxSeconds: 900))
    #expect(new.maxSeatsPerUser == nil)
}

@Test func anEventIsReadWithEverything() throws {
    var client = Client()
    let new = try createEvent(
        &client,
        event(
            more: #","on_sale_at":"1970-01-01T00:00:01Z","max_seats_per_user":4,"#
                + #""hold_ttl_seconds":{"max":900,"min":1,"default":5},"x":null"#))
    #expect(new.onSaleAt == WallTime(1_000))
    #expect(new.ttl == HoldTTL(minSeconds: 1, defaultSeconds: 5, maxSeconds: 900))
    #expect(new.maxSeatsPerUser == 4)
    let plain = try createEvent(
        &client,
        event(more: #","on_sale_at":null,"max_seats_per_user":null,"hold_ttl_seconds":null"#))
    #expect(plain.onSaleAt == nil)
    #expect(plain.maxSeatsPerUser == nil)
}

@Test func anEventsIDFollowsFromItsCreatorAndKey() throws {
    var client = Client()
    let first = try createEvent(&client, event())
    #expect(try createEvent(&client, event(["name": #""Other""#])).event == first.event)
    client.key = Client.organizer
    #expect(try createEvent(&client, event()).event != first.event)
}

@Test func bodiesAreEqualByTheirContent() throws {
    var client = Client()
    let first = try createEvent(&client, event()).bodyHash
    for same in [
        event(more: #","unknown":1"#), event().replacing("\":", with: "\" : "),
        event(["name": #""\u004eacht""#]), event(["prices": #"{"*":900,"P":4500}"#]),
        event(["starts_at": #""2026-11-22T11:35:30.000Z""#]),
    ] {
        #expect(try createEvent(&client, same).bodyHash == first)
    }
    for other in [
        event(["name": #""Nachts""#]), event(["prices": #"{"*":901,"P":4500}"#]),
        event(["starts_at": #""2026-11-22T11:35:30.001Z""#]), event(["currency": #""USD""#]),
        event(more: #","max_seats_per_user":1"#),
        event(more: #","hold_ttl_seconds":{"min":1,"default":600,"max":900}"#),
        event(more: #","on_sale_at":"2026-11-22T11:35:30Z""#),
    ] {
        #expect(try createEvent(&client, other).bodyHash != first)
    }
}

@Test(arguments: [
    (event(["name": nil]), 400, "invalid_field", "name"),
    (event(["name": #""""#]), 400, "invalid_field", "name"),
    (event(["venue_id": "7"]), 400, "invalid_field", "venue_id"),
    (event(["starts_at": #""tomorrow""#]), 400, "invalid_field", "starts_at"),
    (event(["starts_at": "1795343730"]), 400, "invalid_field", "starts_at"),
    (event(["on_sale_at": #""2026-02-30T00:00:00Z""#]), 400, "invalid_field", "on_sale_at"),
    (event(["currency": #""eur""#]), 400, "invalid_field", "currency"),
    (event(["currency": #""EURO""#]), 400, "invalid_field", "currency"),
    (event(["prices": "{}"]), 400, "invalid_field", "prices"),
    (event(["prices": "[]"]), 400, "invalid_field", "prices"),
    (event(["prices": #"{"P":"45"}"#]), 400, "invalid_field", "prices.P"),
    (event(["prices": #"{"P":1.5}"#]), 400, "invalid_field", "prices.P"),
    (event(["prices": #"{"P":-1}"#]), 422, "invalid_field", "prices.P"),
    (event(["prices": #"{"P":1000000000001}"#]), 422, "invalid_field", "prices.P"),
    (event(["max_seats_per_user": "0"]), 422, "invalid_field", "max_seats_per_user"),
    (event(["max_seats_per_user": #""4""#]), 400, "invalid_field", "max_seats_per_user"),
    (
        event(["hold_ttl_seconds": #"{"min":1,"default":60}"#]), 400, "invalid_field",
        "hold_ttl_seconds.max"
    ),
    (
        event(["hold_ttl_seconds": #"{"min":0,"default":60,"max":90}"#]), 422, "ttl_out_of_range",
        "hold_ttl_seconds"
    ),
    (
        event(["hold_ttl_seconds": #"{"min":1,"default":60,"max":901}"#]), 422,
        "ttl_out_of_range", "hold_ttl_seconds"
    ),
    (
        event(["hold_ttl_seconds": #"{"min":61,"default":60,"max":90}"#]), 422,
        "ttl_out_of_range", "hold_ttl_seconds"
    ),
])
func anEventThatIsNotRightSaysWhere(
    _ body: String, _ status: Int, _ code: String, _ field: String
) throws {
    var client = Client()
    let refusal = try #require(try client.refusal("POST", "/events", headers: keyed, body))
    #expect(refusal.status == status)
    #expect(refusal.code == code)
    #expect(refusal.blamed == [field])
}

@Test func anEventAtAVenueThatCanBeNoneOfOursIsNotFound() throws {
    var client = Client()
    let refusal = try client.refusal(
        "POST", "/events", headers: keyed, event(["venue_id": #""ven_1""#]))
    #expect(refusal?.status == 404)
}

@Test func creationsNeedAnIdempotencyKey() throws {
    var client = Client()
    for path in ["/events", "/venues"] {
        let refusal = try #require(try client.refusal("POST", path, "{}"))
        #expect(refusal.status == 400)
        #expect(refusal.code == "idempotency_key_missing")
        let long = [("Idempotency-Key", String(repeating: "k", count: 129))]
        #expect(
            try client.refusal("POST", path, headers: long, "{}")?.blamed == ["Idempotency-Key"])
    }
}

private func venue(_ sections: String, name: String = #""Hall""#) -> String {
    #"{"name":\#(name),"sections":\#(sections)}"#
}

@Test func aVenuesLayoutIsReadEncodedAndHashed() throws {
    var client = Client()
    let text = venue(
        #"[{"id":"P","name":"Parquet","color":"red","rows":["#
            + #"{"id":"A","seats":{"from":1,"to":3}},{"id":"B","seats":["\"x\"","\\y"]}]},"#
            + #"{"id":"","name":"Balcony","color":null,"x":0,"#
            + #""rows":[{"id":"B","seats":{"to":11,"from":10,"y":[]}}]}]"#)
    guard case .createVenue(let new) = try client.write("POST", "/venues", headers: keyed, text)
    else {
        Issue.record("refused")
        return
    }
    #expect(new.venue == VenueID.derived(owner: Client.admin, key: "k1"))
    #expect(new.owner == Client.admin)
    #expect(new.name == "Hall")
    #expect(new.layout == LayoutCodec.encode(Sample.sections))
    #expect(new.layoutHash == LayoutCodec.hash(ofEncoded: new.layout))
    guard
        case .createVenue(let other) = try client.write(
            "POST", "/venues", headers: keyed, text.replacing("Hall", with: "Hull"))
    else { return }
    #expect(other.venue == new.venue)
    #expect(other.layoutHash == new.layoutHash)
    #expect(other.bodyHash != new.bodyHash)
}

private func section(_ rows: String, id: String = #""P""#) -> String {
    #"[{"id":\#(id),"name":"N","rows":\#(rows)}]"#
}

@Test(arguments: [
    (venue("[]"), 400, "invalid_field", "sections"),
    (venue("{}"), 400, "invalid_field", "sections"),
    (venue(section(#"[{"id":"A","seats":["1"]}]"#), name: #""""#), 400, "invalid_field", "name"),
    (venue(#"[{"name":"N","rows":[]}]"#), 400, "invalid_field", "sections[0].id"),
    (venue(section("[]")), 400, "invalid_field", "sections[0].rows"),
    (venue(section(#"[{"id":"A"}]"#)), 400, "invalid_field", "sections[0].rows[0].seats"),
    (
        venue(section(#"[{"id":"A","seats":[]}]"#)), 400, "invalid_field",
        "sections[0].rows[0].seats"
    ),
    (venue(section(#"[{"id":"","seats":["1"]}]"#)), 400, "invalid_field", "sections[0].rows[0].id"),
    (
        venue(section(#"[{"id":"A","seats":"1"}]"#)), 400, "invalid_field",
        "sections[0].rows[0].seats"
    ),
    (
        venue(section(#"[{"id":"A","seats":["1",2]}]"#)), 400, "invalid_field",
        "sections[0].rows[0].seats[1]"
    ),
    (
        venue(section(#"[{"id":"A","seats":["1","1"]}]"#)), 400, "invalid_field",
        "sections[0].rows[0].seats[1]"
    ),
    (
        venue(section(#"[{"id":"A","seats":{"from":1}}]"#)), 400, "invalid_field",
        "sections[0].rows[0].seats.to"
    ),
    (
        venue(section(#"[{"id":"A","seats":{"from":1.5,"to":2}}]"#)), 400, "invalid_field",
        "sections[0].rows[0].seats.from"
    ),
    (
        venue(section(#"[{"id":"A","seats":{"from":-1,"to":2}}]"#)), 422, "invalid_field",
        "sections[0].rows[0].seats.from"
    ),
    (
        venue(section(#"[{"id":"A","seats":{"from":3,"to":2}}]"#)), 422, "invalid_field",
        "sections[0].rows[0].seats"
    ),
    (
        venue(section(#"[{"id":"A","seats":{"from":0,"to":4294967295}}]"#)), 422,
        "limit_exceeded", "sections[0].rows[0].seats"
    ),
    (
        venue(section(#"[{"id":"A","seats":["1"]},{"id":"A","seats":["2"]}]"#)), 400,
        "invalid_field", "sections[0].rows[1].id"
    ),
    (
        venue(
            #"[{"id":"P","name":"N","rows":[{"id":"A","seats":["1"]}]},"#
                + #"{"id":"P","name":"M","rows":[{"id":"B","seats":["1"]}]}]"#),
        400, "invalid_field", "sections[1].id"
    ),
    (
        venue(
            #"[{"id":"P","name":"N","rows":[{"id":"A","seats":["1"]}]},"#
                + #"{"id":"","name":"M","rows":[{"id":"P-A","seats":["1"]}]}]"#),
        400, "invalid_field", "sections[1].rows[0].seats[0]"
    ),
])
func aVenueThatIsNotRightSaysWhere(
    _ body: String, _ status: Int, _ code: String, _ field: String
) throws {
    var client = Client()
    let refusal = try #require(try client.refusal("POST", "/venues", headers: keyed, body))
    #expect(refusal.status == status)
    #expect(refusal.code == code)
    #expect(refusal.blamed == [field])
}
