import HTTPProtocol
import Inventory
import NodeCore
import Primitives
import Testing

@testable import API

private let holds = "/events/\(Sample.eventText)/reservations"
private let hold = "/reservations/\(Sample.holdText)"
private let order = "/orders/\(Sample.orderText)"

@Test func idsHaveTheTextsOfTheseTests() {
    #expect(Sample.venue.text == Sample.venueText)
    #expect(Sample.event.text == Sample.eventText)
    #expect(Sample.hold.text == Sample.holdText)
    #expect(Sample.order.text == Sample.orderText)
    #expect(Sample.attempt.text == Sample.attemptText)
    #expect(Sample.refund.text == Sample.refundText)
    #expect(Sample.layout.hashText == Sample.layoutHashText)
}

@Test func aNewHoldByteForByte() throws {
    let client = Client()
    let exchange = try client.exchange("POST", holds, headers: [("X-Request-Id", "r1")])
    var responder = Responder(client.configuration)
    let turn = responder.respond(
        to: exchange,
        with: Reply(
            id: RequestID(1), answer: .outcome(.hold(Sample.holdView(), .first)), staleness: .zero),
        at: .zero)
    guard case .respond(let response) = turn else {
        Issue.record("\(turn)")
        return
    }
    let body = Sample.holdJSON("held")
    #expect(
        String(decoding: Client.wire(response), as: UTF8.self)
            == "HTTP/1.1 201 Created\r\nDate: Sun, 22 Nov 2026 10:35:30 GMT\r\n"
            + "Request-Id: r1\r\nContent-Type: application/json\r\nCache-Control: no-store\r\n"
            + "Location: /reservations/hold_001g0000000000000000000000006\r\n"
            + "Content-Length: \(body.utf8.count)\r\n\r\n" + body)
}

/// A replay shows the hold as it is now, unless it has ended.
@Test(arguments: [
    (HoldStatus.held, 201, "held", ""),
    (.paymentPending, 201, "payment_pending", ""),
    (.booked, 201, "booked", #","order_id":"ord_001g0000000000000000000000008""#),
    (.expired, 410, "hold_expired", ""), (.released, 410, "hold_released", ""),
])
func aReplayedHold(_ state: HoldStatus, _ status: Int, _ word: String, _ tail: String) throws {
    var client = Client()
    let answer = try client.response(
        "POST", holds, to: .outcome(.hold(Sample.holdView(state), .replayed)))
    #expect(answer.status == status)
    if status == 201 {
        #expect(answer.body == Sample.holdJSON(word, tail: tail))
        #expect(answer["idempotent-replayed"] == "true")
        #expect(answer["location"] == hold)
    } else {
        #expect(answer.code == word)
        #expect(answer["content-type"] == "application/problem+json")
    }
}

@Test(arguments: [
    (HoldStatus.held, "held", ""), (.paymentPending, "payment_pending", ""),
    (.booked, "booked", #","order_id":"ord_001g0000000000000000000000008""#),
    (.expired, "expired", ""), (.released, "released", ""),
])
func aHoldIsReadInEveryState(_ state: HoldStatus, _ word: String, _ tail: String) throws {
    var client = Client()
    let answer = try client.response(
        "GET", hold, to: .outcome(.hold(Sample.holdView(state), .first)))
    #expect(answer.status == 200)
    #expect(answer.body == Sample.holdJSON(word, tail: tail))
    #expect(answer["cache-control"] == "no-store")
    #expect(answer["holdfast-revision"] == "9")
    #expect(answer["holdfast-staleness-ms"] == "12")
    #expect(answer["location"] == nil)
    #expect(answer["etag"] == nil)
}

@Test func anAmendedHold() throws {
    var client = Client()
    for (replay, replayed) in [(Replay.first, nil), (.replayed, "true" as String?)] {
        let answer = try client.response(
            "PATCH", hold, to: .outcome(.hold(Sample.holdView(.released), replay)))
        #expect(answer.status == 200)
        #expect(answer.body == Sample.holdJSON("released"))
        #expect(answer["idempotent-replayed"] == replayed)
    }
}

@Test func aReleaseHasNoContent() throws {
    var client = Client()
    let answer = try client.response("DELETE", hold, to: .outcome(.released))
    #expect(answer.status == 204)
    #expect(answer.body == "")
    #expect(answer["content-length"] == nil)
    #expect(answer["request-id"] != nil)
}

@Test func aCommit() throws {
    var client = Client()
    for (replay, replayed) in [(Replay.first, nil), (.replayed, "true" as String?)] {
        let answer = try client.response(
            "POST", hold + "/commit", to: .outcome(.order(Sample.orderView(), replay)))
        #expect(answer.status == 200)
        #expect(answer.body == Sample.orderJSON() + "}")
        #expect(answer["idempotent-replayed"] == replayed)
        #expect(answer["cache-control"] == "no-store")
    }
}

@Test func aCommitThatTakesItsTime() throws {
    var client = Client()
    let view = Sample.orderView(.pending, payments: [Sample.payment(Sample.attempt, .pending)])
    let answer = try client.response("POST", hold + "/commit", to: .paymentUnderWay(view))
    #expect(answer.status == 202)
    #expect(answer["location"] == order)
    #expect(answer["retry-after"] == "1")
    #expect(
        answer.body
            == Sample.orderJSON("pending", confirmedAt: "null", "pending")
            + #","payments":[\#(Sample.paymentJSON(Sample.attemptText, "pending"))]}"#)
}

@Test func anOrderNamesThePaymentThatDecided() throws {
    var client = Client()
    let declined = Sample.payment(Sample.attempt, .declined)
    let paid = Sample.payment(Sample.secondAttempt, .succeeded)
    let late = Sample.payment(Sample.attempt, .cancelled)
    let both =
        #","payments":[\#(Sample.paymentJSON(Sample.attemptText, "declined")),"#
        + #"\#(Sample.paymentJSON(Sample.secondAttemptText, "succeeded")),"#
        + #"\#(Sample.paymentJSON(Sample.attemptText, "cancelled"))]}"#
    let answer = try client.response(
        "GET", order,
        to: .outcome(.order(Sample.orderView(payments: [declined, paid, late]), .first)))
    #expect(answer.status == 200)
    #expect(answer.body == Sample.orderJSON(payment: Sample.secondAttemptText) + both)
    #expect(answer["cache-control"] == "no-store")
    #expect(answer["holdfast-revision"] == "9")

    let failed = try client.response(
        "GET", order,
        to: .outcome(.order(Sample.orderView(.failed, payments: [declined]), .first)))
    #expect(
        failed.body
            == Sample.orderJSON("failed", confirmedAt: "null", "declined")
            + #","payments":[\#(Sample.paymentJSON(Sample.attemptText, "declined"))]}"#)
}

@Test func aCancelledOrder() throws {
    var client = Client()
    for (replay, replayed) in [(Replay.first, nil), (.replayed, "true" as String?)] {
        let answer = try client.response(
            "POST", order + "/cancel",
            to: .outcome(.order(Sample.orderView(.cancelled), replay)))
        #expect(answer.status == 200)
        #expect(
            answer.body
                == Sample.orderJSON("cancelled", confirmedAt: "null")
                + #","payments":[\#(Sample.paymentJSON())]}"#)
        #expect(answer["idempotent-replayed"] == replayed)
    }
}

@Test func aUsersOrders() throws {
    var client = Client()
    let one = Sample.orderJSON() + #","payments":[\#(Sample.paymentJSON())]}"#
    for (orders, data) in [([], ""), ([Sample.orderView(), Sample.orderView()], "\(one),\(one)")] {
        let answer = try client.response("GET", "/users/u/orders", to: .orders(orders))
        #expect(answer.status == 200)
        #expect(answer.body == #"{"data":[\#(data)],"next_cursor":null,"has_more":false}"#)
        #expect(answer["cache-control"] == "no-store")
    }
}

@Test func blockedSeats() throws {
    var client = Client()
    let answer = try client.response(
        "POST", "/events/\(Sample.eventText)/blocks",
        to: .outcome(.blocked(event: Sample.event, revision: Revision(10))))
    #expect(answer.status == 200)
    #expect(answer.body == #"{"event_id":"\#(Sample.eventText)","revision":10}"#)
}

/// A provider that is told no comes again and again.
@Test(arguments: [
    Outcome.done, .order(Sample.orderView(), .first), .refused(.notFound(.payment)),
    .refused(.holdExpired), .payment(Sample.attemptView(.declined), .replayed),
])
func aWebhookIsNeverToldNo(_ outcome: Outcome) throws {
    let client = Client()
    let head = try Client.head("POST", "/payments/webhooks/simulated")
    guard case .admitted(let exchange, _) = Gateway(client.configuration).admit(head, random: { 1 })
    else {
        Issue.record("refused")
        return
    }
    var responder = Responder(client.configuration)
    func answer(_ answer: Answer) throws -> Received {
        let reply = Reply(id: RequestID(1), answer: answer, staleness: nil)
        let turn = responder.respond(to: exchange, with: reply, at: .zero)
        guard case .respond(let response) = turn else { throw UnreadableResponse() }
        return try Client.receive(response)
    }
    let received = try answer(.outcome(outcome))
    #expect(received.status == 200)
    #expect(received.body == #"{"received":true}"#)
    #expect(try answer(.unavailable(.noLeader)).status == 503)
    #expect(try answer(.outcomeUnknown).status == 504)
    let hint = LeaderHint(leader: NodeID(1), term: Term(3))
    #expect(try answer(.notLeader(hint)).status == 503)
}
