package import Primitives

/// What the log replicates. Every command names exactly one shard, and its application reads and
/// writes that shard, the entry's stamp and the immutable layouts, nothing else.
package enum Command: Hashable, Sendable {
    case system(SystemCommand)
    case shard(ShardID, ShardCommand)
}

/// Commands of the system shard: the catalog of venues, and what belongs to no event.
package enum SystemCommand: Hashable, Sendable {
    case importVenuePart(ImportVenuePart)
    case sealVenue(SealVenue)
    /// A provider's message that no attempt answers to: kept for 30 days and alerted on.
    case keepWebhook(KeepWebhook)
    /// Forgets abandoned imports and old webhooks.
    case expireDue(ExpireDue)
}

/// Commands of one event shard.
package enum ShardCommand: Hashable, Sendable {
    case createEvent(CreateEvent)
    case setBlocked(SetBlocked)
    case hold(HoldSeats)
    case amendHold(AmendHold)
    case releaseHold(HoldID)
    case beginPayment(BeginPayment)
    case observePayment(ObservePayment)
    case cancelOrder(CancelOrder)
    case observeRefund(ObserveRefund)
    case expireDue(ExpireDue)
}

/// One piece of a venue's encoded layout; invisible until the venue is sealed.
package struct ImportVenuePart: Hashable, Sendable {
    package var venue: VenueID
    /// 0…`count` - 1.
    package var part: UInt32
    package var count: UInt32
    package var bytes: [UInt8]
    /// The stamp of the entry that brought it: set when it is applied, not part of the command.
    package var receivedAt: WallTime
    package init(
        venue: VenueID, part: UInt32, count: UInt32, bytes: [UInt8], receivedAt: WallTime = .zero
    ) {
        self.venue = venue
        self.part = part
        self.count = count
        self.bytes = bytes
        self.receivedAt = receivedAt
    }
}

/// Ends an import: the parts become a venue that can be seen, all of them or none.
package struct SealVenue: Hashable, Sendable {
    package var venue: VenueID
    /// The API key that created it.
    package var owner: String
    package var name: String
    package var partCount: UInt32
    /// SHA-256, first 128 bits, of the whole encoded layout: its public hash and its check.
    package var layoutHash: UInt128
    /// SHA-256, first 128 bits, of the request's content: what makes two requests equal.
    package var bodyHash: UInt128
    package init(
        venue: VenueID, owner: String, name: String, partCount: UInt32, layoutHash: UInt128,
        bodyHash: UInt128
    ) {
        self.venue = venue
        self.owner = owner
        self.name = name
        self.partCount = partCount
        self.layoutHash = layoutHash
        self.bodyHash = bodyHash
    }
}

/// Keeps a genuine webhook that names nothing of ours, so that an operator can look into it.
package struct KeepWebhook: Hashable, Sendable {
    package var provider: String
    /// SHA-256, first 128 bits, of the raw body: duplicates are kept once.
    package var bodyHash: UInt128
    package var body: [UInt8]
    package init(provider: String, bodyHash: UInt128, body: [UInt8]) {
        self.provider = provider
        self.bodyHash = bodyHash
        self.body = body
    }
}

/// The TTL bounds of an event's holds.
package struct HoldTTL: Hashable, Sendable {
    package var minSeconds: UInt32
    package var defaultSeconds: UInt32
    package var maxSeconds: UInt32
    package init(minSeconds: UInt32, defaultSeconds: UInt32, maxSeconds: UInt32) {
        self.minSeconds = minSeconds
        self.defaultSeconds = defaultSeconds
        self.maxSeconds = maxSeconds
    }
}

/// What a seat of a section costs, in minor units.
package struct SectionPrice: Hashable, Sendable {
    /// A section's id, or `*` for every section without a price of its own.
    package var section: String
    package var amount: Int64
    /// The highest price of a seat, so that no hold's amount can overflow.
    package static let amountMax: Int64 = 1_000_000_000_000
    package init(section: String, amount: Int64) {
        self.section = section
        self.amount = amount
    }
}

/// Puts a venue's seats on sale at one time, with its prices and rules.
package struct CreateEvent: Hashable, Sendable {
    package var event: EventID
    package var owner: String
    package var bodyHash: UInt128
    package var name: String
    package var venue: VenueID
    package var startsAt: WallTime
    package var onSaleAt: WallTime?
    /// ISO 4217, three letters.
    package var currency: String
    /// In the request's order.
    package var prices: [SectionPrice]
    package var ttl: HoldTTL
    package var maxSeatsPerUser: UInt32?
    package init(
        event: EventID, owner: String, bodyHash: UInt128, name: String, venue: VenueID,
        startsAt: WallTime, onSaleAt: WallTime?, currency: String, prices: [SectionPrice],
        ttl: HoldTTL, maxSeatsPerUser: UInt32?
    ) {
        self.event = event
        self.owner = owner
        self.bodyHash = bodyHash
        self.name = name
        self.venue = venue
        self.startsAt = startsAt
        self.onSaleAt = onSaleAt
        self.currency = currency
        self.prices = prices
        self.ttl = ttl
        self.maxSeatsPerUser = maxSeatsPerUser
    }
}

/// Takes free seats off sale, or puts blocked ones back.
package struct SetBlocked: Hashable, Sendable {
    /// What the seats become.
    package enum Target: UInt8, Sendable {
        case available = 0
        case blocked = 1
    }
    /// All of them or none, in one step.
    package var event: EventID
    package var seats: [SeatIndex]
    package var target: Target
    package init(event: EventID, seats: [SeatIndex], target: Target) {
        self.event = event
        self.seats = seats
        self.target = target
    }
}

/// Fences seats for a buyer until a time: all of them or none.
package struct HoldSeats: Hashable, Sendable {
    package var event: EventID
    /// Drawn at random where the request arrived; its shard is the event's.
    package var hold: HoldID
    package var user: String
    /// `client_reservation_id`: the idempotency key, scoped to (event, user).
    package var key: String
    /// As requested, in order, without repetition, 1…10.
    package var seats: [SeatIndex]
    /// As sent; nil takes the event's default.
    package var ttlSeconds: UInt32?
    package init(
        event: EventID, hold: HoldID, user: String, key: String, seats: [SeatIndex],
        ttlSeconds: UInt32?
    ) {
        self.event = event
        self.hold = hold
        self.user = user
        self.key = key
        self.seats = seats
        self.ttlSeconds = ttlSeconds
    }
}

/// Extends a hold once, drops some of its seats, or both.
package struct AmendHold: Hashable, Sendable {
    package var hold: HoldID
    package var extendSeconds: UInt32?
    package var releaseSeats: [SeatIndex]
    package var key: String?
    package init(
        hold: HoldID, extendSeconds: UInt32?, releaseSeats: [SeatIndex], key: String?
    ) {
        self.hold = hold
        self.extendSeconds = extendSeconds
        self.releaseSeats = releaseSeats
        self.key = key
    }
}

/// Fences a hold for good and starts an attempt to be paid, before any provider is called.
package struct BeginPayment: Hashable, Sendable {
    package var hold: HoldID
    /// The idempotency key, scoped to (event, user) of the hold.
    package var key: String
    package var token: String
    package var provider: String
    /// Drawn where the request arrived: used when this command starts an attempt.
    package var attempt: AttemptID
    /// Used when this is the hold's first attempt; later ones keep the hold's one order.
    package var order: OrderID
    /// From the fence to the start of its cancellation.
    package var deadline: Milliseconds
    package init(
        hold: HoldID, key: String, token: String, provider: String, attempt: AttemptID,
        order: OrderID, deadline: Milliseconds
    ) {
        self.hold = hold
        self.key = key
        self.token = token
        self.provider = provider
        self.attempt = attempt
        self.order = order
        self.deadline = deadline
    }
}

/// What the provider says of an attempt: from its answer, its webhook, or a poll.
package struct ObservePayment: Hashable, Sendable {
    /// How an attempt can end.
    package enum Status: UInt8, Sendable {
        case succeeded = 1
        case declined = 2
        case cancelled = 3
    }
    /// The attempt, and how it ended.
    package var attempt: AttemptID
    package var status: Status
    /// Captured, in minor units; meaningful when succeeded.
    package var amount: Int64
    package var currency: String
    /// The provider's own id of the payment.
    package var reference: String
    /// Used when this observation makes a refund due.
    package var refund: RefundID
    package init(
        attempt: AttemptID, status: Status, amount: Int64, currency: String, reference: String,
        refund: RefundID
    ) {
        self.attempt = attempt
        self.status = status
        self.amount = amount
        self.currency = currency
        self.reference = reference
        self.refund = refund
    }
}

/// Ends a confirmed order: its seats are free again and its money is due back, in one step.
package struct CancelOrder: Hashable, Sendable {
    package var order: OrderID
    /// Used when the cancellation makes a refund due.
    package var refund: RefundID
    package init(order: OrderID, refund: RefundID) {
        self.order = order
        self.refund = refund
    }
}

/// The provider has confirmed a refund.
package struct ObserveRefund: Hashable, Sendable {
    package var refund: RefundID
    package var reference: String
    package init(refund: RefundID, reference: String) {
        self.refund = refund
        self.reference = reference
    }
}

/// Ends what is due by the entry's stamp. In an event shard lapsed holds expire, overdue attempts
/// start their cancellation, ended holds beyond the replay window are forgotten; in the system
/// shard abandoned imports and old webhooks are.
package struct ExpireDue: Hashable, Sendable {
    /// At most so many things in this step.
    package var limit: UInt32
    package init(limit: UInt32) { self.limit = limit }
}
