import HTTPProtocol
import Inventory
import NodeCore
import Primitives
import Testing

@testable import API

private let holds = "/events/\(Sample.eventText)/reservations"
private let hold = "/reservations/\(Sample.holdText)"
private let tag = [("X-Request-Id", "r1")]

private func golden(
    _ code: String, _ title: String, _ status: Int, _ detail: String, _ instance: String,
    more: String = ""
) -> String {
    #"{"type":"urn:holdfast:problem:\#(code)","title":"\#(title)","status":\#(status),"#
        + #""detail":"\#(detail)","instance":"\#(instance)","code":"\#(code)","#
        + #""request_id":"r1"\#(more)}"#
}

/// Every refusal of the rules, as its problem document.
@Test(arguments: [
    (Refusal.notFound(.venue), "not_found", "Not found", 404, "There is no venue with this id."),
    (.notFound(.event), "not_found", "Not found", 404, "There is no event with this id."),
    (.notFound(.hold), "not_found", "Not found", 404, "There is no reservation with this id."),
    (.notFound(.order), "not_found", "Not found", 404, "There is no order with this id."),
    (.notFound(.payment), "not_found", "Not found", 404, "There is no payment with this id."),
    (.notFound(.refund), "not_found", "Not found", 404, "There is no refund with this id."),
    (
        .idempotencyKeyReused, "idempotency_key_reused", "Idempotency key reused", 422,
        "The key was used for another request."
    ),
    (
        .idempotencyInProgress, "idempotency_in_progress", "Idempotent request in progress", 409,
        "Another attempt for this hold is under way."
    ),
    (
        .layoutIncomplete, "idempotency_in_progress", "Idempotent request in progress", 409,
        "Another import with this key is under way."
    ),
    (
        .paymentPending, "payment_pending", "Payment pending", 409,
        "A payment for this hold is in flight."
    ),
    (
        .holdCommitted(Sample.order), "hold_committed", "Hold committed", 409,
        "The hold is booked, as order \(Sample.orderText)."
    ),
    (.holdExpired, "hold_expired", "Hold expired", 410, "The hold has expired."),
    (.holdReleased, "hold_released", "Hold released", 410, "The hold was released."),
    (
        .notOnSale(opensAt: Sample.now), "not_on_sale", "Not on sale", 409,
        "Sales open at 2026-11-22T10:35:30.000Z."
    ),
    (
        .limitExceeded(.seatsPerUser(max: 4)), "limit_exceeded", "Limit exceeded", 422,
        "A user may have at most 4 seats of this event."
    ),
    (
        .limitExceeded(.seatsPerHold(max: 100)), "limit_exceeded", "Limit exceeded", 422,
        "A hold has 1 to 100 different seats."
    ),
    (
        .limitExceeded(.extensions), "limit_exceeded", "Limit exceeded", 422,
        "A hold is extended once."
    ),
    (
        .limitExceeded(.amendments), "limit_exceeded", "Limit exceeded", 422,
        "This hold has been amended too often."
    ),
    (
        .limitExceeded(.unsealedVenues(max: 8)), "limit_exceeded", "Limit exceeded", 422,
        "At most 8 venue imports may be under way."
    ),
    (
        .paymentDeclined(Sample.attemptView(.declined)), "payment_declined", "Payment declined",
        402, "The payment was declined. Another try needs another key."
    ),
])
func everyRefusalHasItsProblem(
    _ refusal: Refusal, _ code: String, _ title: String, _ status: Int, _ detail: String
) throws {
    var client = Client()
    let answer = try client.response(
        "POST", hold + "/commit", headers: tag, to: .outcome(.refused(refusal)))
    #expect(answer.status == status)
    #expect(answer.body == golden(code, title, status, detail, hold + "/commit"))
    #expect(answer["content-type"] == "application/problem+json")
    #expect(answer["request-id"] == "r1")
    #expect(answer["cache-control"] == "no-store")
    #expect(answer["retry-after"] == (code == "idempotency_in_progress" ? "1" : nil))
}

@Test func everyConflictIsListedByTheSeatsName() throws {
    let client = Client()
    let exchange = try client.exchange("POST", holds, headers: tag)
    let conflicts = [
        SeatConflict(seat: SeatIndex(3), state: .held),
        SeatConflict(seat: SeatIndex(0), state: .booked),
        SeatConflict(seat: SeatIndex(6), state: .blocked),
    ]
    var responder = Responder(client.configuration)
    let refusal = Refusal.seatsUnavailable(conflicts, in: Sample.layout)
    let reply = Reply(
        id: RequestID(1), answer: .outcome(.refused(refusal)), staleness: .zero)
    let turn = responder.respond(to: exchange, with: reply, at: .zero)
    guard case .respond(let response) = turn else {
        Issue.record("\(turn)")
        return
    }
    let body = golden(
        "seats_unavailable", "Seats unavailable", 409, "3 of the seats are not available.", holds,
        more: #","conflicts":[{"seat_id":"P-B-\"x\"","state":"held"},"#
            + #"{"seat_id":"P-A-1","state":"booked"},{"seat_id":"B-11","state":"blocked"}]"#)
    #expect(
        String(decoding: Client.wire(response), as: UTF8.self)
            == "HTTP/1.1 409 Conflict\r\nDate: Sun, 22 Nov 2026 10:35:30 GMT\r\n"
            + "Content-Type: application/problem+json\r\nRequest-Id: r1\r\n"
            + "Cache-Control: no-store\r\nContent-Length: \(body.utf8.count)\r\n\r\n" + body)
}

@Test func aTTLOutOfRangeNamesItsField() throws {
    var client = Client()
    let bounds = HoldTTL(minSeconds: 5, defaultSeconds: 60, maxSeconds: 90)
    for (method, path, field) in [
        ("POST", holds, "ttl_seconds"), ("PATCH", hold, "extend_seconds"),
        ("POST", "/events", "hold_ttl_seconds"),
    ] {
        let answer = try client.response(
            method, path, headers: tag, to: .outcome(.refused(.ttlOutOfRange(bounds))))
        #expect(answer.status == 422)
        #expect(
            answer.body
                == golden(
                    "ttl_out_of_range", "TTL out of range", 422, "\(field) must be from 5 to 90.",
                    path,
                    more: #","errors":[{"field":"\#(field)","message":"must be from 5 to 90"}]"#))
    }
}

@Test func unknownSeatsAreNamedByTheirPlaceInTheRequest() throws {
    var client = Client()
    for (method, path, field) in [
        ("POST", holds, "seat_ids"), ("PATCH", hold, "release_seat_ids"),
        ("POST", "/events/\(Sample.eventText)/blocks", "seat_ids"),
    ] {
        let answer = try client.response(method, path, headers: tag, to: .unknownSeats([0, 2]))
        #expect(answer.status == 422)
        #expect(
            answer.body
                == golden(
                    "unknown_seat", "Unknown seat", 422,
                    "The request names seats that are not there.", path,
                    more: #","errors":[{"field":"\#(field)[0]","message":"is not a seat here"},"#
                        + #"{"field":"\#(field)[2]","message":"is not a seat here"}]"#))
        let foreign = try client.response(
            method, path, to: .outcome(.refused(.unknownSeat(SeatIndex(1)))))
        #expect(foreign.status == 422)
        #expect(foreign.code == "unknown_seat")
        #expect(foreign.blamed == [field])
    }
}

@Test(arguments: [
    (PriceFault.missing(section: "P"), "prices"), (.unknownSection("Q"), "prices.Q"),
    (.repeated(section: "P"), "prices.P"), (.outOfRange(section: "*"), "prices.*"),
])
func pricesThatDoNotFitTheVenue(_ fault: PriceFault, _ field: String) throws {
    var client = Client()
    let answer = try client.response(
        "POST", "/events", to: .outcome(.refused(.pricesInvalid(fault))))
    #expect(answer.status == 422)
    #expect(answer.code == "invalid_field")
    #expect(answer.blamed == [field])
}

@Test(
    arguments: [
        (
            Answer.unavailable(.noLeader), "no_leader", "No leader here", 503,
            "No leader can be reached from here. Nothing was done.", "1"
        ),
        (
            .unavailable(.overloaded), "overloaded", "Overloaded", 503,
            "The queue is full. Nothing was done.", "1"
        ),
        (
            .unavailable(.storageFull), "storage_full", "Storage full", 503,
            "There is no space to write to. Nothing was done.", "1"
        ),
        (
            .outcomeUnknown, "outcome_unknown", "Outcome unknown", 504,
            "Whether this was done is not known here. Retry with the same key.", nil
        ),
    ] as [(Answer, String, String, Int, String, String?)])
func whatANodeCanNotDo(
    _ answer: Answer, _ code: String, _ title: String, _ status: Int, _ detail: String,
    _ retryAfter: String?
) throws {
    var client = Client()
    let answer = try client.response("POST", holds, headers: tag, to: answer)
    #expect(answer.status == status)
    #expect(answer.body == golden(code, title, status, detail, holds))
    #expect(answer["retry-after"] == retryAfter)
}

/// The code is the contract's, the words are the truth: a leader may well be known.
@Test(
    arguments: [
        (
            Milliseconds(7_200),
            "A leader last confirmed this node's data 7200 ms ago; up to 5000 ms are served "
                + "(staleness_max_ms). Ask another node."
        ),
        (
            nil,
            "No leader has confirmed this node's data since it started. Ask another node."
        ),
    ] as [(Milliseconds?, String)])
func aReadThatIsTooStaleSaysSo(_ staleness: Milliseconds?, _ detail: String) throws {
    var client = Client()
    let answer = try client.response(
        "GET", hold, headers: tag, to: .unavailable(.stale(staleness, max: .seconds(5))))
    #expect(answer.status == 503)
    #expect(answer.body == golden("no_leader", "No leader here", 503, detail, hold))
    #expect(answer["retry-after"] == "1")
}

@Test func codesHaveTheStatusesOfTheContract() {
    let table: [(Int, [String])] = [
        (400, ["malformed_request", "invalid_field", "idempotency_key_missing"]),
        (401, ["unauthenticated"]), (402, ["payment_declined"]), (403, ["forbidden"]),
        (404, ["not_found"]), (405, ["method_not_allowed"]),
        (
            409,
            [
                "seats_unavailable", "idempotency_in_progress", "payment_pending",
                "hold_committed", "not_on_sale",
            ]
        ),
        (410, ["hold_expired", "hold_released"]),
        (422, ["idempotency_key_reused", "limit_exceeded", "unknown_seat", "ttl_out_of_range"]),
        (503, ["no_leader", "overloaded", "storage_full"]), (504, ["outcome_unknown"]),
    ]
    for (status, codes) in table {
        for code in codes {
            #expect(ProblemCode(rawValue: code)?.status.rawValue == UInt16(status), "\(code)")
        }
    }
    #expect(Set(ProblemCode.allCases.map(\.title)).count == ProblemCode.allCases.count)
}

// MARK: to the leader

private let hint = Answer.notLeader(LeaderHint(leader: NodeID(1), term: Term(7)))

@Test func aWriteIsSentToTheLeaderWithItsPathAndQuery() throws {
    var client = Client()
    for target in [holds, hold + "/commit?a=%20b&c", "http://elsewhere/events?x=1"] {
        let answer = try client.response("POST", target, headers: tag, to: hint)
        #expect(answer.status == 307)
        let path = target.replacing("http://elsewhere", with: "")
        #expect(answer["location"] == "http://127.0.0.1:8101" + path)
        #expect(answer["holdfast-leader"] == "1;term=7")
        #expect(answer["cache-control"] == "no-store")
        #expect(answer["content-length"] == "0")
    }
}

@Test func thereIsNoRedirectToOneselfNorToStrangersNorWhenForwarding() throws {
    var client = Client()
    for leader in [NodeID(2), NodeID(9)] {
        let answer = try client.response(
            "POST", holds, to: .notLeader(LeaderHint(leader: leader, term: Term(7))))
        #expect(answer.status == 503)
        #expect(answer.code == "no_leader")
        #expect(answer["retry-after"] == "1")
    }
    client.configuration.leaderRouting = .forward
    #expect(try client.response("POST", holds, to: hint).status == 503)
}
