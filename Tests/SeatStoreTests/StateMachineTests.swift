import Inventory
import Primitives
import SeatStore
import Testing

/// The real state machine under random commands, its deltas written behind it.
private struct Sale {
    static let shardCount = 2
    static let replayWindow = Milliseconds.seconds(60)
    static let shards = [ShardID(0), ShardID(1), .system]

    var inventory = Inventory(shardCount: shardCount, replayWindow: replayWindow)
    private var random: PRNG
    private var index = LogIndex.zero
    private var now = WallTime(1_795_343_400_000)
    private var drawn: UInt128 = 0
    private var holds: [HoldID] = []
    private var attempts: [AttemptID] = []
    private var orders: [OrderID] = []
    private let events: [CreateEvent]

    init(seed: UInt64) {
        random = PRNG(seed: seed)
        let venue = VenueID.derived(owner: "organizer", key: "arena")
        events = (0..<3).map { number in
            CreateEvent(
                event: EventID.derived(
                    owner: "organizer", key: "event-\(number)", shardCount: Self.shardCount),
                owner: "organizer", bodyHash: 1, name: "Event \(number)", venue: venue,
                startsAt: WallTime(1_800_000_000_000), onSaleAt: nil, currency: "EUR",
                prices: [SectionPrice(section: "*", amount: 700)],
                ttl: HoldTTL(minSeconds: 1, defaultSeconds: 20, maxSeconds: 900),
                maxSeatsPerUser: nil)
        }
        let sections = [
            LayoutSection(
                id: "S", name: "Stalls", color: nil,
                rows: [LayoutRow(id: "A", seats: .range(first: 1, last: 30))])
        ]
        let bytes = LayoutCodec.encode(sections)
        let parts = ImportVenuePart.cut(bytes, of: venue)
        for part in parts { apply(.system(.importVenuePart(part))) }
        let seal = SealVenue(
            venue: venue, owner: "organizer", name: "Arena", partCount: UInt32(parts.count),
            layoutHash: LayoutCodec.hash(ofEncoded: bytes), bodyHash: 2)
        apply(.system(.sealVenue(seal)))
        for event in events { apply(.shard(event.event.shard, .createEvent(event))) }
    }

    private mutating func apply(_ command: Command) {
        index = index.next
        inventory.beginEntry(index, stamp: now)
        _ = inventory.apply(command)
        inventory.endEntry()
    }

    private mutating func draw() -> UInt128 {
        drawn += 1
        return drawn << 64 | UInt128(random.next())
    }

    private mutating func pick<Element>(_ elements: [Element]) -> Element? {
        elements.isEmpty ? nil : elements[random.next(in: 0...(elements.count - 1))]
    }

    mutating func step() {
        now = now + Milliseconds(Int64(random.next(below: 1_500)))
        switch random.next(below: 12) {
        case 0...4: holdSeats()
        case 5:
            guard let hold = pick(holds) else { return }
            apply(.shard(hold.shard, .releaseHold(hold)))
        case 6, 7: beginPayment()
        case 8, 9: observePayment()
        case 10:
            guard let order = pick(orders) else { return }
            let refund = RefundID(shard: order.shard, bits: draw())
            apply(.shard(order.shard, .cancelOrder(CancelOrder(order: order, refund: refund))))
        default:
            for shard in Self.shards where !shard.isSystem {
                apply(.shard(shard, .expireDue(ExpireDue(limit: 50))))
            }
        }
    }

    private mutating func holdSeats() {
        let event = events[random.next(in: 0...2)].event
        let first = UInt32(random.next(below: 28))
        let hold = HoldID(shard: event.shard, bits: draw())
        holds.append(hold)
        apply(
            .shard(
                event.shard,
                .hold(
                    HoldSeats(
                        event: event, hold: hold, user: "user", key: "key-\(drawn)",
                        seats: [SeatIndex(first + 2), SeatIndex(first)], ttlSeconds: nil))))
    }

    private mutating func beginPayment() {
        guard let hold = pick(holds.suffix(8) + []) else { return }
        let attempt = AttemptID(shard: hold.shard, bits: draw())
        let order = OrderID(shard: hold.shard, bits: draw())
        attempts.append(attempt)
        orders.append(order)
        apply(
            .shard(
                hold.shard,
                .beginPayment(
                    BeginPayment(
                        hold: hold, key: "pay-\(drawn)", token: "tok_visa", provider: "simulated",
                        attempt: attempt, order: order, deadline: .seconds(10)))))
    }

    private mutating func observePayment() {
        guard let attempt = pick(attempts),
            let status = ObservePayment.Status(rawValue: UInt8(1 + random.next(below: 3)))
        else { return }
        let refund = RefundID(shard: attempt.shard, bits: draw())
        apply(
            .shard(
                attempt.shard,
                .observePayment(
                    ObservePayment(
                        attempt: attempt, status: status, amount: 1_400, currency: "EUR",
                        reference: "ch_\(drawn)", refund: refund))))
    }

    /// What has changed since the last call; with `.stamp`, for idle shards too.
    mutating func takeDeltas(idle: IdleShard, after store: SeatStore) -> [ShardDelta] {
        var deltas: [ShardDelta] = []
        for shard in Self.shards
        where inventory.position(of: shard).appliedIndex > store[shard].appliedIndex {
            if let delta = inventory.takeDelta(of: shard, idle: idle) { deltas.append(delta) }
        }
        return deltas
    }
}

@Suite struct TheStateMachinesRows {
    @Test(arguments: UInt64(1)...10)
    func bringItBackAsItWas(_ seed: UInt64) throws {
        let directory = try TemporaryDirectory()
        let identity = identity(shardCount: Sale.shardCount)
        var sale = Sale(seed: seed)
        var random = PRNG(seed: seed &+ 7)
        var store = try SeatStore(directory: directory.path, identity: identity, mode: .create)
        for round in 0..<8 {
            // Several deltas of one shard make one transaction.
            var deltas: [ShardDelta] = []
            for _ in 0...random.next(below: 3) {
                for _ in 0..<random.next(below: 60) { sale.step() }
                deltas += sale.takeDeltas(idle: .skip, after: store)
            }
            try store.write(deltas)
            try store.write(sale.takeDeltas(idle: .stamp, after: store))
            if round % 3 == 2 {
                store = try SeatStore(
                    directory: directory.path, identity: identity, mode: .existing)
            }
            var restored = Inventory(shardCount: Sale.shardCount, replayWindow: Sale.replayWindow)
            for image in try store.loadAll() { try restored.restore(image) }
            for shard in Sale.shards {
                #expect(
                    restored.position(of: shard).digest
                        == sale.inventory.position(of: shard).digest,
                    "seed \(seed), round \(round), shard \(shard.name)")
            }
        }
        let images = try store.loadAll()
        #expect(images.contains { $0.orders.contains { $0.status == .confirmed } })
        #expect(images.contains { !$0.refunds.isEmpty })
        for shard in store.shards {
            let person = try Person(directory.file("\(shard.shard.name).sqlite"))
            #expect(try person.rows("PRAGMA foreign_key_check") == [])
        }
    }
}
