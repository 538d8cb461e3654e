import Inventory
import Primitives
import Testing

@Test func expiryIsWrittenInOrderAndAtMostTheLimitAtOnce() throws {
    var (world, event) = World.withEvent()
    for seat in 0..<UInt32(5) { _ = try world.held(event, [seat], ttl: 15 - seat) }
    let due = world.nextDue(event)
    #expect(due == world.now + .seconds(11))
    world.pass(.seconds(20), limit: 2)
    // The two that ended first.
    #expect(
        (0..<5).map { world.state(event, $0) } == [.held, .held, .held, .available, .available])
    world.pass(.zero, limit: 100)
    #expect(world.inventory.activeHolds == 0)
}

@Test func nothingIsDueOnceEverythingHasEnded() throws {
    var (world, event) = World.withEvent()
    #expect(world.nextDue(event) == nil)
    let hold = try world.held(event, [1])
    #expect(world.nextDue(event) == hold.expiresAt)
    _ = world.release(hold.id)
    // The newest hold is not to be forgotten.
    #expect(world.nextDue(event) == nil)
    let next = try world.held(event, [1])
    #expect(world.nextDue(event) == next.expiresAt)
    _ = world.begin(next.id)
    #expect(world.nextDue(event) == world.now + .seconds(120))
}

@Test func anEndedHoldIsForgottenAfterTheReplayWindow() throws {
    var (world, event) = World.withEvent()
    let hold = try world.held(event, [1], key: "k")
    _ = world.release(hold.id)
    _ = try world.held(event, [2], ttl: 900)
    world.pass(World.replayWindow + Milliseconds(-1))
    #expect(world.status(hold.id) == .released)
    #expect(world.hold(event, [1], key: "k").tag == "refused released")
    world.pass(Milliseconds(1))
    #expect(world.inventory.hold(hold.id) == nil)
    #expect(world.release(hold.id).tag == "refused no hold")
    #expect(world.tables[event.shard].holds.values.allSatisfy { $0.id != hold.id })
    // The key is new again.
    #expect(world.hold(event, [5], key: "k").tag == "hold held")
}

@Test func theNewestHoldOfAShardIsForgottenOnlyAfterAnother() throws {
    var (world, event) = World.withEvent()
    let hold = try world.held(event, [1])
    _ = world.release(hold.id)
    world.pass(World.replayWindow)
    #expect(world.status(hold.id) == .released)
    _ = try world.held(event, [2])
    world.pass(.zero)
    #expect(world.inventory.hold(hold.id) == nil)
}

@Test func aSlotIsUsedAgainWithoutMixingItsHolds() throws {
    var (world, event) = World.withEvent()
    let first = try world.held(event, [1], key: "first")
    _ = world.release(first.id)
    _ = try world.held(event, [2], ttl: 900)
    world.pass(World.replayWindow)
    let reused = try world.held(event, [1], key: "second", ttl: 900)
    #expect(world.inventory.hold(first.id) == nil)
    #expect(world.status(reused.id) == .held)
    // Timers of the slot's former hold don't touch the present one.
    world.pass(.seconds(899))
    #expect(world.status(reused.id) == .held)
}

@Test func anEntryAlreadyAppliedToAShardIsSkippedThere() throws {
    var (world, event) = World.withEvent()
    let hold = try world.held(event, [1])
    var restarted = try world.tables.restarted()
    let before = restarted.digest
    restarted.beginEntry(world.index.next, stamp: world.now)
    _ = restarted.apply(.shard(hold.id.shard, .releaseHold(hold.id)))
    // A second command of the entry is not taken for a later entry's.
    let second = restarted.apply(.shard(hold.id.shard, .releaseHold(hold.id)))
    #expect(second.tag == "released")
    restarted.endEntry()
    #expect(restarted.digest != before)
    #expect(restarted.position(of: event.shard).appliedIndex == world.index.next)
}

@Test func idleShardsMoveWithTheLogAndAreStampedOnRequest() {
    var (world, event) = World.withEvent()
    let idle = world.inventory.shards.first { $0 != event.shard && !$0.isSystem } ?? .system
    world.now = world.now + .seconds(5)
    _ = world.block(event, [0])
    #expect(world.inventory.position(of: idle).appliedIndex == world.index)
    #expect(world.inventory.position(of: idle).clock == world.now)
    let skipped = world.inventory.takeDelta(of: idle, idle: .skip)
    #expect(skipped == nil)
    let delta = world.inventory.takeDelta(of: idle, idle: .stamp)
    #expect(delta?.appliedIndex == world.index)
    #expect(delta?.changes.count == 0)
    world.inventory.passEntry(world.index.next)
    #expect(world.inventory.position(of: idle).appliedIndex == world.index.next)
    #expect(world.inventory.position(of: idle).clock == world.now)
}

@Test func theClockNeverGoesBack() throws {
    var (world, event) = World.withEvent()
    let early = world.now
    world.now = world.now + .seconds(100)
    _ = world.block(event, [0])
    world.now = early
    let hold = try world.held(event, [1])
    #expect(hold.createdAt == early + .seconds(100))
}

@Test func pendingChangesAreCountedUntilTheyAreTaken() throws {
    var (world, event) = World.withEvent()
    #expect(world.inventory.pendingChangeCount == 0)
    let hold = HoldSeats(
        event: event, hold: HoldID(shard: event.shard, bits: 3), user: "u", key: "k",
        seats: [SeatIndex(1), SeatIndex(2)], ttlSeconds: nil)
    world.inventory.beginEntry(world.index.next, stamp: world.now)
    _ = world.inventory.apply(.shard(event.shard, .hold(hold)))
    world.inventory.endEntry()
    // The event, two seats, the hold.
    #expect(world.inventory.pendingChangeCount == 4)
    let taken = world.inventory.takeDelta(of: event.shard, idle: .skip)
    let delta = try #require(taken)
    #expect(delta.changes.count == 4)
    #expect(delta.changes.seats.map(\.after.holdNumber) == [1, 1])
    #expect(world.inventory.pendingChangeCount == 0)
}
