import Inventory
import Primitives
import Testing

/// A world with every kind of row in every kind of state.
private func busyWorld() throws -> (World, EventID) {
    var (world, event) = World.withEvent(maxSeatsPerUser: 20)
    let booked = try world.begun(try world.held(event, [0, 1], key: "booked").id, key: "a")
    _ = world.observe(booked, .succeeded)
    _ = try world.begun(try world.held(event, [2], key: "pending").id, key: "b")
    _ = try world.held(event, [3], key: "held", ttl: 60)
    _ = world.release(try world.held(event, [4], key: "released").id)
    let late = try world.begun(try world.held(event, [5], key: "late").id, key: "c")
    _ = world.observe(late, .cancelled)
    _ = try world.held(event, [5], user: "v", key: "taker", ttl: 10)
    _ = world.observe(late, .succeeded)
    _ = world.block(event, [6])
    let amended = try world.held(event, [7, 8], key: "amended")
    _ = world.amend(amended.id, extend: 5, drop: [8], key: "amendment")
    let cancelled = try world.begun(try world.held(event, [9], key: "cancelled").id, key: "d")
    _ = world.observe(cancelled, .succeeded)
    _ = world.cancel(cancelled.order)
    let part = ImportVenuePart(
        venue: VenueID.derived(owner: "o", key: "half"), part: 0, count: 2, bytes: [1])
    _ = world.apply(.system(.importVenuePart(part)))
    _ = world.apply(
        .system(.keepWebhook(KeepWebhook(provider: "p", bodyHash: 9, body: [1]))))
    return (world, event)
}

@Test func aRestartFromTheFilesGivesTheSameInventory() throws {
    var (world, event) = try busyWorld()
    let before = world.inventory
    world.inventory = try world.tables.restarted()
    for shard in before.shards {
        #expect(world.inventory.position(of: shard).digest == before.position(of: shard).digest)
    }
    #expect(world.inventory.counts(of: event) == before.counts(of: event))
    #expect(world.inventory.seatMap(event)?.states == before.seatMap(event)?.states)
    #expect(world.inventory.event(event)?.revision == before.event(event)?.revision)
    #expect(world.inventory.sectionRevisions(of: event) == before.sectionRevisions(of: event))
    #expect(world.inventory.openAttempts() == before.openAttempts())
    #expect(world.inventory.dueRefunds() == before.dueRefunds())
    #expect(world.inventory.activeHolds == before.activeHolds)
    #expect(world.inventory.unmatchedWebhooks == 1)
    #expect(
        world.inventory.orders(ofUser: "u").map(\.id) == before.orders(ofUser: "u").map(\.id))
    #expect(world.inventory.layout(World.seal().layoutHash) != nil)
    #expect(
        world.inventory.events(from: nil, to: nil, words: [], after: nil, limit: 9).count == 1)
}

@Test func aRestartedInventoryGoesOnAsTheOther() throws {
    var (world, event) = try busyWorld()
    var restarted = world
    restarted.inventory = try world.tables.restarted()
    func goOn(_ world: inout World) throws -> [String] {
        var tags = [
            world.hold(event, [3], key: "held", ttl: 60).tag,
            world.hold(event, [4], key: "released").tag,
            world.hold(event, [7, 8], key: "amended").tag,
            world.hold(event, [0, 1], key: "booked").tag,
        ]
        world.pass(.seconds(130))
        tags.append(world.hold(event, [3, 4, 5], user: "v").tag)
        tags.append(world.hold(event, Array(10...12)).tag)
        for attempt in world.inventory.openAttempts() {
            tags.append(world.observe(attempt, .succeeded).tag)
        }
        world.pass(World.replayWindow)
        tags.append(world.hold(event, [4], key: "released").tag)
        tags.append("\(world.inventory.digest)")
        return tags
    }
    let (one, other) = (try goOn(&world), try goOn(&restarted))
    #expect(one == other)
    #expect(world.tables[event.shard].holds == restarted.tables[event.shard].holds)
    #expect(world.tables[event.shard].seats == restarted.tables[event.shard].seats)
    #expect(one.first == "hold held again")
}

@Test func anEventShardAheadOfTheSystemShardWaitsForItsLayout() throws {
    let (world, event) = World.withEvent()
    var inventory = Inventory(shardCount: World.shardCount, replayWindow: World.replayWindow)
    try inventory.restore(world.tables.image(of: event.shard))
    #expect(inventory.smallestAppliedIndex == .zero)
    #expect(inventory.largestAppliedIndex == LogIndex(3))
    #expect(inventory.event(event) == nil)
    #expect(inventory.seatMap(event) == nil)
    #expect(
        inventory.events(from: nil, to: nil, words: [], after: nil, limit: 9).isEmpty)
    // Replay of the log: part, seal, event. Only the system shard takes part.
    let bytes = LayoutCodec.encode(World.sections)
    let commands: [Command] =
        ImportVenuePart.cut(bytes, of: World.venue).map { .system(.importVenuePart($0)) }
        + [
            .system(.sealVenue(World.seal())),
            .shard(event.shard, .createEvent(world.newEvent("e"))),
        ]
    for (index, command) in commands.enumerated() {
        inventory.beginEntry(LogIndex(UInt64(index + 1)), stamp: World.start)
        _ = inventory.apply(command)
        inventory.endEntry()
    }
    #expect(inventory.event(event)?.content.layout.seatCount == 13)
    #expect(inventory.seatMap(event)?.states.count == 13)
    #expect(inventory.digest == world.inventory.digest)
}

@Test func anEventIsDecidedTheSameWhereverTheSystemShardIs() throws {
    // In the log the event comes before its venue is sealed, so it was refused.
    var world = World()
    let early = world.newEvent("early")
    #expect(world.apply(early).tag == "refused no venue")
    world.makeVenue()
    // Replayed by a node whose system shard is already beyond.
    var inventory = Inventory(shardCount: World.shardCount, replayWindow: World.replayWindow)
    try inventory.restore(world.tables.image(of: .system))
    inventory.beginEntry(LogIndex(1), stamp: World.start)
    let outcome = inventory.apply(.shard(early.event.shard, .createEvent(early)))
    inventory.endEntry()
    #expect(outcome.tag == "refused no venue")
}

@Test func aFileThatDiffersFromItsDigestIsRefused() throws {
    let (world, event) = try busyWorld()
    func error(_ change: (inout ShardImage) -> Void) -> InventoryRestoreError? {
        var image = world.tables.image(of: event.shard)
        change(&image)
        var inventory = Inventory(shardCount: World.shardCount, replayWindow: World.replayWindow)
        do throws(InventoryRestoreError) {
            try inventory.restore(image)
            return nil
        } catch { return error }
    }
    func isMismatch(_ error: InventoryRestoreError?) -> Bool {
        if case .digestMismatch = error { true } else { false }
    }
    func isInconsistent(_ error: InventoryRestoreError?) -> Bool {
        if case .inconsistent = error { true } else { false }
    }
    #expect(error { _ in } == nil)
    #expect(isMismatch(error { $0.digest &+= 1 }))
    #expect(isMismatch(error { $0.seats[0].images[4].version += 1 }))
    #expect(isMismatch(error { $0.events[0].revision = Revision(1) }))
    #expect(isMismatch(error { $0.refunds[0].amount += 1 }))
    #expect(isMismatch(error { $0.payments[0].token = "other" }))
    #expect(isMismatch(error { $0.orders[0].user = "w" }))
    #expect(isInconsistent(error { $0.seats[0].images[0].state = .held }))
    #expect(isInconsistent(error { $0.seats[0].images[0].holdNumber = 99 }))
    #expect(isInconsistent(error { $0.seats[0].images[3] = .initial }))
    #expect(isInconsistent(error { $0.seats[0].images.removeLast() }))
    #expect(isInconsistent(error { $0.holds.append($0.holds[0]) }))
    #expect(isInconsistent(error { $0.events.removeAll() }))
    #expect(isInconsistent(error { $0.orders.removeFirst() }))
    #expect(isInconsistent(error { $0.payments.removeAll() }))
    #expect(error { $0.shard = ShardID(9) } == .unknownShard(ShardID(9)))
}

@Test func aSystemShardWithoutItsPartsIsRefused() {
    let (world, _) = World.withEvent()
    var image = world.tables.image(of: .system)
    image.venueParts.removeAll()
    var inventory = Inventory(shardCount: World.shardCount, replayWindow: World.replayWindow)
    #expect(throws: InventoryRestoreError.self) { try inventory.restore(image) }
    image = world.tables.image(of: .system)
    image.digest &+= 1
    #expect(throws: InventoryRestoreError.self) { try inventory.restore(image) }
}

@Test func endedHoldsDontCountInTheDigest() throws {
    var (world, event) = World.withEvent()
    var other = world
    // One world forgets a hold, the other never had time to.
    for _ in 0..<2 { _ = world.release(try world.held(event, [1]).id) }
    for _ in 0..<2 { _ = other.release(try other.held(event, [1]).id) }
    world.pass(World.replayWindow)
    #expect(world.tables[event.shard].holds.count == 1)
    #expect(other.tables[event.shard].holds.count == 2)
    #expect(
        world.inventory.position(of: event.shard).digest
            == other.inventory.position(of: event.shard).digest)
}

@Test(
    arguments: [
        (.unknownShard(ShardID(9)), "the cluster has no shard 9"),
        (
            .digestMismatch(stored: 0xAB, computed: 1),
            "its rows have the digest 0000000000000001, and 00000000000000ab was stored with them: "
                + "they were changed by hand, or the disk lies. Keep a copy, and set this node up "
                + "anew"
        ),
        (
            .inconsistent("hold 7 of event 9"),
            "its rows contradict each other at hold 7 of event 9. Keep a copy, and set this node "
                + "up anew"
        ),
    ] as [(InventoryRestoreError, String)])
func aFileThatCannotBeLoadedSaysWhatToDo(_ error: InventoryRestoreError, _ words: String) {
    #expect(error.description == words)
}
