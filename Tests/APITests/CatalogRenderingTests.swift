import HTTPProtocol
import Inventory
import NodeCore
import Primitives
import Testing

@testable import API

private let event = "/events/\(Sample.eventText)"
private let venue = "/venues/\(Sample.venueText)"
private let venueJSON =
    #"{"venue_id":"\#(Sample.venueText)","name":"Hall","layout_hash":"\#(Sample.layoutHashText)","#
    + #""sections":\#(Sample.sectionsJSON)}"#

@Test func aNewVenueAndItsReplay() throws {
    var client = Client()
    for (replay, replayed) in [(Replay.first, nil), (.replayed, "true" as String?)] {
        let answer = try client.response(
            "POST", "/venues", to: .outcome(.venue(Sample.venueView(), replay)))
        #expect(answer.status == 201)
        #expect(answer["location"] == venue)
        #expect(answer["idempotent-replayed"] == replayed)
        #expect(answer["content-type"] == "application/json")
        #expect(answer.body == venueJSON)
    }
}

@Test func aVenueIsRead() throws {
    var client = Client()
    let answer = try client.response(
        "GET", venue, to: .outcome(.venue(Sample.venueView(), .first)))
    #expect(answer.status == 200)
    #expect(answer.body == venueJSON)
    #expect(answer["cache-control"] == "public, max-age=30")
    #expect(answer["location"] == nil)
    #expect(answer["holdfast-revision"] == nil)
    #expect(answer["holdfast-staleness-ms"] == "12")
}

@Test func aNewEventAndItsReplay() throws {
    var client = Client()
    for (replay, replayed) in [(Replay.first, nil), (.replayed, "true" as String?)] {
        let answer = try client.response(
            "POST", "/events", to: .outcome(.event(Sample.eventView(), replay)))
        #expect(answer.status == 201)
        #expect(answer["location"] == event)
        #expect(answer["idempotent-replayed"] == replayed)
        #expect(answer.body == Sample.eventJSON)
    }
}

@Test func anEventIsRead() throws {
    var client = Client()
    let answer = try client.response(
        "GET", event, to: .outcome(.event(Sample.eventView(), .first)))
    #expect(answer.status == 200)
    #expect(answer.body == Sample.eventJSON)
    #expect(answer["etag"] == #""9""#)
    #expect(answer["holdfast-revision"] == "9")
    let content = Sample.eventContent(onSaleAt: Sample.now, maxSeatsPerUser: 4)
    let full = try client.response(
        "GET", event, to: .outcome(.event(Sample.eventView(content), .first)))
    #expect(full.document?["on_sale_at"]?.text == Sample.nowText)
    #expect(full.document?["max_seats_per_user"]?.integer == 4)
}

@Test func aPageOfTheCatalog() throws {
    var client = Client()
    let position = EventPosition(startsAt: Sample.now, event: Sample.event)
    let views = [Sample.eventView(), Sample.eventView()]
    for (page, body) in [
        (EventPage(events: [], next: nil), #"{"data":[],"next_cursor":null,"has_more":false}"#),
        (
            EventPage(events: views, next: position),
            #"{"data":[\#(Sample.eventJSON),\#(Sample.eventJSON)],"#
                + #""next_cursor":"\#(EventCursor.text(position))","has_more":true}"#
        ),
    ] {
        let answer = try client.response("GET", "/events?limit=2", to: .events(page))
        #expect(answer.status == 200)
        #expect(answer.body == body)
        #expect(answer["cache-control"] == "public, max-age=30")
        let tag = try #require(answer["etag"])
        #expect(tag.count == 34)
        let again = try client.response(
            "GET", "/events?limit=2", headers: [("If-None-Match", tag)], to: .events(page))
        #expect(again.status == 304)
        #expect(again.body == "")
        #expect(again["etag"] == tag)
        #expect(again["cache-control"] == "public, max-age=30")
    }
}

@Test func aPagesTagChangesWithItsContent() throws {
    var client = Client()
    let tags = try [9, 10].map { revision in
        try client.response(
            "GET", "/events",
            to: .events(EventPage(events: [Sample.eventView(revision: revision)], next: nil)))[
                "etag"]
    }
    #expect(tags[0] != tags[1])
}

@Test func aLayoutNeverChanges() throws {
    var client = Client()
    let path = "/layouts/\(Sample.layoutHashText)"
    let answer = try client.response("GET", path, to: .layout(Sample.layout))
    #expect(answer.status == 200)
    #expect(
        answer.body == #"{"hash":"\#(Sample.layoutHashText)","sections":\#(Sample.sectionsJSON)}"#)
    #expect(answer["cache-control"] == "public, max-age=31536000, immutable")
    #expect(answer["etag"] == "\"\(Sample.layoutHashText)\"")
    let known = [("If-None-Match", "\"x\", W/\"\(Sample.layoutHashText)\"")]
    #expect(
        try client.response("GET", path, headers: known, to: .layout(Sample.layout)).status == 304)
}

@Test func linearizableReadsAreNotStored() throws {
    var client = Client()
    for (path, answer) in [
        (venue, Answer.outcome(.venue(Sample.venueView(), .first))),
        (event, .outcome(.event(Sample.eventView(), .first))),
        ("/events", .events(EventPage(events: [], next: nil))),
        ("/layouts/\(Sample.layoutHashText)", .layout(Sample.layout)),
        (event + "/seatmap", .seatMap(Sample.seatMapView())),
    ] {
        let response = try client.response("GET", path + "?consistency=linearizable", to: answer)
        #expect(response.status == 200)
        #expect(response["cache-control"] == "no-store", "\(path)")
    }
}

@Test func whatIsNotThereIsNotFound() throws {
    var client = Client()
    for (path, missing) in [
        (venue, Missing.venue), (event, .event), (event + "/seatmap", .event),
        ("/layouts/\(Sample.layoutHashText)", .venue),
    ] {
        let answer = try client.response("GET", path, to: .outcome(.refused(.notFound(missing))))
        #expect(answer.status == 404)
        #expect(answer.code == "not_found")
        #expect(answer.document?["instance"]?.text == path)
    }
}

@Test func aHeadHasTheLengthAndNotTheBody() throws {
    var client = Client()
    let answer = try client.response(
        "HEAD", event, to: .outcome(.event(Sample.eventView(), .first)))
    #expect(answer.status == 200)
    #expect(answer.body == "")
    #expect(answer["content-length"] == "\(Sample.eventJSON.utf8.count)")
    #expect(answer["etag"] == #""9""#)
}

@Test func stalenessIsLeftOutBeforeItIsKnown() throws {
    var client = Client()
    let answer = try client.response(
        "GET", event, to: .outcome(.event(Sample.eventView(), .first)), staleness: nil)
    #expect(answer["holdfast-staleness-ms"] == nil)
}

/// Labels are counted up digit by digit.
@Test(arguments: [
    (0 as UInt32, 12 as UInt32), (8, 11), (98, 101), (5, 5), (999, 1_001),
    (UInt32.max - 2, UInt32.max),
])
func labelsOfARangeAreItsNumbers(_ first: UInt32, _ last: UInt32) {
    var bytes: [UInt8] = []
    SeatLabels(seats: .range(first: first, last: last)).appendJSON(to: &bytes)
    let numbers = (first...last).map { "\"\($0)\"" }.joined(separator: ",")
    #expect(String(decoding: bytes, as: UTF8.self) == "[\(numbers)]")
}
