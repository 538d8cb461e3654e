import Inventory
import Primitives
import Testing

/// An inventory under test, fed one entry a command. Every command is judged first, and judging
/// must agree with applying; every change is written to `tables`, which check the images.
struct World {
    static let start = WallTime(1_000_000)
    static let shardCount = 4
    static let replayWindow = Milliseconds.seconds(3_600)

    var inventory: Inventory
    var tables = Tables()
    var now = World.start
    var index = LogIndex.zero
    private var nextBits: UInt128 = 1_000

    /// Two sections: `S` with rows of 1…5 and 1…5 at 500, `T` with labels at 900.
    static let sections = [
        LayoutSection(
            id: "S", name: "Stalls", color: "#336699",
            rows: [
                LayoutRow(id: "A", seats: .range(first: 1, last: 5)),
                LayoutRow(id: "B", seats: .range(first: 1, last: 5)),
            ]),
        LayoutSection(
            id: "T", name: "Terrace", color: nil,
            rows: [LayoutRow(id: "Z", seats: .labels(["x", "y", "z"]))]),
    ]

    init() { inventory = Inventory(shardCount: Self.shardCount, replayWindow: Self.replayWindow) }

    /// A world with the venue and one event in it.
    static func withEvent(
        onSaleAt: WallTime? = nil, maxSeatsPerUser: UInt32? = nil
    ) -> (World, EventID) {
        var world = World()
        world.makeVenue()
        let event = world.newEvent("e", onSaleAt: onSaleAt, maxSeatsPerUser: maxSeatsPerUser)
        let outcome = world.apply(event)
        #expect(outcome.tag == "event")
        return (world, event.event)
    }

    static let venue = VenueID.derived(owner: "owner", key: "venue")

    mutating func makeVenue(_ venue: VenueID = World.venue) {
        let bytes = LayoutCodec.encode(Self.sections)
        for part in ImportVenuePart.cut(bytes, of: venue) {
            #expect(apply(.system(.importVenuePart(part))).tag == "done")
        }
        #expect(apply(.system(.sealVenue(Self.seal(venue)))).tag == "venue")
    }

    static func seal(_ venue: VenueID = World.venue) -> SealVenue {
        SealVenue(
            venue: venue, owner: "owner", name: "Arena", partCount: 1,
            layoutHash: layout.hash, bodyHash: 7)
    }

    static let layout = Layout(
        sections: sections, hash: LayoutCodec.hash(ofEncoded: LayoutCodec.encode(sections)))

    func newEvent(
        _ key: String, name: String = "The Show", startsAt: WallTime = WallTime(9_000_000),
        onSaleAt: WallTime? = nil, maxSeatsPerUser: UInt32? = nil
    ) -> CreateEvent {
        CreateEvent(
            event: EventID.derived(owner: "owner", key: key, shardCount: Self.shardCount),
            owner: "owner", bodyHash: 11, name: name, venue: Self.venue, startsAt: startsAt,
            onSaleAt: onSaleAt, currency: "EUR",
            prices: [
                SectionPrice(section: "*", amount: 500), SectionPrice(section: "T", amount: 900),
            ],
            ttl: HoldTTL(minSeconds: 10, defaultSeconds: 300, maxSeconds: 900),
            maxSeatsPerUser: maxSeatsPerUser)
    }

    mutating func bits() -> UInt128 {
        nextBits += 1
        return nextBits << 64 | nextBits
    }

    // MARK: applying

    @discardableResult
    mutating func apply(_ command: Command) -> Outcome {
        let judged = inventory.judge(command, at: now)
        index = index.next
        inventory.beginEntry(index, stamp: now)
        let outcome = inventory.apply(command)
        inventory.endEntry()
        for shard in inventory.shards {
            if let delta = inventory.takeDelta(of: shard, idle: .skip) { tables.apply(delta) }
        }
        checkAgreement(judged, outcome, command)
        return outcome
    }

    private func checkAgreement(_ judged: Outcome?, _ outcome: Outcome, _ command: Command) {
        if let judged {
            #expect(
                String(describing: judged) == String(describing: outcome), "judged of \(command)")
        } else if case .system(.sealVenue) = command {
            // Judged by its application alone.
        } else {
            #expect(outcome.isEffect, "\(command) was to take effect: \(outcome)")
        }
    }

    mutating func apply(_ event: CreateEvent) -> Outcome {
        apply(.shard(event.event.shard, .createEvent(event)))
    }

    /// A hold by a user, with a key of its own unless one is given.
    mutating func hold(
        _ event: EventID, _ seats: [UInt32], user: String = "u", key: String? = nil,
        ttl: UInt32? = nil
    ) -> Outcome {
        let bits = bits()
        return apply(
            .shard(
                event.shard,
                .hold(
                    HoldSeats(
                        event: event, hold: HoldID(shard: event.shard, bits: bits), user: user,
                        key: key ?? "key-\(bits)", seats: seats.map(SeatIndex.init),
                        ttlSeconds: ttl))))
    }

    /// The view of a hold that must succeed.
    mutating func held(
        _ event: EventID, _ seats: [UInt32], user: String = "u", key: String? = nil,
        ttl: UInt32? = nil
    ) throws -> HoldView {
        try #require(hold(event, seats, user: user, key: key, ttl: ttl).hold)
    }

    mutating func release(_ hold: HoldID) -> Outcome {
        apply(.shard(hold.shard, .releaseHold(hold)))
    }

    mutating func amend(
        _ hold: HoldID, extend: UInt32? = nil, drop: [UInt32] = [], key: String? = nil
    ) -> Outcome {
        apply(
            .shard(
                hold.shard,
                .amendHold(
                    AmendHold(
                        hold: hold, extendSeconds: extend,
                        releaseSeats: drop.map(SeatIndex.init), key: key))))
    }

    mutating func begin(
        _ hold: HoldID, key: String = "pay", deadline: Milliseconds = .seconds(120)
    ) -> Outcome {
        let (attempt, order) = (bits(), bits())
        return apply(
            .shard(
                hold.shard,
                .beginPayment(
                    BeginPayment(
                        hold: hold, key: key, token: "tok_visa", provider: "simulated",
                        attempt: AttemptID(shard: hold.shard, bits: attempt),
                        order: OrderID(shard: hold.shard, bits: order), deadline: deadline))))
    }

    /// The attempt of a payment that must start.
    mutating func begun(_ hold: HoldID, key: String = "pay") throws -> AttemptView {
        try #require(begin(hold, key: key).payment)
    }

    mutating func observe(
        _ attempt: AttemptView, _ status: ObservePayment.Status, amount: Int64? = nil,
        currency: String? = nil
    ) -> Outcome {
        let refund = bits()
        return apply(
            .shard(
                attempt.id.shard,
                .observePayment(
                    ObservePayment(
                        attempt: attempt.id, status: status, amount: amount ?? attempt.amount,
                        currency: currency ?? attempt.currency, reference: "pi_1",
                        refund: RefundID(shard: attempt.id.shard, bits: refund)))))
    }

    mutating func cancel(_ order: OrderID) -> Outcome {
        let refund = bits()
        return apply(
            .shard(
                order.shard,
                .cancelOrder(
                    CancelOrder(order: order, refund: RefundID(shard: order.shard, bits: refund)))))
    }

    mutating func block(
        _ event: EventID, _ seats: [UInt32], _ target: SetBlocked.Target = .blocked
    ) -> Outcome {
        apply(
            .shard(
                event.shard,
                .setBlocked(
                    SetBlocked(event: event, seats: seats.map(SeatIndex.init), target: target))))
    }

    /// Lets time pass, then lets it take effect.
    mutating func pass(_ span: Milliseconds, limit: UInt32 = 1_000) {
        now = now + span
        for shard in inventory.shards.dropLast() {
            apply(.shard(shard, .expireDue(ExpireDue(limit: limit))))
        }
    }

    // MARK: looking

    func state(_ event: EventID, _ seat: UInt32) -> SeatState? {
        inventory.seatMap(event)?.states[Int(seat)]
    }

    mutating func nextDue(_ event: EventID) -> WallTime? { inventory.nextDue(event.shard) }

    func status(_ hold: HoldID) -> HoldStatus? { inventory.hold(hold, at: now)?.status }
}

extension Inventory {
    /// Of all shards together.
    var digest: [UInt64] { shards.map { position(of: $0).digest } }
}

extension Outcome {
    /// The case's name, for comparing.
    var tag: String {
        switch self {
        case .done: "done"
        case .venue(_, let replay): replay == .first ? "venue" : "venue again"
        case .event(_, let replay): replay == .first ? "event" : "event again"
        case .blocked: "blocked"
        case .hold(let hold, let replay):
            replay == .first ? "hold \(hold.status)" : "hold \(hold.status) again"
        case .released: "released"
        case .payment(let attempt, let replay):
            replay == .first ? "payment \(attempt.status)" : "payment \(attempt.status) again"
        case .order(let order, let replay):
            replay == .first ? "order \(order.status)" : "order \(order.status) again"
        case .refused(let refusal): "refused \(refusal.tag)"
        }
    }

    /// Whether something was done.
    var isEffect: Bool {
        switch self {
        case .done, .blocked, .released, .venue(_, .first), .event(_, .first), .hold(_, .first),
            .payment(_, .first), .order(_, .first):
            true
        case .venue(_, .replayed), .event(_, .replayed), .hold(_, .replayed),
            .payment(_, .replayed), .order(_, .replayed), .refused:
            false
        }
    }

    var hold: HoldView? { if case .hold(let view, _) = self { view } else { nil } }
    var payment: AttemptView? { if case .payment(let view, _) = self { view } else { nil } }
    var order: OrderView? { if case .order(let view, _) = self { view } else { nil } }
    var refusal: Refusal? { if case .refused(let refusal) = self { refusal } else { nil } }
}

extension Refusal {
    var tag: String {
        switch self {
        case .notFound(let what): "no \(what)"
        case .seatsUnavailable: "seats unavailable"
        case .idempotencyKeyReused: "key reused"
        case .idempotencyInProgress: "in progress"
        case .paymentPending: "payment pending"
        case .holdCommitted: "committed"
        case .holdExpired: "expired"
        case .holdReleased: "released"
        case .notOnSale: "not on sale"
        case .limitExceeded(let limit): "limit \(limit)"
        case .ttlOutOfRange: "ttl"
        case .paymentDeclined: "declined"
        case .layoutIncomplete: "layout"
        case .unknownSeat: "unknown seat"
        case .pricesInvalid(let fault): "prices \(fault)"
        }
    }
}
