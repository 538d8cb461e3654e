import Inventory
import NodeCore
import Primitives
import Testing

@testable import API

private let holds = "/events/\(Sample.eventText)/reservations"
private let hold = "/reservations/\(Sample.holdText)"

private func body(
    seats: String = #"["P-A-1","P-A-2"]"#, key: String = #""k""#, user: String = #""u""#,
    more: String = ""
) -> String {
    #"{"client_reservation_id":\#(key),"user_id":\#(user),"seat_ids":\#(seats)\#(more)}"#
}

@Test func aHoldIsReadWithFreshRandomBits() throws {
    var client = Client()
    for (more, ttl) in [
        ("", nil), (#","ttl_seconds":60"#, 60 as UInt32?), (#","ttl_seconds":null"#, nil),
        (#","unknown":{"a":[1.5,true]}"#, nil), (#","ttl_seconds":4294967295"#, UInt32.max),
    ] {
        guard case .hold(let new) = try client.write("POST", holds, body(more: more)) else {
            Issue.record("\(more)")
            continue
        }
        #expect(new.event == Sample.event)
        #expect(new.user == "u")
        #expect(new.key == "k")
        #expect(new.seats == ["P-A-1", "P-A-2"])
        #expect(new.ttlSeconds == ttl)
        #expect(new.holdBits == client.drawn)
    }
    #expect(client.drawn == 105)
}

@Test(arguments: [
    ("", 400, "malformed_request", []),
    ("{", 400, "malformed_request", []),
    ("[]", 400, "malformed_request", []),
    (body() + "x", 400, "malformed_request", []),
    (body(key: "\"\u{1}\""), 400, "malformed_request", []),
    ("{}", 400, "invalid_field", ["client_reservation_id"]),
    (#"{"client_reservation_id":"k"}"#, 400, "invalid_field", ["user_id"]),
    (#"{"client_reservation_id":"k","user_id":"u"}"#, 400, "invalid_field", ["seat_ids"]),
    (body(key: "5"), 400, "invalid_field", ["client_reservation_id"]),
    (body(key: "null"), 400, "invalid_field", ["client_reservation_id"]),
    (body(key: #""""#), 400, "invalid_field", ["client_reservation_id"]),
    (body(key: #""a\u0007""#), 400, "invalid_field", ["client_reservation_id"]),
    (body(user: #""\u007f""#), 400, "invalid_field", ["user_id"]),
    (body(user: #""\u0085""#), 400, "invalid_field", ["user_id"]),
    (body(user: "\"\(String(repeating: "é", count: 65))\""), 400, "invalid_field", ["user_id"]),
    (body(seats: #""P-A-1""#), 400, "invalid_field", ["seat_ids"]),
    (body(seats: "[1]"), 400, "invalid_field", ["seat_ids[0]"]),
    (body(seats: #"["a",""]"#), 400, "invalid_field", ["seat_ids[1]"]),
    (body(seats: "[]"), 422, "limit_exceeded", ["seat_ids"]),
    (
        body(seats: "[\((1...11).map { "\"\($0)\"" }.joined(separator: ","))]"), 422,
        "limit_exceeded", ["seat_ids"]
    ),
    (body(seats: #"["a","b","a"]"#), 422, "invalid_field", ["seat_ids[2]"]),
    (body(more: #","user_id":"v""#), 400, "invalid_field", ["user_id"]),
    (body(more: #","ttl_seconds":"60""#), 400, "invalid_field", ["ttl_seconds"]),
    (body(more: #","ttl_seconds":true"#), 400, "invalid_field", ["ttl_seconds"]),
    (body(more: #","ttl_seconds":60.5"#), 400, "invalid_field", ["ttl_seconds"]),
    (body(more: #","ttl_seconds":60.0"#), 400, "invalid_field", ["ttl_seconds"]),
    (body(more: #","ttl_seconds":0"#), 422, "ttl_out_of_range", ["ttl_seconds"]),
    (body(more: #","ttl_seconds":-1"#), 422, "ttl_out_of_range", ["ttl_seconds"]),
    (body(more: #","ttl_seconds":4294967296"#), 422, "ttl_out_of_range", ["ttl_seconds"]),
    (body(more: #","ttl_seconds":99999999999999999999"#), 422, "ttl_out_of_range", ["ttl_seconds"]),
])
func aHoldThatIsNotRightSaysWhere(
    _ body: String, _ status: Int, _ code: String, _ fields: [String]
) throws {
    var client = Client()
    let refusal = try #require(try client.refusal("POST", holds, body))
    #expect(refusal.status == status)
    #expect(refusal.code == code)
    #expect(refusal.blamed == fields)
}

@Test func tenSeatsAndLongNamesAreAllowed() throws {
    var client = Client()
    let seats = (1...10).map { "\"\($0)\"" }.joined(separator: ",")
    let longest = String(repeating: "x", count: 128)
    guard
        case .hold(let new) = try client.write(
            "POST", holds, body(seats: "[\(seats)]", key: "\"\(longest)\"", user: #""ü \"ö\"""#))
    else { return }
    #expect(new.seats.count == 10)
    #expect(new.key == longest)
    #expect(new.user == "ü \"ö\"")
}

@Test func seatsDifferByTheirBytes() throws {
    var client = Client()
    let composed = #"["\u00e9","e\u0301"]"#
    guard case .hold(let new) = try client.write("POST", holds, body(seats: composed)) else {
        Issue.record("refused")
        return
    }
    #expect(new.seats.count == 2)
}

@Test func theLimitOfSeatsIsConfigured() throws {
    var client = Client()
    client.configuration.seatsPerRequestMax = 1
    #expect(try client.refusal("POST", holds, body())?.code == "limit_exceeded")
    #expect(try client.refusal("POST", holds, body(seats: #"["a"]"#)) == nil)
}

@Test func anAmendmentHasOneChangeAtLeast() throws {
    var client = Client()
    for (text, extend, release, key) in [
        (#"{"extend_seconds":60}"#, 60 as UInt32?, [], nil as String?),
        (#"{"release_seat_ids":["a","b"]}"#, nil, ["a", "b"], "k"),
        (#"{"extend_seconds":1,"release_seat_ids":["a"],"x":1}"#, 1, ["a"], nil),
    ] {
        let headers = key.map { [("Idempotency-Key", $0)] } ?? []
        guard
            case .amendHold(let amendment) = try client.write(
                "PATCH", hold, headers: headers, text)
        else {
            Issue.record("\(text)")
            continue
        }
        #expect(amendment.hold == Sample.hold)
        #expect(amendment.extendSeconds == extend)
        #expect(amendment.releaseSeats == release)
        #expect(amendment.key == key)
    }
}

@Test(arguments: [
    ("{}", 400, "invalid_field", "extend_seconds"),
    (#"{"extend_seconds":"1"}"#, 400, "invalid_field", "extend_seconds"),
    (#"{"extend_seconds":0}"#, 422, "ttl_out_of_range", "extend_seconds"),
    (#"{"release_seat_ids":[]}"#, 422, "limit_exceeded", "release_seat_ids"),
    (#"{"release_seat_ids":["a","a"]}"#, 422, "invalid_field", "release_seat_ids[1]"),
    (#"{"release_seat_ids":"a"}"#, 400, "invalid_field", "release_seat_ids"),
])
func anAmendmentThatIsNotRightSaysWhere(
    _ body: String, _ status: Int, _ code: String, _ field: String
) throws {
    var client = Client()
    let refusal = try #require(try client.refusal("PATCH", hold, body))
    #expect(refusal.status == status)
    #expect(refusal.code == code)
    #expect(refusal.blamed == [field])
}

@Test func aCommitsKeyComesInBodyOrHeader() throws {
    var client = Client()
    for (headers, text) in [
        ([], #"{"payment_token":"tok_visa","idempotency_key":"k"}"#),
        ([("Idempotency-Key", "k")], #"{"payment_token":"tok_visa"}"#),
        ([("Idempotency-Key", "k")], #"{"payment_token":"tok_visa","idempotency_key":null}"#),
        ([("Idempotency-Key", "k")], #"{"payment_token":"tok_visa","idempotency_key":"k"}"#),
    ] {
        guard
            case .commit(let payment) = try client.write(
                "POST", hold + "/commit", headers: headers, text)
        else {
            Issue.record("\(text)")
            continue
        }
        #expect(payment.hold == Sample.hold)
        #expect(payment.key == "k")
        #expect(payment.token == "tok_visa")
        #expect(payment.attemptBits != payment.orderBits)
    }
}

@Test(arguments: [
    (nil, #"{"payment_token":"t"}"#, "idempotency_key_missing", []),
    ("j", #"{"payment_token":"t","idempotency_key":"k"}"#, "invalid_field", ["idempotency_key"]),
    ("", #"{"payment_token":"t","idempotency_key":"k"}"#, "invalid_field", ["Idempotency-Key"]),
    (nil, #"{"payment_token":"t","idempotency_key":""}"#, "invalid_field", ["idempotency_key"]),
    (nil, #"{"idempotency_key":"k"}"#, "invalid_field", ["payment_token"]),
    (nil, #"{"payment_token":1,"idempotency_key":"k"}"#, "invalid_field", ["payment_token"]),
    (nil, #"{"payment_token":"","idempotency_key":"k"}"#, "invalid_field", ["payment_token"]),
])
func aCommitThatIsNotRightSaysWhere(
    _ header: String?, _ body: String, _ code: String, _ fields: [String]
) throws {
    var client = Client()
    let headers = header.map { [("Idempotency-Key", $0)] } ?? []
    let refusal = try #require(
        try client.refusal("POST", hold + "/commit", headers: headers, body))
    #expect(refusal.status == 400)
    #expect(refusal.code == code)
    #expect(refusal.blamed == fields)
}

@Test func blocksTakeSeatsOffSaleAndBack() throws {
    var client = Client()
    let path = "/events/\(Sample.eventText)/blocks"
    for (blocked, target) in [("true", SetBlocked.Target.blocked), ("false", .available)] {
        let text = #"{"seat_ids":["a"],"blocked":\#(blocked)}"#
        guard
            case .setBlocked(let event, let seats, let found) = try client.write("POST", path, text)
        else {
            Issue.record("\(text)")
            continue
        }
        #expect(event == Sample.event)
        #expect(seats == ["a"])
        #expect(found == target)
    }
    for (text, status, field) in [
        (#"{"seat_ids":["a"]}"#, 400, "blocked"),
        (#"{"seat_ids":["a"],"blocked":1}"#, 400, "blocked"),
        (#"{"blocked":true}"#, 400, "seat_ids"),
        (#"{"seat_ids":[],"blocked":true}"#, 422, "seat_ids"),
    ] {
        let refusal = try #require(try client.refusal("POST", path, text))
        #expect(refusal.status == status)
        #expect(refusal.blamed == [field])
    }
}

@Test func releasesAndCancellationsNeedNoBody() throws {
    var client = Client()
    guard case .releaseHold(Sample.hold) = try client.write("DELETE", hold, "not read") else {
        Issue.record("no release")
        return
    }
    guard
        case .cancelOrder(Sample.order, let bits) = try client.write(
            "POST", "/orders/\(Sample.orderText)/cancel", headers: [("Idempotency-Key", "k")])
    else {
        Issue.record("no cancellation")
        return
    }
    #expect(bits == client.drawn)
    let refusal = try client.refusal(
        "POST", "/orders/\(Sample.orderText)/cancel", headers: [("Idempotency-Key", "")])
    #expect(refusal?.blamed == ["Idempotency-Key"])
}

/// An id of another kind, a cut one, a capital one: none of them names anything.
@Test(arguments: [
    ("GET", "/venues/{}"), ("GET", "/events/{}"), ("GET", "/events/{}/seatmap"),
    ("GET", "/layouts/{}"), ("POST", "/events/{}/reservations"), ("POST", "/events/{}/blocks"),
    ("GET", "/reservations/{}"), ("PATCH", "/reservations/{}"), ("DELETE", "/reservations/{}"),
    ("POST", "/reservations/{}/commit"), ("GET", "/orders/{}"), ("POST", "/orders/{}/cancel"),
    ("POST", "/payments/webhooks/{}"),
])
func anIDThatCanBeNoneOfOursIsNotFound(_ method: String, _ path: String) throws {
    var client = Client()
    for id in ["x", Sample.refundText, String(Sample.eventText.dropLast()), "EVT_", "%20"] {
        let refusal = try #require(
            try client.refusal(method, path.replacing("{}", with: id), body()))
        #expect(refusal.status == 404, "\(id)")
        #expect(refusal.code == "not_found")
    }
}
