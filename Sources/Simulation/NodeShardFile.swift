package import Inventory
package import Primitives

/// One shard's file as tables in memory: row changes go in, an image comes out. It checks, as the
/// real files do, that a seat's pre-image is what it holds.
package struct NodeShardFile: Sendable {
    package let shard: ShardID
    package private(set) var appliedIndex = LogIndex.zero
    private var clock = WallTime.zero
    private var digest: UInt64
    private var events: [UInt32: EventRow] = [:]
    private var seats: [UInt32: [SeatImage]] = [:]
    /// By number.
    package private(set) var holds: [UInt64: HoldRow] = [:]
    private var orders: [UInt64: OrderRow] = [:]
    private var payments: [UInt64: PaymentRow] = [:]
    private var refunds: [UInt64: RefundRow] = [:]
    private var venues: [VenueID: VenueRow] = [:]
    private var venueParts: [ImportVenuePart] = []
    private var webhooks: [UInt128: WebhookRow] = [:]
    /// Seats whose pre-image was not what the file held.
    package private(set) var disagreements: [SeatChange] = []

    package init(_ shard: ShardID, emptyDigest: UInt64) {
        self.shard = shard
        digest = emptyDigest
    }

    /// Carries out the row changes, in one step.
    package mutating func write(_ delta: ShardDelta) {
        invariant(
            delta.shard == shard && delta.appliedIndex >= appliedIndex,
            "\(delta.shard) at \(delta.appliedIndex) after \(shard) at \(appliedIndex)")
        appliedIndex = delta.appliedIndex
        clock = delta.clock
        digest = delta.digest
        writeRows(of: delta.changes)
        for change in delta.changes.seats { step(change) }
        for number in delta.changes.forgottenHolds { holds[number] = nil }
        for venue in delta.changes.forgottenVenueParts {
            venueParts.removeAll { $0.venue == venue }
        }
        for hash in delta.changes.forgottenWebhooks { webhooks[hash] = nil }
    }

    private mutating func writeRows(of changes: RowChanges) {
        for row in changes.events {
            events[row.number] = row
            guard seats[row.number] == nil else { continue }
            seats[row.number] = Array(repeating: .initial, count: Int(row.seatCount))
        }
        for row in changes.holds { holds[row.number] = row }
        for row in changes.orders { orders[row.number] = row }
        for row in changes.payments { payments[row.number] = row }
        for row in changes.refunds { refunds[row.number] = row }
        for row in changes.venues { venues[row.content.venue] = row }
        for part in changes.venueParts {
            venueParts.removeAll { $0.venue == part.venue && $0.part == part.part }
            venueParts.append(part)
        }
        for row in changes.webhooks { webhooks[row.content.bodyHash] = row }
    }

    private mutating func step(_ change: SeatChange) {
        let seat = Int(change.seat.rawValue)
        if seats[change.eventNumber]?[seat] != change.before { disagreements.append(change) }
        seats[change.eventNumber]?[seat] = change.after
    }

    /// Everything in it, in the order of its keys.
    package func image() -> ShardImage {
        var image = ShardImage(
            shard: shard, appliedIndex: appliedIndex, clock: clock, digest: digest)
        image.events = events.values.sorted { $0.number < $1.number }
        image.seats = seats.keys.sorted().map { (eventNumber: $0, images: seats[$0] ?? []) }
        image.holds = holds.values.sorted { $0.number < $1.number }
        image.orders = orders.values.sorted { $0.number < $1.number }
        image.payments = payments.values.sorted { $0.number < $1.number }
        image.refunds = refunds.values.sorted { $0.number < $1.number }
        image.venues = venues.values.sorted { $0.sealedIndex < $1.sealedIndex }
        image.venueParts = venueParts.sorted {
            ($0.venue, $0.part) < ($1.venue, $1.part)
        }
        image.webhooks = webhooks.values.sorted {
            ($0.receivedAt, $0.content.bodyHash) < ($1.receivedAt, $1.content.bodyHash)
        }
        return image
    }
}
