import Inventory
import Primitives
import Testing

@Test func aHoldTakesAllItsSeatsAndShowsThemInTheRequestedOrder() throws {
    var (world, event) = World.withEvent()
    let hold = try world.held(event, [12, 3, 4])
    #expect(hold.seats == [12, 3, 4].map(SeatIndex.init))
    #expect(hold.status == .held)
    #expect(hold.amount == 900 + 500 + 500)
    #expect(hold.createdAt == world.now)
    #expect(hold.expiresAt == world.now + .seconds(300))
    #expect(hold.event.revision == Revision(1))
    #expect([12, 3, 4].allSatisfy { world.state(event, $0) == .held })
    #expect(world.inventory.activeHolds == 1)
    #expect(
        world.inventory.counts(of: event)
            == SeatCounts(available: 10, held: 3, booked: 0, blocked: 0))
}

@Test func aHoldOfATakenSeatTakesNoneAndListsEveryConflictInRequestOrder() throws {
    var (world, event) = World.withEvent()
    let booked = try world.held(event, [1])
    _ = world.observe(try world.begun(booked.id), .succeeded)
    _ = try world.begun(try world.held(event, [2]).id, key: "other")
    _ = try world.held(event, [3])
    _ = world.block(event, [4])
    let outcome = world.hold(event, [5, 4, 3, 2, 1])
    #expect(
        outcome.refusal
            == .seatsUnavailable(
                [
                    SeatConflict(seat: SeatIndex(4), state: .blocked),
                    SeatConflict(seat: SeatIndex(3), state: .held),
                    SeatConflict(seat: SeatIndex(2), state: .held),
                    SeatConflict(seat: SeatIndex(1), state: .booked),
                ], in: World.layout))
    #expect(world.state(event, 5) == .available)
}

@Test func aRefusedHoldLeavesNoRecordAndItsKeyMayTryAgain() throws {
    var (world, event) = World.withEvent()
    let first = try world.held(event, [1])
    #expect(world.hold(event, [1], key: "k").tag == "refused seats unavailable")
    _ = world.release(first.id)
    #expect(world.hold(event, [1], key: "k").tag == "hold held")
}

@Test func theSameKeyAndBodyReplaysTheHoldAsItIsNow() throws {
    var (world, event) = World.withEvent()
    let hold = try world.held(event, [1, 2], key: "k", ttl: 60)
    let replay = world.hold(event, [1, 2], key: "k", ttl: 60)
    #expect(replay.tag == "hold held again")
    #expect(replay.hold?.id == hold.id)
    let attempt = try world.begun(hold.id)
    #expect(world.hold(event, [1, 2], key: "k", ttl: 60).tag == "hold paymentPending again")
    _ = world.observe(attempt, .succeeded)
    let booked = world.hold(event, [1, 2], key: "k", ttl: 60)
    #expect(booked.tag == "hold booked again")
    #expect(booked.hold?.order == attempt.order)
}

@Test(
    arguments: [([2, 1], 60), ([1], 60), ([1, 2], nil), ([1, 2], 61)] as [([UInt32], UInt32?)])
func theSameKeyWithAnotherBodyIsRefused(seats: [UInt32], ttl: UInt32?) throws {
    var (world, event) = World.withEvent()
    _ = try world.held(event, [1, 2], key: "k", ttl: 60)
    #expect(world.hold(event, seats, key: "k", ttl: ttl).tag == "refused key reused")
}

@Test func keysAreScopedToEventAndUser() throws {
    var (world, event) = World.withEvent()
    let other = world.newEvent("other")
    _ = world.apply(other)
    _ = try world.held(event, [1], user: "a", key: "k")
    #expect(world.hold(event, [2], user: "b", key: "k").tag == "hold held")
    #expect(world.hold(other.event, [1], user: "a", key: "k").tag == "hold held")
    // Neighbouring texts don't run together.
    #expect(world.hold(event, [3], user: "ab", key: "c").tag == "hold held")
    #expect(world.hold(event, [4], user: "a", key: "bc").tag == "hold held")
}

@Test func theReplayOfAnEndedHoldSaysHowItEnded() throws {
    var (world, event) = World.withEvent()
    let released = try world.held(event, [1], key: "r")
    _ = world.release(released.id)
    #expect(world.hold(event, [1], key: "r").tag == "refused released")
    _ = try world.held(event, [2], key: "x", ttl: 10)
    world.now = world.now + .seconds(10)
    #expect(world.hold(event, [2], key: "x", ttl: 10).tag == "refused expired")
    world.pass(.zero)
    #expect(world.hold(event, [2], key: "x", ttl: 10).tag == "refused expired")
}

@Test func aHoldIdOfAnotherRequestIsNotTakenTwice() throws {
    var (world, event) = World.withEvent()
    let hold = try world.held(event, [1])
    let again = HoldSeats(
        event: event, hold: hold.id, user: "u", key: "another", seats: [SeatIndex(2)],
        ttlSeconds: nil)
    #expect(world.apply(.shard(event.shard, .hold(again))).tag == "refused key reused")
}

@Test func anUnknownEventIsNotFound() {
    var (world, event) = World.withEvent()
    let unknown = EventID(shard: event.shard, bits: 1)
    #expect(world.hold(unknown, [1]).tag == "refused no event")
    #expect(world.block(unknown, [1]).tag == "refused no event")
}

@Test func aHoldBeforeTheSaleIsRefusedWithItsOpening() {
    let opening = World.start + .seconds(60)
    var (world, event) = World.withEvent(onSaleAt: opening)
    #expect(world.hold(event, [1]).refusal == .notOnSale(opensAt: opening))
    world.now = opening
    #expect(world.hold(event, [1]).tag == "hold held")
}

@Test func aTTLOutsideTheEventsBoundsIsRefusedWithThem() {
    var (world, event) = World.withEvent()
    let bounds = HoldTTL(minSeconds: 10, defaultSeconds: 300, maxSeconds: 900)
    #expect(world.hold(event, [1], ttl: 9).refusal == .ttlOutOfRange(bounds))
    #expect(world.hold(event, [1], ttl: 901).refusal == .ttlOutOfRange(bounds))
    #expect(world.hold(event, [1], ttl: 10).tag == "hold held")
    #expect(world.hold(event, [2], ttl: 900).tag == "hold held")
}

@Test func seatsThatAreRepeatedMissingOrTooManyAreRefused() {
    var (world, event) = World.withEvent()
    let limit = "refused limit seatsPerHold(max: 100)"
    #expect(world.hold(event, []).tag == limit)
    #expect(world.hold(event, [1, 2, 1]).tag == limit)
    #expect(world.hold(event, Array(0...100)).tag == limit)
    #expect(world.hold(event, [1, 13]).refusal == .unknownSeat(SeatIndex(13)))
}

@Test func aUserHoldsNoMoreLiveSeatsOfTheEventThanItsLimit() throws {
    var (world, event) = World.withEvent(maxSeatsPerUser: 3)
    let limit = Refusal.limitExceeded(.seatsPerUser(max: 3))
    let first = try world.held(event, [1, 2])
    #expect(world.hold(event, [3, 4]).refusal == limit)
    #expect(world.hold(event, [3, 4], user: "v").tag == "hold held")
    let attempt = try world.begun(first.id)
    #expect(world.hold(event, [5, 6]).refusal == limit)
    _ = world.observe(attempt, .succeeded)
    #expect(world.hold(event, [5, 6]).refusal == limit)
    let third = try world.held(event, [5])
    #expect(world.hold(event, [6]).refusal == limit)
    _ = world.amend(third.id, drop: [5])
    #expect(world.hold(event, [6], ttl: 10).tag == "hold held")
    world.now = world.now + .seconds(10)
    // Lapsed seats don't count, written or not.
    #expect(world.hold(event, [7]).tag == "hold held")
}

@Test func aLapsedHoldCountsAsExpiredEverywhereAndItsSeatsCanBeTaken() throws {
    var (world, event) = World.withEvent()
    let hold = try world.held(event, [1, 2], ttl: 10)
    world.now = world.now + .seconds(10)
    #expect(world.status(hold.id) == .expired)
    #expect(world.begin(hold.id).tag == "refused expired")
    #expect(world.release(hold.id).tag == "refused expired")
    #expect(world.amend(hold.id, extend: 10).tag == "refused expired")
    // Nothing is written yet, so the map stands.
    #expect(world.state(event, 1) == .held)
    #expect(world.hold(event, [2]).tag == "hold held")
    // The lapsed hold has ended wholly.
    #expect(world.state(event, 1) == .available)
    #expect(world.inventory.activeHolds == 1)
}

@Test func aHoldThatHasNotLapsedKeepsItsSeatsToTheLastMillisecond() throws {
    var (world, event) = World.withEvent()
    _ = try world.held(event, [1], ttl: 10)
    world.now = world.now + Milliseconds(9_999)
    #expect(world.hold(event, [1]).tag == "refused seats unavailable")
    world.now = world.now + Milliseconds(1)
    #expect(world.hold(event, [1]).tag == "hold held")
}

@Test func eachSeatChangeRaisesVersionAndSectionAndOneCommandRaisesTheEventOnce() throws {
    var (world, event) = World.withEvent()
    let hold = try world.held(event, [1, 2, 12])
    #expect(world.inventory.event(event)?.revision == Revision(1))
    #expect(world.inventory.sectionRevisions(of: event) == [Revision(2), Revision(1)])
    _ = world.release(hold.id)
    #expect(world.inventory.event(event)?.revision == Revision(2))
    #expect(world.inventory.sectionRevisions(of: event) == [Revision(4), Revision(2)])
    let seat = Tables.SeatKey(event: 1, seat: SeatIndex(12))
    #expect(
        world.tables[event.shard].seats[seat]
            == SeatImage(state: .available, version: 2, holdNumber: 0))
}
