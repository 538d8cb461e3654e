import Inventory
import Primitives
import Testing

/// A random client of a few events, users and keys, who meets its own and others' doings often.
private struct Workload {
    static let seatsPerUserMax = 8
    var world = World()
    var model = ReferenceModel(max: seatsPerUserMax)
    var random: PRNG
    var events: [EventID] = []
    /// The attempt of each (hold, key).
    var attempts: [(hold: HoldID, key: String, view: AttemptView)] = []
    var history: [String] = []

    init(seed: UInt64) {
        random = PRNG(seed: seed)
        world.makeVenue()
        for key in ["a", "b", "c"] {
            let event = world.newEvent(key, maxSeatsPerUser: UInt32(Self.seatsPerUserMax))
            #expect(world.apply(event).tag == "event")
            events.append(event.event)
        }
    }

    mutating func pick(_ bound: Int) -> Int { Int(random.next(below: UInt64(bound))) }

    mutating func step() {
        if pick(4) == 0 {
            world.now = world.now + Milliseconds(Int64(pick(40_000)))
            model.now = world.now.rawValue
        }
        let (expected, actual) =
            switch pick(20) {
            case 0...6: hold()
            case 7, 8: release()
            case 9, 10: amend()
            case 11...13: begin()
            case 14...16: observe()
            case 17: block()
            case 18: cancelOrder()
            default: expire()
            }
        history.append(actual)
        #expect(expected == actual, "step \(history.count)")
    }

    private mutating func someHold() -> HoldID {
        guard !model.holds.isEmpty, pick(50) > 0 else {
            return HoldID(shard: events[0].shard, bits: 1)
        }
        // Mostly a recent one.
        let back = min(pick(12), model.holds.count - 1)
        return model.holds[model.holds.count - 1 - back].id
    }

    private mutating func hold() -> (String, String) {
        if pick(5) == 0, let old = model.holds.last {
            // The newest again: a client that had no answer.
            let command = HoldSeats(
                event: old.event, hold: HoldID(shard: old.event.shard, bits: world.bits()),
                user: old.user, key: old.key, seats: old.asked.map(SeatIndex.init),
                ttlSeconds: old.ttl)
            return (model.hold(command), world.apply(.shard(old.event.shard, .hold(command))).tag)
        }
        var seats: [SeatIndex] = []
        let first = pick(13)
        for offset in 0...pick(3) { seats.append(SeatIndex(UInt32((first + offset * 3) % 13))) }
        let event = events[pick(3)]
        let ttls: [UInt32?] = [nil, 10, 60, 900, 901]
        let command = HoldSeats(
            event: event, hold: HoldID(shard: event.shard, bits: world.bits()),
            user: "u\(pick(4))", key: "k\(pick(60))", seats: seats, ttlSeconds: ttls[pick(5)])
        return (model.hold(command), world.apply(.shard(event.shard, .hold(command))).tag)
    }

    private mutating func release() -> (String, String) {
        let hold = someHold()
        return (model.release(hold), world.release(hold).tag)
    }

    private mutating func amend() -> (String, String) {
        let hold = someHold()
        var drop = (model.holds.first { $0.id == hold }?.asked ?? []).filter { _ in pick(3) == 0 }
        if pick(20) == 0 { drop.append(12) }
        let command = AmendHold(
            hold: hold, extendSeconds: pick(2) == 0 ? UInt32(pick(2_000)) : nil,
            releaseSeats: drop.map(SeatIndex.init), key: nil)
        return (model.amend(command), world.apply(.shard(hold.shard, .amendHold(command))).tag)
    }

    private mutating func begin() -> (String, String) {
        var (hold, key) = (someHold(), "p\(pick(40))")
        if pick(3) == 0, !attempts.isEmpty {
            let old = attempts[attempts.count - 1 - min(pick(4), attempts.count - 1)]
            (hold, key) = (old.hold, old.key)
        }
        let command = BeginPayment(
            hold: hold, key: key, token: "t", provider: "simulated",
            attempt: AttemptID(shard: hold.shard, bits: world.bits()),
            order: OrderID(shard: hold.shard, bits: world.bits()), deadline: .seconds(120))
        let outcome = world.apply(.shard(hold.shard, .beginPayment(command)))
        if case .payment(let view, .first) = outcome { attempts.append((hold, command.key, view)) }
        return (model.begin(command), outcome.tag)
    }

    private mutating func observe() -> (String, String) {
        guard !attempts.isEmpty else { return ("", "") }
        let attempt = attempts[attempts.count - 1 - min(pick(8), attempts.count - 1)]
        let statuses = [ObservePayment.Status.succeeded, .succeeded, .declined, .cancelled]
        let status = statuses[pick(4)]
        let amount = attempt.view.amount + (pick(8) == 0 ? 1 : 0)
        return (
            model.observe(attempt.hold, attempt.key, status, amount: amount),
            world.observe(attempt.view, status, amount: amount).tag
        )
    }

    private mutating func block() -> (String, String) {
        let event = events[pick(3)]
        let seats = (0...pick(3)).map { _ in SeatIndex(UInt32(pick(13))) }
        let command = SetBlocked(
            event: event, seats: seats, target: pick(3) == 0 ? .blocked : .available)
        return (model.block(command), world.apply(.shard(event.shard, .setBlocked(command))).tag)
    }

    private mutating func cancelOrder() -> (String, String) {
        guard !attempts.isEmpty else { return ("", "") }
        let attempt = attempts[attempts.count - 1 - min(pick(8), attempts.count - 1)]
        return (model.cancelOrder(of: attempt.hold), world.cancel(attempt.view.order).tag)
    }

    private mutating func expire() -> (String, String) {
        model.expire()
        world.pass(.zero)
        return ("", "")
    }

    /// Seats, holds and money stand as the model says.
    func check() {
        for event in events {
            let states = world.inventory.seatMap(event)?.states
            #expect(states == (0..<13).map { model.state(event, $0) })
            let counts = world.inventory.counts(of: event)
            #expect(counts?.available == states?.count { $0 == .available })
            #expect(counts?.held == states?.count { $0 == .held || $0 == .paymentPending })
            #expect(counts?.booked == states?.count { $0 == .booked })
            #expect(counts?.blocked == states?.count { $0 == .blocked })
        }
        for hold in model.holds {
            let view = world.inventory.hold(hold.id)
            #expect(view?.seats.map(\.rawValue) == hold.seats)
            #expect(view?.amount == ReferenceModel.price(hold.seats))
            #expect(view?.expiresAt.rawValue == hold.expiresAt)
        }
        let open = model.holds.count { ["held", "pending"].contains($0.status) }
        #expect(world.inventory.activeHolds == open)
        let owed = model.holds.reduce(0) { $0 + $1.attempts.count(where: \.isRefunded) }
        #expect(world.inventory.dueRefunds().count == owed)
        world.tables.checkConservation()
    }
}

@Test(arguments: 1...4 as ClosedRange<UInt64>)
func aRandomSaleAgreesWithTheNaiveRules(seed: UInt64) throws {
    var workload = Workload(seed: seed)
    for step in 1...1_000 {
        workload.step()
        if step % 100 == 0 { workload.check() }
        // A crash between two entries loses nothing and changes nothing.
        if step % 300 == 0 {
            let before = workload.world.inventory.digest
            workload.world.inventory = try workload.world.tables.restarted()
            #expect(workload.world.inventory.digest == before)
        }
    }
    // The workload meets every outcome that it is made to meet.
    let tags = Set(workload.history)
    let wanted = [
        "hold held", "hold held again", "hold released", "refused seats unavailable",
        "refused key reused", "refused expired", "refused released", "refused ttl", "released",
        "refused payment pending", "refused committed", "payment pending", "payment succeeded",
        "payment declined", "payment cancelled", "refused in progress", "order cancelled",
        "refused declined", "blocked", "order confirmed again",
    ]
    for tag in wanted { #expect(tags.contains(tag), "\(tag)") }
}

@Test func twoInventoriesOfOneLogAreEqual() {
    var (one, other) = (Workload(seed: 99), Workload(seed: 99))
    for _ in 0..<1_000 {
        one.step()
        other.step()
        #expect(one.world.inventory.digest == other.world.inventory.digest)
    }
    #expect(one.history == other.history)
    for shard in one.world.inventory.shards {
        #expect(one.world.tables[shard].holds == other.world.tables[shard].holds)
        #expect(one.world.tables[shard].seats == other.world.tables[shard].seats)
        #expect(one.world.tables[shard].payments == other.world.tables[shard].payments)
        #expect(one.world.tables[shard].refunds == other.world.tables[shard].refunds)
    }
}
