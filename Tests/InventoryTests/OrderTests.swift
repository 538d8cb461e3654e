import Inventory
import Primitives
import Testing

@Test func cancellingAConfirmedOrderFreesItsSeatsAndOwesTheRefund() throws {
    var (world, event) = World.withEvent()
    let hold = try world.held(event, [1, 12])
    let attempt = try world.begun(hold.id)
    _ = world.observe(attempt, .succeeded)
    #expect(world.cancel(attempt.order).tag == "order cancelled")
    #expect(world.state(event, 1) == .available)
    #expect(world.status(hold.id) == .released)
    let refund = try #require(world.inventory.dueRefunds().first)
    #expect(refund.attempt == attempt.id)
    #expect(refund.amount == 1_400)
    #expect(refund.paymentReference == "pi_1")
    #expect(refund.status == .due)
    #expect(world.cancel(attempt.order).tag == "order cancelled again")
    #expect(world.inventory.dueRefunds().count == 1)
    // The seats are for sale again; the order and its hold stay known.
    #expect(world.hold(event, [1]).tag == "hold held")
    world.pass(.seconds(100_000))
    #expect(world.inventory.order(attempt.order)?.status == .cancelled)
    #expect(world.release(hold.id).tag == "released")
}

@Test func anOrderInPaymentIsNotCancelled() throws {
    var (world, event) = World.withEvent()
    let attempt = try world.begun(try world.held(event, [1]).id)
    #expect(world.cancel(attempt.order).tag == "refused payment pending")
    #expect(world.cancel(OrderID(shard: event.shard, bits: 1)).tag == "refused no order")
}

@Test func cancellingAFailedOrderOwesNothingAndReleasesAHoldThatStands() throws {
    var (world, event) = World.withEvent()
    let hold = try world.held(event, [1])
    let attempt = try world.begun(hold.id)
    _ = world.observe(attempt, .declined)
    #expect(world.cancel(attempt.order).tag == "order cancelled")
    #expect(world.inventory.dueRefunds().isEmpty)
    #expect(world.status(hold.id) == .released)
    #expect(world.state(event, 1) == .available)
}

@Test func cancellingAFailedOrderLeavesALapsedHoldExpired() throws {
    var (world, event) = World.withEvent()
    let hold = try world.held(event, [1], ttl: 10)
    let attempt = try world.begun(hold.id)
    _ = world.observe(attempt, .declined)
    world.now = world.now + .seconds(10)
    #expect(world.cancel(attempt.order).tag == "order cancelled")
    #expect(world.status(hold.id) == .expired)
    #expect(world.state(event, 1) == .available)
}

@Test func aRefundIsConfirmedOnce() throws {
    var (world, event) = World.withEvent()
    let attempt = try world.begun(try world.held(event, [1]).id)
    _ = world.observe(attempt, .succeeded)
    _ = world.cancel(attempt.order)
    let refund = try #require(world.inventory.dueRefunds().first)
    let command = Command.shard(
        event.shard, .observeRefund(ObserveRefund(refund: refund.id, reference: "re_1")))
    #expect(world.apply(command).tag == "done")
    #expect(world.inventory.dueRefunds().isEmpty)
    #expect(world.inventory.refund(refund.id)?.status == .confirmed)
    #expect(world.tables[event.shard].refunds[1]?.reference == "re_1")
    let digest = world.inventory.digest
    #expect(world.apply(command).tag == "done")
    #expect(world.inventory.digest == digest)
    let unknown = ObserveRefund(refund: RefundID(shard: event.shard, bits: 1), reference: "")
    #expect(world.apply(.shard(event.shard, .observeRefund(unknown))).tag == "refused no refund")
}

@Test func freeSeatsAreBookedAndCancelledWithoutARefund() throws {
    var world = World()
    world.makeVenue()
    var free = world.newEvent("free")
    free.prices = [SectionPrice(section: "*", amount: 0)]
    _ = world.apply(free)
    let attempt = try world.begun(try world.held(free.event, [1]).id)
    #expect(world.observe(attempt, .succeeded).tag == "payment succeeded")
    #expect(world.cancel(attempt.order).tag == "order cancelled")
    #expect(world.inventory.dueRefunds().isEmpty)
}

@Test func aUsersOrdersOfAllShardsComeByCreation() throws {
    var world = World()
    world.makeVenue()
    var orders: [OrderID] = []
    for key in ["a", "b", "c", "d", "e"] {
        let event = world.newEvent(key)
        _ = world.apply(event)
        let attempt = try world.begun(try world.held(event.event, [1]).id, key: key)
        _ = world.begin(try world.held(event.event, [2], user: "v").id, key: key)
        orders.append(attempt.order)
        world.now = world.now + .seconds(1)
    }
    #expect(Set(orders.map(\.shard)).count > 1)
    #expect(world.inventory.orders(ofUser: "u").map(\.id) == orders)
    #expect(world.inventory.orders(ofUser: "nobody").isEmpty)
}
