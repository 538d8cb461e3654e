import HTTPProtocol
import Inventory
import NodeCore
import Primitives
import Testing

@testable import API

private let path = "/events/\(Sample.eventText)/seatmap"
private let availability =
    #""availability":{"as_of":"2026-11-22T10:35:30.000Z","#
    + #""counts":{"available":3,"held":2,"booked":1,"blocked":1},"#
    + #""sections":{"P":{"A":"AHH","B":"BX"},"":{"B":"AA"}}}}"#

@Test func aWholeMap() throws {
    var client = Client()
    let answer = try client.response("GET", path, to: .seatMap(Sample.seatMapView()))
    #expect(answer.status == 200)
    #expect(
        answer.body
            == #"{"event_id":"\#(Sample.eventText)","revision":9,"#
            + #""layout":{"hash":"\#(Sample.layoutHashText)","sections":\#(Sample.sectionsJSON)},"#
            + availability)
    #expect(answer["content-type"] == "application/json")
    #expect(answer["cache-control"] == "public, max-age=5, stale-while-revalidate=10")
    #expect(answer["etag"] == #""9-1795343730000-f""#)
    #expect(answer["vary"] == "Accept")
    #expect(answer["holdfast-revision"] == "9")
    #expect(answer["holdfast-staleness-ms"] == "12")
}

@Test func aMapWithoutItsLayout() throws {
    var client = Client()
    let answer = try client.response(
        "GET", path + "?include=availability", to: .seatMap(Sample.seatMapView()))
    #expect(answer.body == #"{"event_id":"\#(Sample.eventText)","revision":9,"# + availability)
    #expect(answer["etag"] == #""9-1795343730000-a""#)
}

@Test func aMapInTwoBitsASeat() throws {
    var client = Client()
    let answer = try client.response(
        "GET", path + "?include=availability", headers: [("Accept", "application/octet-stream")],
        to: .seatMap(Sample.seatMapView()))
    // A H H B | X A A: 0 1 1 2 | 3 0 0, the first seat lowest.
    #expect(answer.bytes == [9, 0, 0, 0, 0, 0, 0, 0, 7, 0, 0, 0, 0b1001_0100, 0b0000_0011])
    #expect(answer["content-type"] == "application/octet-stream")
    #expect(answer["etag"] == #""9-1795343730000-b""#)
}

@Test func theMaxAgeIsConfigured() throws {
    var client = Client()
    client.configuration.seatMapMaxAgeSeconds = 15
    client.configuration.seatMapStaleSeconds = 0
    let answer = try client.response("GET", path, to: .seatMap(Sample.seatMapView()))
    #expect(answer["cache-control"] == "public, max-age=15, stale-while-revalidate=0")
}

@Test func aMapThatIsKnownIsNotSentAgain() throws {
    var client = Client()
    for known in [
        #""9-1795343730000-f""#, #"W/"9-1795343730000-f""#, "*", #""x", "9-1795343730000-f""#,
    ] {
        let answer = try client.response(
            "GET", path, headers: [("If-None-Match", known)], to: .seatMap(Sample.seatMapView()))
        #expect(answer.status == 304, "\(known)")
        #expect(answer.body == "")
        #expect(answer["etag"] == #""9-1795343730000-f""#)
        #expect(answer["content-type"] == nil)
        #expect(answer["holdfast-revision"] == "9")
    }
    for stale in [#""8-1795343730000-f""#, #""9-1795343730000-a""#] {
        let answer = try client.response(
            "GET", path, headers: [("If-None-Match", stale)], to: .seatMap(Sample.seatMapView()))
        #expect(answer.status == 200)
    }
}

/// A responder whose clock the test turns, asked for maps.
private struct Asker {
    var responder = Responder(Client.configuration)

    enum Answer: Equatable {
        case revision(String?, staleness: String?)
        case wait(milliseconds: Int64)
        case nothing
    }

    private func exchange(_ query: String) throws -> Exchange {
        var client = Client()
        return try client.decode("GET", path + query, body: []).0
    }

    private func time(_ milliseconds: Int64) -> MonotonicTime {
        .zero + Milliseconds(1_000 + milliseconds)
    }

    /// What the core's reply with this revision makes of the request.
    mutating func ask(
        _ revision: UInt64, at milliseconds: Int64, query: String = "",
        staleness: Int64 = 3, asOf: WallTime = Sample.now
    ) throws -> Answer {
        let reply = Reply(
            id: RequestID(1), answer: .seatMap(Sample.seatMapView(revision: revision, asOf: asOf)),
            staleness: Milliseconds(staleness))
        let turn = responder.respond(
            to: try exchange(query), with: reply, at: time(milliseconds))
        switch turn {
        case .respond(let response): return try Asker.answer(response)
        case .wait(let until):
            return .wait(milliseconds: Int64(until.nanoseconds / 1_000_000) - 1_000)
        }
    }

    mutating func askCache(at milliseconds: Int64, query: String = "") throws -> Answer {
        try responder.cachedResponse(to: try exchange(query), at: time(milliseconds))
            .map(Asker.answer) ?? .nothing
    }

    private static func answer(_ response: HTTPResponse) throws -> Answer {
        let received = try Client.receive(response)
        #expect(
            received.document?["revision"]?.integer.map(String.init)
                == received["holdfast-revision"])
        return .revision(
            received["holdfast-revision"], staleness: received["holdfast-staleness-ms"])
    }
}

@Test func withinTheIntervalEverybodyGetsTheSameMap() throws {
    var asker = Asker()
    #expect(try asker.askCache(at: 0) == .nothing)
    #expect(try asker.ask(1, at: 0) == .revision("1", staleness: "3"))
    #expect(try asker.askCache(at: 99) == .revision("1", staleness: "102"))
    #expect(
        try asker.askCache(at: 99, query: "?include=availability")
            == .revision("1", staleness: "102"))
    #expect(try asker.ask(2, at: 99) == .revision("1", staleness: "102"))
    #expect(try asker.askCache(at: 100) == .nothing)
    #expect(try asker.ask(2, at: 100) == .revision("2", staleness: "3"))
    #expect(try asker.ask(3, at: 199) == .revision("2", staleness: "102"))
    #expect(try asker.ask(3, at: 200) == .revision("3", staleness: "3"))
}

@Test func aMapThatHasNotChangedIsConfirmedNotRendered() throws {
    var asker = Asker()
    #expect(try asker.ask(1, at: 0) == .revision("1", staleness: "3"))
    #expect(
        try asker.ask(1, at: 150, staleness: 5, asOf: Sample.now + .seconds(1))
            == .revision("1", staleness: "5"))
    #expect(try asker.askCache(at: 249) == .revision("1", staleness: "104"))
    // Confirmed just now, but rendered long ago: a change shows at once.
    #expect(try asker.ask(2, at: 160) == .revision("2", staleness: "3"))
}

@Test func aLinearizableReadWaitsForTheNextRendering() throws {
    var asker = Asker()
    let query = "?consistency=linearizable"
    #expect(try asker.ask(1, at: 0, query: query) == .revision("1", staleness: "3"))
    #expect(try asker.askCache(at: 10, query: query) == .nothing)
    #expect(try asker.ask(1, at: 10, query: query) == .revision("1", staleness: "3"))
    #expect(try asker.ask(2, at: 20, query: query) == .wait(milliseconds: 100))
    #expect(try asker.ask(3, at: 30, query: query) == .wait(milliseconds: 100))
    // The first of those who waited has it rendered, the rest take it if it is new enough.
    #expect(try asker.ask(3, at: 100, query: query) == .revision("3", staleness: "3"))
    #expect(try asker.ask(2, at: 100, query: query) == .revision("3", staleness: "3"))
    #expect(try asker.ask(4, at: 100, query: query) == .wait(milliseconds: 200))
}

@Test func anOlderAnswerThatComesLateChangesNothing() throws {
    var asker = Asker()
    #expect(try asker.ask(5, at: 0) == .revision("5", staleness: "3"))
    #expect(try asker.ask(4, at: 500) == .revision("5", staleness: "503"))
    #expect(try asker.askCache(at: 500) == .nothing)
}

@Test func onlySeatMapsAreCached() throws {
    var client = Client()
    var responder = Responder(client.configuration)
    let (exchange, _) = try client.decode("GET", "/events/\(Sample.eventText)", body: [])
    #expect(responder.cachedResponse(to: exchange, at: .zero) == nil)
}

@Test func theTagOfAnUnchangedMapStays() throws {
    var bodies = SeatMapBodies(of: Sample.seatMapView(), after: nil)
    for form in SeatMapForm.allCases {
        let body = bodies.body(form)
        #expect(bodies.body(form) == body)
        var other = SeatMapBodies(
            of: Sample.seatMapView(asOf: Sample.now + .seconds(1)), after: bodies)
        // Where the bytes differ, the tags do: caches rely on it.
        #expect(other.tag(form) != bodies.tag(form))
        #expect((other.body(form) == body) == (form == .binary))
    }
}

@Test func onlySoManyEventsAreKept() {
    var cache = SeatMapCache(interval: Milliseconds(100), countMax: 2)
    func view(_ number: UInt128) -> SeatMapView {
        var content = Sample.eventContent()
        content.event = EventID(shard: ShardID(0), bits: number)
        return SeatMapView(
            event: Sample.eventView(content), asOf: Sample.now, states: Sample.seatMapView().states)
    }
    for (number, time) in [(1, 0), (2, 10), (1, 20), (3, 30)] as [(UInt128, Int64)] {
        _ = cache.turn(view(number), nil, .local, at: .zero + Milliseconds(time))
    }
    let now = MonotonicTime.zero + Milliseconds(31)
    #expect(cache.entries.count == 2)
    #expect(cache.fresh(EventID(shard: ShardID(0), bits: 1), at: now) != nil)
    #expect(cache.fresh(EventID(shard: ShardID(0), bits: 2), at: now) == nil)
    #expect(cache.fresh(EventID(shard: ShardID(0), bits: 3), at: now) != nil)
}
