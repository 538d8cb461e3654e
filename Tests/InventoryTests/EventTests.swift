import Inventory
import Primitives
import Testing

@Test func anEventIsCreatedOnceForItsKey() throws {
    var (world, event) = World.withEvent()
    #expect(world.apply(world.newEvent("e")).tag == "event again")
    var other = world.newEvent("e")
    other.bodyHash = 12
    #expect(world.apply(other).tag == "refused key reused")
    let view = try #require(world.inventory.event(event))
    #expect(view.content.event == world.newEvent("e"))
    #expect(view.content.layout.seatCount == 13)
    #expect(view.content.createdAt == World.start)
    #expect(view.revision == .zero)
}

@Test func aSectionsOwnPriceGoesBeforeTheCommonOne() throws {
    var (world, event) = World.withEvent()
    #expect(try world.held(event, [0]).amount == 500)
    #expect(try world.held(event, [10]).amount == 900)
}

@Test func pricesHaveToFitTheSections() {
    var world = World()
    world.makeVenue()
    func refusal(_ prices: [(String, Int64)]) -> Refusal? {
        var event = world.newEvent("priced")
        event.prices = prices.map { SectionPrice(section: $0.0, amount: $0.1) }
        return world.apply(event).refusal
    }
    #expect(refusal([("S", 1)]) == .pricesInvalid(.missing(section: "T")))
    #expect(refusal([("S", 1), ("T", 1), ("U", 1)]) == .pricesInvalid(.unknownSection("U")))
    #expect(refusal([("S", 1), ("T", 1), ("S", 2)]) == .pricesInvalid(.repeated(section: "S")))
    #expect(refusal([("*", -1)]) == .pricesInvalid(.outOfRange(section: "*")))
    let tooMuch = SectionPrice.amountMax + 1
    #expect(refusal([("*", tooMuch)]) == .pricesInvalid(.outOfRange(section: "*")))
    #expect(refusal([("S", 1), ("T", 0)]) == nil)
}

@Test func theCatalogComesByStartAndPagesWithoutGaps() {
    var world = World()
    world.makeVenue()
    for index in 0..<20 {
        // Pairs that start together are told apart by their ids.
        _ = world.apply(
            world.newEvent("\(index)", startsAt: WallTime(Int64(100 * ((index * 7) % 20 / 2)))))
    }
    func page(_ after: (startsAt: WallTime, event: EventID)?, _ limit: Int) -> [CreateEvent] {
        world.inventory.events(from: nil, to: nil, words: [], after: after, limit: limit)
            .map(\.content.event)
    }
    let all = page(nil, 100)
    #expect(all.count == 20)
    for (a, b) in zip(all, all.dropFirst()) {
        #expect((a.startsAt, a.event) < (b.startsAt, b.event))
    }
    var paged: [CreateEvent] = []
    while paged.count < 20 {
        let next = page(paged.last.map { ($0.startsAt, $0.event) }, 3)
        #expect(!next.isEmpty)
        paged += next
    }
    #expect(paged == all)
    #expect(page(all.last.map { ($0.startsAt, $0.event) }, 3).isEmpty)
    let some = world.inventory.events(
        from: WallTime(300), to: WallTime(500), words: [], after: nil, limit: 100)
    #expect(some.map(\.content.event) == all.filter { 300...500 ~= $0.startsAt.rawValue })
}

@Test func aQueryMatchesTheBeginningsOfWordsInAnyCase() {
    var world = World()
    world.makeVenue()
    for (key, name) in [("a", "Die Ärzte: Live!"), ("b", "LIVE at the Arena"), ("c", "Opera")] {
        _ = world.apply(world.newEvent(key, name: name))
    }
    func found(_ query: String) -> Set<String> {
        let events = world.inventory.events(
            from: nil, to: nil, words: Inventory.words(of: query), after: nil, limit: 10)
        return Set(events.map(\.content.event.name))
    }
    #expect(found("live") == ["Die Ärzte: Live!", "LIVE at the Arena"])
    #expect(found("LIVE ärz") == ["Die Ärzte: Live!"])
    #expect(found("ive") == [])
    #expect(found("") == ["Die Ärzte: Live!", "LIVE at the Arena", "Opera"])
}

@Test func theSeatMapIsSharedUntilTheNextChange() throws {
    var (world, event) = World.withEvent()
    let before = try #require(world.inventory.seatMap(event))
    _ = try world.held(event, [1])
    #expect(before.states.allSatisfy { $0 == .available })
    let after = try #require(world.inventory.seatMap(event))
    #expect(after.states[1] == .held)
    #expect(after.asOf == world.now)
    #expect(after.event.revision == Revision(1))
}

@Test func idsOfOtherShardsAreNotFound() {
    let (world, _) = World.withEvent()
    let far = ShardID(63)
    #expect(world.inventory.event(EventID(shard: far, bits: 1)) == nil)
    #expect(world.inventory.event(EventID(shard: .system, bits: 1)) == nil)
    #expect(world.inventory.hold(HoldID(shard: far, bits: 1)) == nil)
    #expect(world.inventory.order(OrderID(shard: far, bits: 1)) == nil)
    #expect(world.inventory.attempt(AttemptID(shard: far, bits: 1)) == nil)
    #expect(world.inventory.refund(RefundID(shard: far, bits: 1)) == nil)
    #expect(world.inventory.seatMap(EventID(shard: far, bits: 1)) == nil)
    #expect(world.inventory.counts(of: EventID(shard: far, bits: 1)) == nil)
}
