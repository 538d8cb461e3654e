import Primitives

/// A shard's digest is the wrapping sum of one hash for each row of its logical content: events,
/// seats that ever changed, live holds, orders, payments, refunds, venues. A change subtracts the
/// old row's hash and adds the new one's; the order of rows, slots and evictions don't matter.
enum RowHash {
    private static func start(_ table: UInt64, _ number: UInt64) -> StableHash {
        var hash = StableHash(seed: table)
        hash.combine(number)
        return hash
    }

    static func seat(eventNumber: UInt32, _ seat: SeatIndex, _ image: SeatImage) -> UInt64 {
        guard image.version > 0 else { return 0 }
        var hash = start(1, UInt64(eventNumber) << 32 | UInt64(seat.rawValue))
        hash.combine(UInt64(image.version) << 8 | UInt64(image.state.rawValue))
        hash.combine(image.holdNumber)
        return hash.value
    }

    /// The event's fixed content.
    static func event(_ row: EventRow) -> UInt64 {
        var hash = start(2, UInt64(row.number))
        let content = row.content
        hash.combine(content.event.bits)
        hash.combine(content.owner)
        hash.combine(content.bodyHash)
        hash.combine(content.name)
        hash.combine(content.venue.bits)
        hash.combine(content.startsAt)
        hash.combine(content.onSaleAt)
        hash.combine(content.currency)
        hash.combine(UInt64(content.prices.count))
        for price in content.prices {
            hash.combine(price.section)
            hash.combine(UInt64(bitPattern: price.amount))
        }
        hash.combine(UInt64(content.ttl.minSeconds) << 32 | UInt64(content.ttl.defaultSeconds))
        hash.combine(UInt64(content.ttl.maxSeconds) << 32 | UInt64(row.seatCount))
        hash.combine(content.maxSeatsPerUser.map { UInt64($0) + 1 } ?? 0)
        hash.combine(row.createdAt)
        return hash.value
    }

    /// The event's revision, apart from its content: it changes with every command.
    static func revision(eventNumber: UInt32, _ revision: Revision) -> UInt64 {
        var hash = start(3, UInt64(eventNumber))
        hash.combine(revision.rawValue)
        return hash.value
    }

    /// Zero for holds that ended: nodes may forget them at different times.
    static func hold(_ row: HoldRow) -> UInt64 {
        guard row.status.isLive else { return 0 }
        var hash = start(4, row.number)
        hash.combine(row.id.bits)
        hash.combine(UInt64(row.eventNumber) << 32 | UInt64(row.status.rawValue))
        hash.combine(row.user)
        hash.combine(row.key)
        hash.combine(row.requestedSeats)
        hash.combine(row.seats)
        hash.combine(row.requestedTTLSeconds.map { UInt64($0) + 1 } ?? 0)
        hash.combine(row.createdAt)
        hash.combine(row.expiresAt)
        hash.combine(UInt64(row.extensions))
        hash.combine(UInt64(bitPattern: row.amount))
        hash.combine(row.orderNumber ?? 0)
        for record in row.amendments {
            hash.combine(record.keyHash)
            hash.combine(record.bodyHash)
        }
        return hash.value
    }

    static func order(_ row: OrderRow) -> UInt64 {
        var hash = start(5, row.number)
        hash.combine(row.id.bits)
        hash.combine(row.holdNumber)
        hash.combine(UInt64(row.eventNumber) << 32 | UInt64(row.status.rawValue))
        hash.combine(row.user)
        hash.combine(row.seats)
        hash.combine(UInt64(bitPattern: row.amount))
        hash.combine(row.createdAt)
        hash.combine(row.confirmedAt)
        hash.combine(row.cancelledAt)
        return hash.value
    }

    static func payment(_ row: PaymentRow) -> UInt64 {
        var hash = start(6, row.number)
        hash.combine(row.id.bits)
        hash.combine(row.orderNumber)
        hash.combine(row.key)
        hash.combine(row.token)
        hash.combine(row.provider)
        hash.combine(UInt64(row.status.rawValue))
        hash.combine(UInt64(bitPattern: row.amount))
        hash.combine(row.createdAt)
        hash.combine(row.deadline)
        hash.combine(row.settledAt)
        hash.combine(row.reference)
        return hash.value
    }

    static func refund(_ row: RefundRow) -> UInt64 {
        var hash = start(7, row.number)
        hash.combine(row.id.bits)
        hash.combine(row.paymentNumber)
        hash.combine(UInt64(bitPattern: row.amount))
        hash.combine(UInt64(row.status.rawValue))
        hash.combine(row.reason)
        hash.combine(row.createdAt)
        hash.combine(row.settledAt)
        hash.combine(row.reference)
        return hash.value
    }

    static func venue(_ row: VenueRow) -> UInt64 {
        var hash = StableHash(seed: 8)
        hash.combine(row.content.venue.bits)
        hash.combine(row.content.owner)
        hash.combine(row.content.name)
        hash.combine(UInt64(row.content.partCount))
        hash.combine(row.content.layoutHash)
        hash.combine(row.content.bodyHash)
        hash.combine(row.createdAt)
        return hash.value
    }
}

extension StableHash {
    fileprivate mutating func combine(_ time: WallTime) {
        combine(UInt64(bitPattern: time.rawValue))
    }

    fileprivate mutating func combine(_ time: WallTime?) {
        combine(time == nil ? 0 : 1 as UInt64)
        if let time { combine(time) }
    }

    fileprivate mutating func combine(_ seats: [SeatIndex]) {
        combine(UInt64(seats.count))
        for seat in seats { combine(UInt64(seat.rawValue)) }
    }
}

extension HoldStatus {
    /// Whether its seats are claimed.
    var isLive: Bool {
        switch self {
        case .held, .paymentPending, .booked: true
        case .released, .expired: false
        }
    }

    /// Whether it may still come to a booking by itself: what the counter of holds counts.
    var isOpen: Bool {
        switch self {
        case .held, .paymentPending: true
        case .booked, .released, .expired: false
        }
    }
}

extension AttemptStatus {
    /// Whether the provider's word is still awaited.
    package var isOpen: Bool {
        switch self {
        case .pending, .cancelling: true
        case .succeeded, .declined, .cancelled: false
        }
    }
}
