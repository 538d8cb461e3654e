import Inventory
import Primitives
import Testing

@Test func releasingFreesTheSeatsAndReleasingAgainSaysTheSame() throws {
    var (world, event) = World.withEvent()
    let hold = try world.held(event, [1, 2])
    #expect(world.release(hold.id).tag == "released")
    #expect(world.state(event, 1) == .available)
    #expect(world.release(hold.id).tag == "released")
    #expect(world.status(hold.id) == .released)
    #expect(world.inventory.activeHolds == 0)
    #expect(world.hold(event, [1, 2]).tag == "hold held")
}

@Test func aHoldThatIsNotHeldIsNeitherReleasedNorAmended() throws {
    var (world, event) = World.withEvent()
    let unknown = HoldID(shard: event.shard, bits: 5)
    #expect(world.release(unknown).tag == "refused no hold")
    #expect(world.amend(unknown, extend: 1).tag == "refused no hold")
    let hold = try world.held(event, [1])
    let attempt = try world.begun(hold.id)
    #expect(world.release(hold.id).tag == "refused payment pending")
    #expect(world.amend(hold.id, drop: [1]).tag == "refused payment pending")
    _ = world.observe(attempt, .succeeded)
    #expect(world.release(hold.id).refusal == .holdCommitted(attempt.order))
    #expect(world.amend(hold.id, drop: [1]).refusal == .holdCommitted(attempt.order))
    let released = try world.held(event, [2])
    _ = world.release(released.id)
    #expect(world.amend(released.id, drop: [2]).tag == "refused released")
    let expired = try world.held(event, [3], ttl: 10)
    world.pass(.seconds(10))
    #expect(world.release(expired.id).tag == "refused expired")
    #expect(world.amend(expired.id, drop: [3]).tag == "refused expired")
}

@Test func aHoldIsExtendedOnceFromItsPresentEnd() throws {
    var (world, event) = World.withEvent()
    let hold = try world.held(event, [1], ttl: 60)
    world.now = world.now + .seconds(30)
    let extended = try #require(world.amend(hold.id, extend: 100).hold)
    #expect(extended.expiresAt == hold.expiresAt + .seconds(100))
    #expect(world.amend(hold.id, extend: 1).tag == "refused limit extensions")
    world.pass(.seconds(129))
    #expect(world.status(hold.id) == .held)
    world.pass(.seconds(1))
    #expect(world.status(hold.id) == .expired)
    #expect(world.state(event, 1) == .available)
}

@Test func anExtensionEndsAtTheEventsMaximumAfterCreation() throws {
    var (world, event) = World.withEvent()
    let hold = try world.held(event, [1], ttl: 800)
    let extended = try #require(world.amend(hold.id, extend: 4_000_000_000).hold)
    #expect(extended.expiresAt == hold.createdAt + .seconds(900))
}

@Test func droppedSeatsLeaveTheHoldAndItsAmount() throws {
    var (world, event) = World.withEvent()
    let hold = try world.held(event, [12, 1, 2])
    let fewer = try #require(world.amend(hold.id, drop: [12, 2]).hold)
    #expect(fewer.seats == [SeatIndex(1)])
    #expect(fewer.amount == 500)
    #expect(world.state(event, 12) == .available)
    // One that was dropped already: no change.
    let revision = world.inventory.event(event)?.revision
    #expect(world.amend(hold.id, drop: [12]).hold?.seats == [SeatIndex(1)])
    #expect(world.inventory.event(event)?.revision == revision)
    #expect(world.amend(hold.id, drop: [3]).refusal == .unknownSeat(SeatIndex(3)))
}

@Test func droppingTheLastSeatReleasesTheHold() throws {
    var (world, event) = World.withEvent()
    let hold = try world.held(event, [1, 2], key: "k")
    let outcome = world.amend(hold.id, drop: [2, 1], key: "a")
    #expect(outcome.tag == "hold released")
    #expect(world.inventory.activeHolds == 0)
    #expect(world.amend(hold.id, drop: [2, 1], key: "a").tag == "hold released again")
    #expect(world.amend(hold.id, drop: [2, 1]).tag == "refused released")
    #expect(world.hold(event, [1, 2], key: "k").tag == "refused released")
}

@Test func anAmendmentWithAKeyIsAppliedOnce() throws {
    var (world, event) = World.withEvent()
    let hold = try world.held(event, [1, 2, 3], ttl: 60)
    let first = try #require(world.amend(hold.id, extend: 10, drop: [3], key: "a").hold)
    let replay = world.amend(hold.id, extend: 10, drop: [3], key: "a")
    #expect(replay.tag == "hold held again")
    #expect(replay.hold?.expiresAt == first.expiresAt)
    #expect(world.amend(hold.id, extend: 11, drop: [3], key: "a").tag == "refused key reused")
    #expect(world.amend(hold.id, extend: 10, drop: [2], key: "a").tag == "refused key reused")
    #expect(world.amend(hold.id, drop: [2], key: "b").tag == "hold held")
    #expect(world.amend(hold.id, extend: 10, drop: [3], key: "a").tag == "hold held again")
}

@Test func aHoldRemembersSixteenAmendmentsWithAKey() throws {
    var (world, event) = World.withEvent()
    let hold = try world.held(event, [1, 2])
    for key in 0..<AmendHold.recordsMax {
        #expect(world.amend(hold.id, drop: [2], key: "k\(key)").tag == "hold held")
    }
    #expect(world.amend(hold.id, drop: [2], key: "more").tag == "refused limit amendments")
    #expect(world.amend(hold.id, drop: [2], key: "k0").tag == "hold held again")
    #expect(world.amend(hold.id, drop: [2]).tag == "hold held")
}

@Test func onlyFreeSeatsAreBlockedAndOnlyBlockedOnesUnblocked() throws {
    var (world, event) = World.withEvent()
    _ = try world.held(event, [1])
    #expect(
        world.block(event, [0, 1]).refusal
            == .seatsUnavailable(
                [SeatConflict(seat: SeatIndex(1), state: .held)], in: World.layout))
    #expect(world.state(event, 0) == .available)
    #expect(world.block(event, [0, 2, 2]).tag == "blocked")
    #expect(world.inventory.counts(of: event)?.blocked == 2)
    #expect(world.hold(event, [0]).tag == "refused seats unavailable")
    #expect(
        world.block(event, [0, 1], .available).refusal
            == .seatsUnavailable(
                [SeatConflict(seat: SeatIndex(1), state: .held)], in: World.layout))
    #expect(world.block(event, [0, 2, 3], .available).tag == "blocked")
    #expect(world.inventory.counts(of: event)?.blocked == 0)
    #expect(world.block(event, [99]).refusal == .unknownSeat(SeatIndex(99)))
}

@Test func blockingWhatIsBlockedChangesNothing() {
    var (world, event) = World.withEvent()
    _ = world.block(event, [0])
    let revision = world.inventory.event(event)?.revision
    #expect(world.block(event, [0]).tag == "blocked")
    #expect(world.block(event, [5], .available).tag == "blocked")
    #expect(world.inventory.event(event)?.revision == revision)
}

@Test func aLapsedHoldsSeatCanBeBlockedAndTheHoldEndsWholly() throws {
    var (world, event) = World.withEvent()
    let hold = try world.held(event, [1, 2], ttl: 10)
    world.now = world.now + .seconds(10)
    #expect(world.block(event, [1], .available).tag == "blocked")
    #expect(world.state(event, 1) == .held)
    #expect(world.block(event, [1]).tag == "blocked")
    #expect(world.state(event, 1) == .blocked)
    #expect(world.state(event, 2) == .available)
    #expect(world.status(hold.id) == .expired)
}
