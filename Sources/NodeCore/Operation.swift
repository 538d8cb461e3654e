package import Inventory
package import Primitives

/// Names a request between the shell that received it and the core that answers it. The shell
/// chooses it and maps it back to a connection.
package struct RequestID: Hashable, Sendable {
    package var rawValue: UInt64
    package init(_ rawValue: UInt64) { self.rawValue = rawValue }
}

/// One request of a client, parsed and bounded, not yet judged.
package struct ClientRequest: Sendable {
    package var id: RequestID
    package var operation: Operation
    package init(id: RequestID, operation: Operation) {
        self.id = id
        self.operation = operation
    }
}

/// What a client may ask of a node.
package enum Operation: Sendable {
    case write(WriteOperation)
    case read(ReadOperation, Consistency)
    case administer(AdministrativeOperation)
}

/// How fresh a read must be.
package enum Consistency: Sendable {
    /// What this node has applied, unless it is staler than the configured bound.
    case local
    /// At least everything that was answered before the read arrived (ReadIndex, thesis §6.4).
    case linearizable
}

/// Requests that may change the state. Seats and ids are still texts of the client: only the
/// leader's state says what they mean. Random bits come with the request, because the core has
/// no randomness of its own.
package enum WriteOperation: Sendable {
    case createVenue(NewVenue)
    case createEvent(CreateEvent)
    case setBlocked(event: EventID, seats: [String], target: SetBlocked.Target)
    case hold(NewHold)
    case amendHold(HoldAmendment)
    case releaseHold(HoldID)
    case commit(NewPayment)
    case cancelOrder(OrderID, refundBits: UInt128)
    case webhook(ProviderNotice)
}

/// A venue whose layout the request path has already validated and encoded.
package struct NewVenue: Sendable {
    package var venue: VenueID
    package var owner: String
    package var name: String
    package var layout: [UInt8]
    package var layoutHash: UInt128
    package var bodyHash: UInt128
    package init(
        venue: VenueID, owner: String, name: String, layout: [UInt8], layoutHash: UInt128,
        bodyHash: UInt128
    ) {
        self.venue = venue
        self.owner = owner
        self.name = name
        self.layout = layout
        self.layoutHash = layoutHash
        self.bodyHash = bodyHash
    }
}

/// A request for a hold.
package struct NewHold: Sendable {
    package var event: EventID
    package var user: String
    package var key: String
    package var seats: [String]
    package var ttlSeconds: UInt32?
    /// Makes the hold's id.
    package var holdBits: UInt128
    package init(
        event: EventID, user: String, key: String, seats: [String], ttlSeconds: UInt32?,
        holdBits: UInt128
    ) {
        self.event = event
        self.user = user
        self.key = key
        self.seats = seats
        self.ttlSeconds = ttlSeconds
        self.holdBits = holdBits
    }
}

/// A request to extend a hold, to drop some of its seats, or both.
package struct HoldAmendment: Sendable {
    package var hold: HoldID
    package var extendSeconds: UInt32?
    package var releaseSeats: [String]
    package var key: String?
    package init(hold: HoldID, extendSeconds: UInt32?, releaseSeats: [String], key: String?) {
        self.hold = hold
        self.extendSeconds = extendSeconds
        self.releaseSeats = releaseSeats
        self.key = key
    }
}

/// A request to pay for a hold and book its seats. The bits make an attempt's and an order's id.
package struct NewPayment: Sendable {
    package var hold: HoldID
    package var key: String
    package var token: String
    package var attemptBits: UInt128
    package var orderBits: UInt128
    package init(
        hold: HoldID, key: String, token: String, attemptBits: UInt128, orderBits: UInt128
    ) {
        self.hold = hold
        self.key = key
        self.token = token
        self.attemptBits = attemptBits
        self.orderBits = orderBits
    }
}

/// What a payment provider told us by webhook; its signature has been verified.
package struct ProviderNotice: Sendable {
    /// What the notice is about.
    package enum Subject: Sendable {
        case payment(AttemptID, ProviderIntent)
        case refund(RefundID, reference: String)
        /// Nothing of ours that we can read: kept and alerted on.
        case unmatched
    }
    /// The provider's name, what it tells us, and its own words.
    package var provider: String
    package var subject: Subject
    package var body: [UInt8]
    /// SHA-256, first 128 bits, of `body`.
    package var bodyHash: UInt128
    /// Makes a refund's id, should one become due.
    package var refundBits: UInt128
    package init(
        provider: String, subject: Subject, body: [UInt8], bodyHash: UInt128, refundBits: UInt128
    ) {
        self.provider = provider
        self.subject = subject
        self.body = body
        self.bodyHash = bodyHash
        self.refundBits = refundBits
    }
}

/// Requests that change nothing.
package enum ReadOperation: Sendable {
    case venue(VenueID)
    case event(EventID)
    case events(EventQuery)
    case layout(hash: UInt128)
    case seatMap(EventID)
    case hold(HoldID)
    case order(OrderID)
    case orders(user: String)
}

/// `GET /events`: a page in the order of (`starts_at`, id).
package struct EventQuery: Sendable {
    package var from: WallTime?
    package var to: WallTime?
    /// Case-folded words that the name must contain.
    package var words: [String]
    /// The last event of the page before.
    package var after: EventPosition?
    /// 1…200.
    package var limit: Int
    package init(
        from: WallTime?, to: WallTime?, words: [String], after: EventPosition?, limit: Int
    ) {
        self.from = from
        self.to = to
        self.words = words
        self.after = after
        self.limit = limit
    }
}

/// An event's place in the order of pages.
package struct EventPosition: Hashable, Sendable {
    package var startsAt: WallTime
    package var event: EventID
    package init(startsAt: WallTime, event: EventID) {
        self.startsAt = startsAt
        self.event = event
    }
}

/// Requests of operators to one node.
package enum AdministrativeOperation: Sendable {
    case status
    /// Answered once everything applied when it arrived is in the shards' files of this node.
    case flush
    /// Hands leadership to a member, or to the best one.
    case transferLeadership(to: NodeID?)
}
