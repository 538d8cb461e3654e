package import Primitives

/// What a command came to: decided when its entry is applied, equal on all nodes.
package enum Outcome: Sendable {
    /// Nothing that a client waits for (an expiry step, a venue's part, a kept webhook).
    case done
    case venue(VenueView, Replay)
    case event(EventView, Replay)
    case blocked(event: EventID, revision: Revision)
    case hold(HoldView, Replay)
    /// The hold was released, now or before.
    case released
    /// The attempt that the command began or found; its order tells how far it has come.
    case payment(AttemptView, Replay)
    case order(OrderView, Replay)
    case refused(Refusal)
}

/// Whether an answer repeats one given before.
package enum Replay: Sendable {
    case first
    case replayed
}

/// Why the rules say no. Each case is one `code` of the HTTP contract.
package enum Refusal: Hashable, Sendable {
    case notFound(Missing)
    /// Every seat that is not available, in the request's order; the event's layout names them.
    case seatsUnavailable([SeatConflict], in: Layout)
    case idempotencyKeyReused
    case idempotencyInProgress
    case paymentPending
    case holdCommitted(OrderID)
    case holdExpired
    case holdReleased
    case notOnSale(opensAt: WallTime)
    case limitExceeded(Limit)
    case ttlOutOfRange(HoldTTL)
    /// The attempt with this key was declined; the hold may still stand.
    case paymentDeclined(AttemptView)
    /// A part is missing or the bytes are not those that were announced.
    case layoutIncomplete
    /// The seat is not in the event's layout, or not one that the hold was made for.
    case unknownSeat(SeatIndex)
    case pricesInvalid(PriceFault)
}

/// What is wrong with a new event's prices; each case names the section.
package enum PriceFault: Hashable, Sendable {
    /// Neither a price of its own nor one for `*`.
    case missing(section: String)
    /// The venue has no such section.
    case unknownSection(String)
    case repeated(section: String)
    /// Not within 0…`SectionPrice.amountMax`.
    case outOfRange(section: String)
}

/// What an id names that this shard does not know.
package enum Missing: UInt8, Sendable {
    case venue
    case event
    case hold
    case order
    case payment
    case refund
}

/// Which limit a request would exceed.
package enum Limit: Hashable, Sendable {
    case seatsPerUser(max: UInt32)
    /// A hold is extended once.
    case extensions
    /// Amendments with a key that one hold remembers.
    case amendments
    /// A hold names 1…`max` different seats.
    case seatsPerHold(max: UInt32)
    /// Venue imports begun and not yet sealed.
    case unsealedVenues(max: UInt32)
}

/// A seat that could not be held.
package struct SeatConflict: Hashable, Sendable {
    /// How the seat is not available, as clients see it.
    package enum State: UInt8, Sendable {
        case held
        case booked
        case blocked
    }
    /// The seat, and what it is instead of available.
    package var seat: SeatIndex
    package var state: State
    package init(seat: SeatIndex, state: State) {
        self.seat = seat
        self.state = state
    }
}

/// A hold as clients see it. Seats are indices: the event's layout gives them their names.
package struct HoldView: Sendable {
    package var id: HoldID
    package var event: EventView
    package var user: String
    package var key: String
    package var seats: [SeatIndex]
    package var status: HoldStatus
    package var createdAt: WallTime
    package var expiresAt: WallTime
    package var amount: Int64
    package var order: OrderID?
    package init(
        id: HoldID, event: EventView, user: String, key: String, seats: [SeatIndex],
        status: HoldStatus, createdAt: WallTime, expiresAt: WallTime, amount: Int64,
        order: OrderID?
    ) {
        self.id = id
        self.event = event
        self.user = user
        self.key = key
        self.seats = seats
        self.status = status
        self.createdAt = createdAt
        self.expiresAt = expiresAt
        self.amount = amount
        self.order = order
    }
}

/// An event and the layout that names its seats; `content` is immutable and shared.
package struct EventView: Sendable {
    package var content: EventContent
    package var revision: Revision
    package init(content: EventContent, revision: Revision) {
        self.content = content
        self.revision = revision
    }
}

/// The part of an event that never changes.
package final class EventContent: Sendable {
    package let event: CreateEvent
    package let layout: Layout
    package let createdAt: WallTime
    package init(event: CreateEvent, layout: Layout, createdAt: WallTime) {
        self.event = event
        self.layout = layout
        self.createdAt = createdAt
    }
}

/// A venue as clients see it.
package struct VenueView: Sendable {
    package var content: SealVenue
    package var layout: Layout
    package init(content: SealVenue, layout: Layout) {
        self.content = content
        self.layout = layout
    }
}

/// A payment attempt as clients see it; the amount is in minor units.
package struct PaymentView: Hashable, Sendable {
    package var id: AttemptID
    package var provider: String
    package var status: AttemptStatus
    package var amount: Int64
    package var createdAt: WallTime
    package init(
        id: AttemptID, provider: String, status: AttemptStatus, amount: Int64, createdAt: WallTime
    ) {
        self.id = id
        self.provider = provider
        self.status = status
        self.amount = amount
        self.createdAt = createdAt
    }
}

/// An order as clients see it; the amount is in minor units.
package struct OrderView: Sendable {
    package var id: OrderID
    package var hold: HoldID
    package var event: EventView
    package var user: String
    package var seats: [SeatIndex]
    package var status: OrderStatus
    package var amount: Int64
    package var createdAt: WallTime
    package var confirmedAt: WallTime?
    /// By rising creation; the one that paid is the one that succeeded.
    package var payments: [PaymentView]
    package init(
        id: OrderID, hold: HoldID, event: EventView, user: String, seats: [SeatIndex],
        status: OrderStatus, amount: Int64, createdAt: WallTime, confirmedAt: WallTime?,
        payments: [PaymentView]
    ) {
        self.id = id
        self.hold = hold
        self.event = event
        self.user = user
        self.seats = seats
        self.status = status
        self.amount = amount
        self.createdAt = createdAt
        self.confirmedAt = confirmedAt
        self.payments = payments
    }
}

/// A payment attempt with what its driver needs to call the provider.
package struct AttemptView: Hashable, Sendable {
    package var id: AttemptID
    package var order: OrderID
    package var hold: HoldID
    package var status: AttemptStatus
    package var token: String
    package var provider: String
    package var amount: Int64
    package var currency: String
    package var deadline: WallTime
    package var reference: String
    package init(
        id: AttemptID, order: OrderID, hold: HoldID, status: AttemptStatus, token: String,
        provider: String, amount: Int64, currency: String, deadline: WallTime, reference: String
    ) {
        self.id = id
        self.order = order
        self.hold = hold
        self.status = status
        self.token = token
        self.provider = provider
        self.amount = amount
        self.currency = currency
        self.deadline = deadline
        self.reference = reference
    }
}

/// A refund that the provider must still confirm, or has confirmed.
package struct RefundView: Hashable, Sendable {
    package var id: RefundID
    package var attempt: AttemptID
    package var provider: String
    /// The provider's id of the payment that is given back.
    package var paymentReference: String
    package var amount: Int64
    package var currency: String
    package var status: RefundStatus
    package init(
        id: RefundID, attempt: AttemptID, provider: String, paymentReference: String,
        amount: Int64, currency: String, status: RefundStatus
    ) {
        self.id = id
        self.attempt = attempt
        self.provider = provider
        self.paymentReference = paymentReference
        self.amount = amount
        self.currency = currency
        self.status = status
    }
}

/// One event's seats at one revision; the array is shared until the next change.
package struct SeatMapView: Sendable {
    package var event: EventView
    /// The log's clock when this was the present.
    package var asOf: WallTime
    /// By seat index.
    package var states: [SeatState]
    package init(event: EventView, asOf: WallTime, states: [SeatState]) {
        self.event = event
        self.asOf = asOf
        self.states = states
    }
}
