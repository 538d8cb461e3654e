import Inventory
import NodeCore
import Primitives
import Testing

@testable import API

private func query(_ text: String) throws -> EventQuery {
    var client = Client()
    guard case (.events(let query), .local) = try client.read("/events" + text) else {
        throw UnreadableResponse()
    }
    return query
}

@Test func aCatalogPageHasItsDefaults() throws {
    let query = try query("")
    #expect(query.from == nil)
    #expect(query.to == nil)
    #expect(query.words.isEmpty)
    #expect(query.after == nil)
    #expect(query.limit == 50)
}

@Test func aCatalogPageIsAskedForInFull() throws {
    let position = EventPosition(startsAt: WallTime(77), event: Sample.event)
    let query = try query(
        "?from=2026-11-22T10:35:30Z&to=2026-11-22T12:35:30%2B01:00&q=Gro%C3%9FE+NACHT%20rock"
            + "&limit=200&cursor=\(EventCursor.text(position))&unknown=1")
    #expect(query.from == Sample.now)
    #expect(query.to == Sample.now + .seconds(3_600))
    #expect(query.words == ["große", "nacht", "rock"])
    #expect(query.after == position)
    #expect(query.limit == 200)
}

@Test func cursorsComeBackAsTheyWere() {
    for (time, shard, bits) in [
        (0 as Int64, 0 as UInt8, 0 as UInt128), (.max, 255, .max), (-1, 63, 1),
        (1_795_343_730_123, 7, 1 << 127),
    ] {
        let position = EventPosition(
            startsAt: WallTime(time), event: EventID(shard: ShardID(shard), bits: bits))
        let text = EventCursor.text(position)
        #expect(EventCursor.position(text) == position)
        #expect(EventCursor.position(String(text.dropLast())) == nil)
        #expect(EventCursor.position(text + "0") == nil)
        #expect(EventCursor.position("8" + text.dropFirst()) == nil)
    }
}

@Test(arguments: [
    ("limit=0", "limit"), ("limit=201", "limit"), ("limit=", "limit"), ("limit=5x", "limit"),
    ("limit=-1", "limit"), ("limit=1.0", "limit"), ("limit=%2B5", "limit"),
    ("limit=99999999999999999999", "limit"), ("limit=5&limit=5", "limit"),
    ("from=yesterday", "from"), ("to=2026-11-22", "to"), ("from=", "from"),
    ("cursor=x", "cursor"), ("cursor=", "cursor"), ("consistency=strong", "consistency"),
    ("consistency=", "consistency"), ("consistency=Linearizable", "consistency"), ("q=%zz", "q"),
    ("q=%FF", "q"),
])
func aBadQueryParameterIsNamed(_ text: String, _ field: String) throws {
    var client = Client()
    let refusal = try #require(try client.refusal("GET", "/events?" + text))
    #expect(refusal.status == 400)
    #expect(refusal.code == "invalid_field")
    #expect(refusal.blamed == [field])
}

/// Each read, and how fresh it is if nothing is said.
@Test(arguments: [
    ("/venues/\(Sample.venueText)", Consistency.local), ("/events", .local),
    ("/events/\(Sample.eventText)", .local), ("/events/\(Sample.eventText)/seatmap", .local),
    ("/layouts/\(Sample.layoutHashText)", .local),
    ("/reservations/\(Sample.holdText)", .linearizable),
    ("/orders/\(Sample.orderText)", .linearizable), ("/users/u/orders", .linearizable),
])
func readsAreAsFreshAsTheyAreAskedToBe(_ path: String, _ normal: Consistency) throws {
    var client = Client()
    #expect(try client.read(path).1 == normal)
    #expect(try client.read(path + "?consistency=linearizable").1 == .linearizable)
    #expect(try client.read(path + "?consistency=local").1 == .local)
    #expect(try client.refusal("GET", path + "?consistency=x")?.blamed == ["consistency"])
}

@Test func readsNameWhatTheyWant() throws {
    var client = Client()
    func expect(_ path: String, _ isWanted: (ReadOperation) -> Bool) throws {
        #expect(isWanted(try client.read(path).0), "\(path)")
    }
    try expect("/venues/\(Sample.venueText)") {
        if case .venue(Sample.venue) = $0 { true } else { false }
    }
    try expect("/events/\(Sample.eventText)") {
        if case .event(Sample.event) = $0 { true } else { false }
    }
    try expect("/events/\(Sample.eventText)/seatmap") {
        if case .seatMap(Sample.event) = $0 { true } else { false }
    }
    try expect("/layouts/\(Sample.layoutHashText)") {
        if case .layout(0xAB) = $0 { true } else { false }
    }
    try expect("/reservations/\(Sample.holdText)") {
        if case .hold(Sample.hold) = $0 { true } else { false }
    }
    try expect("/orders/\(Sample.orderText)") {
        if case .order(Sample.order) = $0 { true } else { false }
    }
    try expect("/users/j%C3%BCrgen/orders") {
        if case .orders("jürgen") = $0 { true } else { false }
    }
}

@Test func usersAreNamedLikeAnyID() throws {
    var client = Client()
    let long = String(repeating: "u", count: 129)
    #expect(try client.refusal("GET", "/users/\(long)/orders")?.blamed == ["user_id"])
    #expect(try client.refusal("GET", "/users/%07/orders")?.blamed == ["user_id"])
}

@Test(arguments: [
    ("", nil, SeatMapForm.full), ("", "application/octet-stream", .full),
    ("?include=availability", nil, .availability),
    ("?include=availability", "*/*", .availability),
    ("?include=availability", "application/json", .availability),
    ("?include=availability", "application/octet-stream", .binary),
    ("?include=availability", "application/json;q=0.5, application/octet-stream", .binary),
    ("?include=availability", "application/json, application/octet-stream;q=0.5", .availability),
])
func aSeatMapHasThreeForms(_ query: String, _ accept: String?, _ form: SeatMapForm) throws {
    var client = Client()
    let headers = accept.map { [("Accept", $0)] } ?? []
    let (exchange, _) = try client.decode(
        "GET", "/events/\(Sample.eventText)/seatmap\(query)", headers: headers, body: [])
    #expect(exchange.seatMapForm == form)
    #expect(
        try client.refusal("GET", "/events/\(Sample.eventText)/seatmap?include=x")?.blamed
            == ["include"])
}

@Test func healthIsAnsweredWithoutTheCore() throws {
    var client = Client()
    let answer = try #require(try client.refusal("GET", "/healthz"))
    #expect(answer.status == 200)
    #expect(answer.body == #"{"status":"alive"}"#)
    #expect(answer["cache-control"] == "no-store")
}

@Test func theCoreIsAskedForItsStatus() throws {
    var client = Client()
    for path in ["/readyz", "/leaderz", "/cluster/status"] {
        let (_, decision) = try client.decode("GET", path, body: [])
        guard case .submit(.administer(.status)) = decision else {
            Issue.record("\(path): \(decision)")
            continue
        }
    }
    let (exchange, decision) = try client.decode("GET", "/metrics", body: [])
    guard case .metrics = decision else {
        Issue.record("\(decision)")
        return
    }
    let metrics = try Client.receive(exchange.metrics(Array("up 1\n".utf8)))
    #expect(metrics.body == "up 1\n")
    #expect(metrics["content-type"] == "text/plain; version=0.0.4; charset=utf-8")
}

@Test func leadershipGoesToAMemberOrToTheBest() throws {
    var client = Client()
    for (body, successor) in [
        ("", nil), ("{}", nil), (#"{"to":null}"#, nil), (#"{"to":"1","x":1}"#, NodeID(1)),
    ] {
        let (_, decision) = try client.decode(
            "POST", "/cluster/transfer", body: Array(body.utf8))
        guard case .submit(.administer(.transferLeadership(let to))) = decision else {
            Issue.record("\(body): \(decision)")
            continue
        }
        #expect(to == successor)
    }
    for (body, status) in [(#"{"to":1}"#, 400), (#"{"to":"3"}"#, 422), (#"{"to":"01"}"#, 422)] {
        let refusal = try client.refusal("POST", "/cluster/transfer", body)
        #expect(refusal?.status == status)
        #expect(refusal?.blamed == ["to"])
    }
    let (_, decision) = try client.decode("POST", "/cluster/flush", body: [])
    guard case .submit(.administer(.flush)) = decision else {
        Issue.record("\(decision)")
        return
    }
}
