import Inventory
import Primitives
import Testing

// What races between buyers, timers, the provider's answers and its webhooks come to.

private func refundReasons(_ world: World, _ event: EventID) -> [String] {
    world.tables[event.shard].refunds.values.sorted { $0.number < $1.number }.map(\.reason)
}

@Test func expiryAndCommitAreDecidedByTheLogsOrder() throws {
    var (world, event) = World.withEvent()
    let (one, two) = (try world.held(event, [1], ttl: 10), try world.held(event, [2], ttl: 10))
    world.now = world.now + Milliseconds(9_999)
    _ = try world.begun(one.id, key: "a")
    world.pass(Milliseconds(1))
    #expect(world.begin(two.id, key: "b").tag == "refused expired")
    #expect(world.state(event, 1) == .paymentPending)
    #expect(world.state(event, 2) == .available)
    #expect(world.inventory.openAttempts().count == 1)
}

@Test(arguments: [ObservePayment.Status.succeeded, .declined, .cancelled])
func theSameWordTwiceIsTakenOnce(status: ObservePayment.Status) throws {
    var (world, event) = World.withEvent()
    let attempt = try world.begun(try world.held(event, [1]).id)
    #expect(world.observe(attempt, status).tag == "payment \(status)")
    let digest = world.inventory.digest
    #expect(world.observe(attempt, status).tag == "payment \(status) again")
    #expect(world.inventory.digest == digest)
}

@Test(arguments: [ObservePayment.Status.declined, .cancelled])
func successIsFinal(status: ObservePayment.Status) throws {
    var (world, event) = World.withEvent()
    let attempt = try world.begun(try world.held(event, [1]).id)
    _ = world.observe(attempt, .succeeded)
    #expect(world.observe(attempt, status).tag == "payment succeeded again")
    #expect(world.state(event, 1) == .booked)
}

@Test func cancelledAfterDeclinedIsNoNews() throws {
    var (world, event) = World.withEvent()
    let attempt = try world.begun(try world.held(event, [1]).id)
    _ = world.observe(attempt, .declined)
    #expect(world.observe(attempt, .cancelled).tag == "payment declined again")
    #expect(world.state(event, 1) == .held)
}

@Test func successWhileCancellingBooksWithoutARefund() throws {
    var (world, event) = World.withEvent()
    let attempt = try world.begun(try world.held(event, [1], ttl: 10).id)
    world.pass(.seconds(120))
    #expect(world.observe(attempt, .succeeded).tag == "payment succeeded")
    #expect(world.state(event, 1) == .booked)
    #expect(world.inventory.dueRefunds().isEmpty)
}

@Test func declinedWhileCancellingAfterTheHoldsTimeFreesTheSeats() throws {
    var (world, event) = World.withEvent()
    let attempt = try world.begun(try world.held(event, [1], ttl: 10).id)
    world.pass(.seconds(120))
    _ = world.observe(attempt, .declined)
    #expect(world.state(event, 1) == .available)
}

@Test func aLateSuccessOnFreeSeatsBooksThem() throws {
    var (world, event) = World.withEvent()
    let hold = try world.held(event, [1, 2])
    let attempt = try world.begun(hold.id)
    _ = world.observe(attempt, .cancelled)
    #expect(world.state(event, 1) == .available)
    world.now = world.now + .seconds(5)
    #expect(world.observe(attempt, .succeeded).tag == "payment succeeded")
    #expect(world.status(hold.id) == .booked)
    #expect(world.state(event, 2) == .booked)
    #expect(world.inventory.order(attempt.order)?.confirmedAt == world.now)
    #expect(world.begin(hold.id).tag == "order confirmed again")
    #expect(world.inventory.dueRefunds().isEmpty)
}

@Test func aLateSuccessOnATakenSeatIsGivenBack() throws {
    var (world, event) = World.withEvent()
    let hold = try world.held(event, [1, 2])
    let attempt = try world.begun(hold.id)
    _ = world.observe(attempt, .cancelled)
    _ = try world.held(event, [2])
    #expect(world.observe(attempt, .succeeded).tag == "payment succeeded")
    #expect(refundReasons(world, event) == ["seats_taken"])
    #expect(world.inventory.dueRefunds().map(\.amount) == [1_000])
    #expect(world.state(event, 1) == .available)
    #expect(world.status(hold.id) == .expired)
    #expect(world.inventory.order(attempt.order)?.status == .failed)
    #expect(world.observe(attempt, .succeeded).tag == "payment succeeded again")
    #expect(world.inventory.dueRefunds().count == 1)
    #expect(world.begin(hold.id).tag == "refused expired")
}

@Test func aLateSuccessTakesSeatsFromALapsedHold() throws {
    var (world, event) = World.withEvent()
    let attempt = try world.begun(try world.held(event, [1, 2]).id)
    _ = world.observe(attempt, .cancelled)
    let lapsed = try world.held(event, [2, 3], ttl: 10)
    world.now = world.now + .seconds(10)
    #expect(world.observe(attempt, .succeeded).tag == "payment succeeded")
    #expect(world.state(event, 2) == .booked)
    #expect(world.state(event, 3) == .available)
    #expect(world.status(lapsed.id) == .expired)
}

@Test func aLateSuccessOnABlockedSeatIsGivenBack() throws {
    var (world, event) = World.withEvent()
    let attempt = try world.begun(try world.held(event, [1]).id)
    _ = world.observe(attempt, .cancelled)
    _ = world.block(event, [1])
    _ = world.observe(attempt, .succeeded)
    #expect(refundReasons(world, event) == ["seats_taken"])
    #expect(world.state(event, 1) == .blocked)
}

@Test func aLateSuccessAfterADeclineBooksTheHoldThatStillStands() throws {
    var (world, event) = World.withEvent()
    let hold = try world.held(event, [1], ttl: 60)
    let attempt = try world.begun(hold.id)
    _ = world.observe(attempt, .declined)
    world.now = world.now + .seconds(60)
    // Lapsed, not yet written, and its own.
    _ = world.observe(attempt, .succeeded)
    #expect(world.status(hold.id) == .booked)
    world.pass(.seconds(1))
    #expect(world.state(event, 1) == .booked)
}

@Test func aLateSuccessAfterAReleaseBooksIfTheSeatsAreFree() throws {
    var (world, event) = World.withEvent()
    let hold = try world.held(event, [1])
    let attempt = try world.begun(hold.id)
    _ = world.observe(attempt, .declined)
    _ = world.release(hold.id)
    _ = world.observe(attempt, .succeeded)
    #expect(world.status(hold.id) == .booked)
}

@Test func aLateSuccessAfterSeatsWereDroppedIsGivenBack() throws {
    var (world, event) = World.withEvent()
    let hold = try world.held(event, [1, 2])
    let attempt = try world.begun(hold.id)
    _ = world.observe(attempt, .declined)
    _ = world.amend(hold.id, drop: [2])
    _ = world.observe(attempt, .succeeded)
    #expect(refundReasons(world, event) == ["amount_mismatch"])
    #expect(world.status(hold.id) == .held)
    #expect(world.begin(hold.id).tag == "refused declined")
    #expect(world.begin(hold.id, key: "again").tag == "payment pending")
}

@Test func aLateSuccessWhileAnotherAttemptRunsBooksAndCancelsThatOne() throws {
    var (world, event) = World.withEvent()
    let hold = try world.held(event, [1])
    let first = try world.begun(hold.id, key: "a")
    _ = world.observe(first, .declined)
    let second = try world.begun(hold.id, key: "b")
    _ = world.observe(first, .succeeded)
    #expect(world.status(hold.id) == .booked)
    #expect(world.inventory.attempt(second.id)?.status == .cancelling)
    #expect(world.begin(hold.id, key: "b").tag == "order confirmed again")
    #expect(world.observe(second, .cancelled).tag == "payment cancelled")
    #expect(world.state(event, 1) == .booked)
    #expect(world.inventory.order(first.order)?.status == .confirmed)
}

@Test func aSecondSuccessOnABookedOrderIsGivenBack() throws {
    var (world, event) = World.withEvent()
    let hold = try world.held(event, [1])
    let first = try world.begun(hold.id, key: "a")
    _ = world.observe(first, .declined)
    let second = try world.begun(hold.id, key: "b")
    _ = world.observe(second, .succeeded)
    _ = world.observe(first, .succeeded)
    #expect(refundReasons(world, event) == ["second_payment"])
    #expect(world.inventory.dueRefunds().map(\.attempt) == [first.id])
    #expect(world.status(hold.id) == .booked)
    // Cancelling the order gives back the payment that paid it, not the other again.
    _ = world.cancel(first.order)
    #expect(world.inventory.dueRefunds().map(\.attempt) == [first.id, second.id])
}

@Test(arguments: [(499, "EUR"), (501, "EUR"), (500, "USD")] as [(Int64, String)])
func anotherAmountOrCurrencyDeclinesTheAttemptAndIsGivenBack(
    amount: Int64, currency: String
) throws {
    var (world, event) = World.withEvent()
    let hold = try world.held(event, [1])
    let attempt = try world.begun(hold.id)
    let outcome = world.observe(attempt, .succeeded, amount: amount, currency: currency)
    #expect(outcome.tag == "payment declined")
    #expect(refundReasons(world, event) == ["amount_mismatch"])
    #expect(world.inventory.dueRefunds().map(\.amount) == [amount])
    #expect(world.status(hold.id) == .held)
    #expect(world.begin(hold.id).tag == "refused declined")
    // It is known now, whichever of the provider's messages repeats it.
    #expect(
        world.observe(attempt, .succeeded, amount: amount, currency: currency).tag
            == "payment declined again")
    #expect(world.observe(attempt, .succeeded).tag == "payment declined again")
    #expect(world.inventory.dueRefunds().count == 1)
}

@Test func aSuccessOfNothingIsADecline() throws {
    var (world, event) = World.withEvent()
    let attempt = try world.begun(try world.held(event, [1]).id)
    #expect(world.observe(attempt, .succeeded, amount: 0).tag == "payment declined")
    #expect(world.inventory.dueRefunds().isEmpty)
    #expect(world.observe(attempt, .succeeded, amount: 0).tag == "payment declined again")
}

@Test func aLateSuccessOfACancelledOrderIsGivenBack() throws {
    var (world, event) = World.withEvent()
    let hold = try world.held(event, [1])
    let attempt = try world.begun(hold.id)
    _ = world.observe(attempt, .declined)
    _ = world.cancel(attempt.order)
    _ = world.observe(attempt, .succeeded)
    #expect(refundReasons(world, event) == ["order_cancelled"])
    #expect(world.state(event, 1) == .available)
    #expect(world.begin(hold.id).tag == "refused released")
}

@Test func aRefundIdUsedBeforeDoesNotLoseTheRefund() throws {
    var (world, event) = World.withEvent()
    let attempts = [
        try world.begun(try world.held(event, [1]).id, key: "a"),
        try world.begun(try world.held(event, [2]).id, key: "b"),
    ]
    let refund = RefundID(shard: event.shard, bits: 77)
    let outcomes = attempts.map { attempt in
        world.apply(
            .shard(
                event.shard,
                .observePayment(
                    ObservePayment(
                        attempt: attempt.id, status: .succeeded, amount: 1, currency: "EUR",
                        reference: "pi", refund: refund)))
        ).tag
    }
    // Refused, so the provider's message comes again with another id.
    #expect(outcomes == ["payment declined", "refused key reused"])
    #expect(world.observe(attempts[1], .succeeded, amount: 1).tag == "payment declined")
    #expect(world.inventory.dueRefunds().count == 2)
}

@Test func anUnknownAttemptIsNotFound() {
    var (world, event) = World.withEvent()
    let unknown = AttemptView(
        id: AttemptID(shard: event.shard, bits: 1), order: OrderID(shard: event.shard, bits: 1),
        hold: HoldID(shard: event.shard, bits: 1), status: .pending, token: "", provider: "",
        amount: 1, currency: "EUR", deadline: .zero, reference: "")
    #expect(world.observe(unknown, .succeeded).tag == "refused no payment")
}
