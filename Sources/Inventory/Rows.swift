package import Primitives

// The durable form of the inventory: one struct a table row, the same for writing behind and for
// loading. Numbers (`…Number`) are dense keys within one shard, given out by rising order at
// apply, hence equal on all nodes; ids are what clients see.

/// What a seat is. Raw values are the column's.
package enum SeatState: UInt8, Sendable {
    case available = 0
    case held = 1
    /// Fenced: only the payment provider's word ends this state.
    case paymentPending = 2
    case booked = 3
    case blocked = 4
}

/// What became of a hold. Raw values are the column's.
package enum HoldStatus: UInt8, Sendable {
    case held = 0
    case paymentPending = 1
    case booked = 2
    case released = 3
    case expired = 4
}

/// What became of an order. Raw values are the column's.
package enum OrderStatus: UInt8, Sendable {
    case pending = 0
    case confirmed = 1
    case failed = 2
    case cancelled = 3
}

/// What became of a payment attempt. Raw values are the column's.
package enum AttemptStatus: UInt8, Sendable {
    /// In the log; the provider may or may not know of it.
    case pending = 0
    /// Past its deadline: the provider is asked to cancel; the seats stay fenced.
    case cancelling = 1
    case succeeded = 2
    case declined = 3
    case cancelled = 4
}

/// Whether a refund has reached the buyer. Raw values are the column's.
package enum RefundStatus: UInt8, Sendable {
    case due = 0
    case confirmed = 1
}

/// A seat as one moment saw it.
package struct SeatImage: Hashable, Sendable {
    package var state: SeatState
    package var version: UInt32
    /// The claiming hold's number; 0 for none.
    package var holdNumber: UInt64
    package init(state: SeatState, version: UInt32, holdNumber: UInt64) {
        self.state = state
        self.version = version
        self.holdNumber = holdNumber
    }
    /// A seat that nothing has happened to.
    package static let initial = SeatImage(state: .available, version: 0, holdNumber: 0)
}

/// A seat's step from one image to the next; the version rises by one.
package struct SeatChange: Hashable, Sendable {
    package var eventNumber: UInt32
    package var seat: SeatIndex
    package var before: SeatImage
    package var after: SeatImage
    package init(eventNumber: UInt32, seat: SeatIndex, before: SeatImage, after: SeatImage) {
        self.eventNumber = eventNumber
        self.seat = seat
        self.before = before
        self.after = after
    }
}

/// An event and how often it has changed.
package struct EventRow: Hashable, Sendable {
    package var number: UInt32
    package var content: CreateEvent
    package var seatCount: UInt32
    package var createdAt: WallTime
    package var revision: Revision
    package init(
        number: UInt32, content: CreateEvent, seatCount: UInt32, createdAt: WallTime,
        revision: Revision
    ) {
        self.number = number
        self.content = content
        self.seatCount = seatCount
        self.createdAt = createdAt
        self.revision = revision
    }
}

/// An amendment that carried an idempotency key, so that its retry is answered, not applied.
package struct AmendmentRecord: Hashable, Sendable {
    package var keyHash: UInt128
    package var bodyHash: UInt128
    package init(keyHash: UInt128, bodyHash: UInt128) {
        self.keyHash = keyHash
        self.bodyHash = bodyHash
    }
}

/// A hold, whatever became of it.
package struct HoldRow: Hashable, Sendable {
    package var number: UInt64
    package var id: HoldID
    package var eventNumber: UInt32
    package var user: String
    package var key: String
    /// As requested first: what a retry is compared with.
    package var requestedSeats: [SeatIndex]
    /// Those not dropped since, in the requested order.
    package var seats: [SeatIndex]
    package var requestedTTLSeconds: UInt32?
    package var status: HoldStatus
    package var createdAt: WallTime
    package var expiresAt: WallTime
    /// When it stopped being held or pending; nil while it lives, and for booked holds.
    package var endedAt: WallTime?
    package var extensions: UInt8
    package var amount: Int64
    package var orderNumber: UInt64?
    package var amendments: [AmendmentRecord]
    package init(
        number: UInt64, id: HoldID, eventNumber: UInt32, user: String, key: String,
        requestedSeats: [SeatIndex], seats: [SeatIndex], requestedTTLSeconds: UInt32?,
        status: HoldStatus, createdAt: WallTime, expiresAt: WallTime, endedAt: WallTime?,
        extensions: UInt8, amount: Int64, orderNumber: UInt64?, amendments: [AmendmentRecord]
    ) {
        self.number = number
        self.id = id
        self.eventNumber = eventNumber
        self.user = user
        self.key = key
        self.requestedSeats = requestedSeats
        self.seats = seats
        self.requestedTTLSeconds = requestedTTLSeconds
        self.status = status
        self.createdAt = createdAt
        self.expiresAt = expiresAt
        self.endedAt = endedAt
        self.extensions = extensions
        self.amount = amount
        self.orderNumber = orderNumber
        self.amendments = amendments
    }
}

/// A hold's one order; amounts are in minor units.
package struct OrderRow: Hashable, Sendable {
    package var number: UInt64
    package var id: OrderID
    package var holdNumber: UInt64
    package var eventNumber: UInt32
    package var user: String
    package var seats: [SeatIndex]
    package var status: OrderStatus
    package var amount: Int64
    package var createdAt: WallTime
    package var confirmedAt: WallTime?
    package var cancelledAt: WallTime?
    package init(
        number: UInt64, id: OrderID, holdNumber: UInt64, eventNumber: UInt32, user: String,
        seats: [SeatIndex], status: OrderStatus, amount: Int64, createdAt: WallTime,
        confirmedAt: WallTime?, cancelledAt: WallTime?
    ) {
        self.number = number
        self.id = id
        self.holdNumber = holdNumber
        self.eventNumber = eventNumber
        self.user = user
        self.seats = seats
        self.status = status
        self.amount = amount
        self.createdAt = createdAt
        self.confirmedAt = confirmedAt
        self.cancelledAt = cancelledAt
    }
}

/// A payment attempt: none, one or several an order.
package struct PaymentRow: Hashable, Sendable {
    package var number: UInt64
    package var id: AttemptID
    package var orderNumber: UInt64
    package var key: String
    package var token: String
    package var provider: String
    package var status: AttemptStatus
    package var amount: Int64
    package var createdAt: WallTime
    package var deadline: WallTime
    package var settledAt: WallTime?
    /// The provider's own id, once known.
    package var reference: String
    package init(
        number: UInt64, id: AttemptID, orderNumber: UInt64, key: String, token: String,
        provider: String, status: AttemptStatus, amount: Int64, createdAt: WallTime,
        deadline: WallTime, settledAt: WallTime?, reference: String
    ) {
        self.number = number
        self.id = id
        self.orderNumber = orderNumber
        self.key = key
        self.token = token
        self.provider = provider
        self.status = status
        self.amount = amount
        self.createdAt = createdAt
        self.deadline = deadline
        self.settledAt = settledAt
        self.reference = reference
    }
}

/// Money that is due back for a payment, in minor units.
package struct RefundRow: Hashable, Sendable {
    package var number: UInt64
    package var id: RefundID
    package var paymentNumber: UInt64
    package var amount: Int64
    package var status: RefundStatus
    /// `order_cancelled`, `seats_taken`, `second_payment` or `amount_mismatch`.
    package var reason: String
    package var createdAt: WallTime
    package var settledAt: WallTime?
    package var reference: String
    package init(
        number: UInt64, id: RefundID, paymentNumber: UInt64, amount: Int64, status: RefundStatus,
        reason: String, createdAt: WallTime, settledAt: WallTime?, reference: String
    ) {
        self.number = number
        self.id = id
        self.paymentNumber = paymentNumber
        self.amount = amount
        self.status = status
        self.reason = reason
        self.createdAt = createdAt
        self.settledAt = settledAt
        self.reference = reference
    }
}

/// A sealed venue; its layout's bytes are in its parts.
package struct VenueRow: Hashable, Sendable {
    package var content: SealVenue
    package var createdAt: WallTime
    /// The entry that sealed it. Events of later entries see the venue, others don't: so a replay
    /// of an event shard decides the same with a system shard that is further on.
    package var sealedIndex: LogIndex
    package init(content: SealVenue, createdAt: WallTime, sealedIndex: LogIndex = .zero) {
        self.content = content
        self.createdAt = createdAt
        self.sealedIndex = sealedIndex
    }
}

/// A webhook that matched no attempt.
package struct WebhookRow: Hashable, Sendable {
    package var content: KeepWebhook
    package var receivedAt: WallTime
    package init(content: KeepWebhook, receivedAt: WallTime) {
        self.content = content
        self.receivedAt = receivedAt
    }
}

/// Row changes of one shard, in apply order within each table. A later row of the same key
/// replaces an earlier one; seats form chains of images instead.
package struct RowChanges: Sendable {
    package var events: [EventRow] = []
    package var seats: [SeatChange] = []
    package var holds: [HoldRow] = []
    package var forgottenHolds: [UInt64] = []
    package var orders: [OrderRow] = []
    package var payments: [PaymentRow] = []
    package var refunds: [RefundRow] = []
    package var venues: [VenueRow] = []
    package var venueParts: [ImportVenuePart] = []
    package var webhooks: [WebhookRow] = []
    /// Imports abandoned before they were sealed: all parts of each go.
    package var forgottenVenueParts: [VenueID] = []
    /// By the hash of their bodies.
    package var forgottenWebhooks: [UInt128] = []
    package init() {}
    /// Rows in all tables together: what the write-behind queue counts.
    package var count: Int {
        events.count + seats.count + holds.count + forgottenHolds.count + orders.count
            + payments.count + refunds.count + venues.count + venueParts.count + webhooks.count
            + forgottenVenueParts.count + forgottenWebhooks.count
    }
}

/// A stretch of one shard's history, ready to be written behind in one transaction.
package struct ShardDelta: Sendable {
    package var shard: ShardID
    /// The shard's state after `changes` is that at this index, clock and digest.
    package var appliedIndex: LogIndex
    package var clock: WallTime
    package var digest: UInt64
    package var changes: RowChanges
    package init(
        shard: ShardID, appliedIndex: LogIndex, clock: WallTime, digest: UInt64,
        changes: RowChanges
    ) {
        self.shard = shard
        self.appliedIndex = appliedIndex
        self.clock = clock
        self.digest = digest
        self.changes = changes
    }
}

/// Everything that a shard's file holds, as a start loads it.
package struct ShardImage: Sendable {
    package var shard: ShardID
    package var appliedIndex: LogIndex
    package var clock: WallTime
    package var digest: UInt64
    package var events: [EventRow] = []
    /// Per event number: each seat's image, in seat order.
    package var seats: [(eventNumber: UInt32, images: [SeatImage])] = []
    package var holds: [HoldRow] = []
    package var orders: [OrderRow] = []
    package var payments: [PaymentRow] = []
    package var refunds: [RefundRow] = []
    package var venues: [VenueRow] = []
    package var venueParts: [ImportVenuePart] = []
    package var webhooks: [WebhookRow] = []
    package init(shard: ShardID, appliedIndex: LogIndex, clock: WallTime, digest: UInt64) {
        self.shard = shard
        self.appliedIndex = appliedIndex
        self.clock = clock
        self.digest = digest
    }
}
