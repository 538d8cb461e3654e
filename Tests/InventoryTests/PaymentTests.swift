import Inventory
import Primitives
import Testing

@Test func beginningAPaymentFencesTheSeatsAndOpensTheOrder() throws {
    var (world, event) = World.withEvent()
    let hold = try world.held(event, [1, 12])
    let attempt = try world.begun(hold.id)
    #expect(attempt.status == .pending)
    #expect(attempt.amount == 1_400)
    #expect(attempt.currency == "EUR")
    #expect(attempt.deadline == world.now + .seconds(120))
    #expect(world.status(hold.id) == .paymentPending)
    #expect(world.state(event, 1) == .paymentPending)
    let order = try #require(world.inventory.order(attempt.order))
    #expect(order.status == .pending)
    #expect(order.seats == hold.seats)
    #expect(order.payments.map(\.status) == [.pending])
    #expect(world.inventory.openAttempts() == [attempt])
    #expect(world.inventory.activeHolds == 1)
    // The hold's time no longer counts.
    world.pass(.seconds(10_000))
    #expect(world.state(event, 1) == .paymentPending)
}

@Test func aHoldThatIsNotHeldStartsNoPayment() throws {
    var (world, event) = World.withEvent()
    #expect(world.begin(HoldID(shard: event.shard, bits: 1)).tag == "refused no hold")
    let released = try world.held(event, [1])
    _ = world.release(released.id)
    #expect(world.begin(released.id).tag == "refused released")
    let expired = try world.held(event, [2], ttl: 10)
    world.pass(.seconds(10))
    #expect(world.begin(expired.id).tag == "refused expired")
    #expect(world.inventory.openAttempts().isEmpty)
}

@Test func successBooksTheSeatsAndConfirmsTheOrder() throws {
    var (world, event) = World.withEvent()
    let hold = try world.held(event, [1, 2])
    let attempt = try world.begun(hold.id)
    world.now = world.now + .seconds(1)
    let outcome = world.observe(attempt, .succeeded)
    #expect(outcome.tag == "payment succeeded")
    #expect(outcome.payment?.reference == "pi_1")
    let order = try #require(world.inventory.order(attempt.order))
    #expect(order.status == .confirmed)
    #expect(order.confirmedAt == world.now)
    #expect(world.status(hold.id) == .booked)
    #expect(world.inventory.hold(hold.id)?.order == attempt.order)
    #expect(world.state(event, 1) == .booked)
    #expect(world.inventory.activeHolds == 0)
    #expect(world.inventory.openAttempts().isEmpty)
    // Booked for good.
    world.pass(.seconds(100_000))
    #expect(world.state(event, 2) == .booked)
    #expect(world.inventory.hold(hold.id) != nil)
}

@Test func aDeclinedAttemptLeavesTheHoldItsRemainingTime() throws {
    var (world, event) = World.withEvent()
    let hold = try world.held(event, [1], ttl: 60)
    let attempt = try world.begun(hold.id)
    world.now = world.now + .seconds(59)
    #expect(world.observe(attempt, .declined).tag == "payment declined")
    #expect(world.status(hold.id) == .held)
    #expect(world.state(event, 1) == .held)
    #expect(world.inventory.order(attempt.order)?.status == .failed)
    world.pass(.seconds(1))
    #expect(world.status(hold.id) == .expired)
    #expect(world.state(event, 1) == .available)
}

@Test func aDeclinedAttemptAfterTheHoldsTimeExpiresIt() throws {
    var (world, event) = World.withEvent()
    let hold = try world.held(event, [1], ttl: 10)
    let attempt = try world.begun(hold.id)
    world.now = world.now + .seconds(10)
    _ = world.observe(attempt, .declined)
    #expect(world.status(hold.id) == .expired)
    #expect(world.state(event, 1) == .available)
    #expect(world.inventory.activeHolds == 0)
}

@Test func aCancelledAttemptFreesTheSeatsAndExpiresTheHold() throws {
    var (world, event) = World.withEvent()
    let hold = try world.held(event, [1])
    let attempt = try world.begun(hold.id)
    #expect(world.observe(attempt, .cancelled).tag == "payment cancelled")
    #expect(world.status(hold.id) == .expired)
    #expect(world.state(event, 1) == .available)
    #expect(world.inventory.order(attempt.order)?.status == .failed)
    #expect(world.begin(hold.id).tag == "refused expired")
}

@Test func anAttemptPastItsDeadlineIsCancellingAndItsSeatsStayFenced() throws {
    var (world, event) = World.withEvent()
    let hold = try world.held(event, [1])
    let attempt = try world.begun(hold.id)
    world.pass(.seconds(119))
    #expect(world.inventory.attempt(attempt.id)?.status == .pending)
    world.pass(.seconds(1))
    #expect(world.inventory.attempt(attempt.id)?.status == .cancelling)
    #expect(world.inventory.openAttempts().map(\.id) == [attempt.id])
    #expect(world.state(event, 1) == .paymentPending)
    #expect(world.inventory.order(attempt.order)?.status == .pending)
    #expect(world.observe(attempt, .cancelled).tag == "payment cancelled")
    #expect(world.state(event, 1) == .available)
}

@Test func theSameCommitKeyFindsItsAttemptWhateverBecameOfIt() throws {
    var (world, event) = World.withEvent()
    let hold = try world.held(event, [1], ttl: 60)
    let first = try world.begun(hold.id, key: "a")
    #expect(world.begin(hold.id, key: "a").tag == "payment pending again")
    #expect(world.begin(hold.id, key: "b").tag == "refused in progress")
    _ = world.observe(first, .declined)
    #expect(world.begin(hold.id, key: "a").tag == "refused declined")
    let second = try world.begun(hold.id, key: "b")
    #expect(second.order == first.order)
    #expect(world.inventory.order(first.order)?.payments.map(\.status) == [.declined, .pending])
    _ = world.observe(second, .succeeded)
    #expect(world.begin(hold.id, key: "b").tag == "order confirmed again")
    #expect(world.begin(hold.id, key: "c").tag == "order confirmed again")
    #expect(world.begin(hold.id, key: "a").tag == "refused declined")
}

@Test func theReplayOfADeclinedCommitSaysSoEvenAfterTheHoldHasLapsed() throws {
    var (world, event) = World.withEvent()
    let hold = try world.held(event, [1], ttl: 60)
    _ = world.observe(try world.begun(hold.id), .declined)
    world.pass(.seconds(60))
    #expect(world.begin(hold.id).tag == "refused declined")
    #expect(world.begin(hold.id, key: "another").tag == "refused expired")
    world.pass(.seconds(100_000))
    // A hold with an attempt is never forgotten.
    #expect(world.begin(hold.id).tag == "refused declined")
}

@Test func aCommitKeyUsedForAnotherHoldIsRefused() throws {
    var (world, event) = World.withEvent()
    let (one, two) = (try world.held(event, [1]), try world.held(event, [2]))
    let other = try world.held(event, [3], user: "v")
    _ = try world.begun(one.id, key: "k")
    #expect(world.begin(two.id, key: "k").tag == "refused key reused")
    #expect(world.begin(other.id, key: "k").tag == "payment pending")
}

@Test func aCommitOfACancelledOrderReplaysAsReleased() throws {
    var (world, event) = World.withEvent()
    let hold = try world.held(event, [1])
    let attempt = try world.begun(hold.id)
    _ = world.observe(attempt, .succeeded)
    _ = world.cancel(attempt.order)
    #expect(world.begin(hold.id).tag == "refused released")
}

@Test func idsOfAnotherAttemptAreNotTakenTwice() throws {
    var (world, event) = World.withEvent()
    let attempt = try world.begun(try world.held(event, [1]).id)
    let hold = try world.held(event, [2])
    var again = BeginPayment(
        hold: hold.id, key: "k", token: "t", provider: "p", attempt: attempt.id,
        order: OrderID(shard: event.shard, bits: 4), deadline: .seconds(1))
    #expect(world.apply(.shard(event.shard, .beginPayment(again))).tag == "refused key reused")
    again.attempt = AttemptID(shard: event.shard, bits: 5)
    again.order = attempt.order
    #expect(world.apply(.shard(event.shard, .beginPayment(again))).tag == "refused key reused")
}

@Test func theAmountChargedIsTheHoldsWhenThePaymentStarts() throws {
    var (world, event) = World.withEvent()
    let hold = try world.held(event, [1, 12])
    let first = try world.begun(hold.id, key: "a")
    _ = world.observe(first, .declined)
    _ = world.amend(hold.id, drop: [12])
    let second = try world.begun(hold.id, key: "b")
    #expect(second.amount == 500)
    let order = try #require(world.inventory.order(second.order))
    #expect(order.seats == [SeatIndex(1)])
    #expect(order.amount == 500)
}
