import Inventory
import Primitives
import Testing

private func part(_ venue: VenueID, _ part: UInt32, _ bytes: [UInt8]) -> Command {
    .system(.importVenuePart(ImportVenuePart(venue: venue, part: part, count: 2, bytes: bytes)))
}

@Test func aVenueIsInvisibleUntilItsPartsAreSealed() throws {
    var world = World()
    let bytes = LayoutCodec.encode(World.sections)
    let half = bytes.count / 2
    var seal = World.seal()
    seal.partCount = 2
    _ = world.apply(part(World.venue, 1, Array(bytes[half...])))
    #expect(world.apply(.system(.sealVenue(seal))).tag == "refused layout")
    _ = world.apply(part(World.venue, 0, Array(bytes[..<half])))
    #expect(world.inventory.venue(World.venue) == nil)
    #expect(world.apply(world.newEvent("e")).tag == "refused no venue")
    #expect(world.apply(.system(.sealVenue(seal))).tag == "venue")
    let venue = try #require(world.inventory.venue(World.venue))
    #expect(venue.layout.sections == World.sections)
    #expect(world.inventory.layout(seal.layoutHash) === venue.layout)
    #expect(world.apply(world.newEvent("e")).tag == "event")
    // A part of a sealed venue is late and changes nothing.
    #expect(world.apply(part(World.venue, 0, [])).tag == "done")
    #expect(world.inventory.pendingChangeCount == 0)
}

@Test func sealingAgainReplaysAndAnotherBodyIsRefused() {
    var world = World()
    world.makeVenue()
    #expect(world.apply(.system(.sealVenue(World.seal()))).tag == "venue again")
    var other = World.seal()
    other.bodyHash = 8
    #expect(world.apply(.system(.sealVenue(other))).tag == "refused key reused")
}

@Test func bytesOfAnotherHashOrOfNoLayoutAreNotSealed() {
    var world = World()
    _ = world.apply(part(World.venue, 0, LayoutCodec.encode(World.sections)))
    var seal = World.seal()
    seal.layoutHash = 1
    #expect(world.apply(.system(.sealVenue(seal))).tag == "refused layout")
    // The same number again replaces the part, for a retry.
    _ = world.apply(part(World.venue, 0, [1, 2, 3]))
    seal.layoutHash = LayoutCodec.hash(ofEncoded: [1, 2, 3])
    #expect(world.apply(.system(.sealVenue(seal))).tag == "refused layout")
    _ = world.apply(part(World.venue, 0, LayoutCodec.encode(World.sections)))
    #expect(world.apply(.system(.sealVenue(World.seal()))).tag == "venue")
}

@Test func partsBeyondTheLimitsAreRefused() {
    var world = World()
    let big = [UInt8](repeating: 0, count: ImportVenuePart.bytesMax + 1)
    #expect(world.apply(part(World.venue, 0, big)).tag == "refused layout")
    #expect(world.apply(part(World.venue, ImportVenuePart.countMax, [])).tag == "refused layout")
}

@Test func abandonedImportsAreBoundedAndForgottenAfterAnHour() {
    var world = World()
    let venues = (0..<33).map { VenueID.derived(owner: "o", key: "\($0)") }
    for venue in venues.dropLast() {
        #expect(world.apply(part(venue, 0, [1])).tag == "done")
    }
    let limit = "refused limit unsealedVenues(max: 32)"
    #expect(world.apply(part(venues[32], 0, [1])).tag == limit)
    world.now = world.now + .seconds(1_800)
    // Another part doesn't lengthen the hour.
    _ = world.apply(part(venues[0], 1, [2]))
    #expect(world.inventory.nextDue(.system) == World.start + .seconds(3_600))
    let expire = Command.system(.expireDue(ExpireDue(limit: 30)))
    _ = world.apply(expire)
    #expect(world.tables[.system].parts.count == 33)
    world.now = world.now + .seconds(1_800)
    _ = world.apply(expire)
    _ = world.apply(expire)
    #expect(world.tables[.system].parts.isEmpty)
    #expect(world.inventory.nextDue(.system) == nil)
    #expect(world.apply(part(venues[32], 0, [1])).tag == "done")
}

@Test func aLayoutIsCutIntoPartsThatJoinAgain() {
    let bytes = (0..<(ImportVenuePart.bytesMax * 2 + 7)).map { UInt8(truncatingIfNeeded: $0) }
    let parts = ImportVenuePart.cut(bytes, of: World.venue)
    #expect(parts.map(\.part) == [0, 1, 2])
    #expect(parts.allSatisfy { $0.count == 3 && $0.bytes.count <= ImportVenuePart.bytesMax })
    #expect(parts.flatMap(\.bytes) == bytes)
    #expect(ImportVenuePart.cut([], of: World.venue).count == 1)
}

@Test func aWebhookIsKeptOnceForThirtyDays() {
    var world = World()
    func keep(_ hash: UInt128) -> Command {
        .system(.keepWebhook(KeepWebhook(provider: "p", bodyHash: hash, body: [1])))
    }
    _ = world.apply(keep(1))
    _ = world.apply(keep(1))
    world.now = world.now + .seconds(1)
    _ = world.apply(keep(2))
    #expect(world.inventory.unmatchedWebhooks == 2)
    world.now = World.start + .seconds(30 * 86_400)
    _ = world.apply(.system(.expireDue(ExpireDue(limit: 10))))
    #expect(world.inventory.unmatchedWebhooks == 1)
    #expect(Array(world.tables[.system].webhooks.keys) == [2])
    _ = world.apply(keep(1))
    #expect(world.inventory.unmatchedWebhooks == 2)
}

@Test func webhooksAreBounded() {
    var inventory = Inventory(shardCount: 1, replayWindow: .seconds(1))
    inventory.beginEntry(LogIndex(1), stamp: World.start)
    for hash in 0..<UInt128(10_001) {
        _ = inventory.apply(
            .system(.keepWebhook(KeepWebhook(provider: "p", bodyHash: hash, body: []))))
    }
    inventory.endEntry()
    #expect(inventory.unmatchedWebhooks == 10_000)
}
