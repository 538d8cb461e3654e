import Inventory
import Primitives

/// The tables of an inventory shard.
struct EventShardTables {
    static let schema = [
        EventTable.schema, SeatTable.schema, HoldTable.schema, OrderTable.schema,
        PaymentTable.schema, RefundTable.schema, EventTable.views, SeatTable.views,
        HoldTable.views, OrderTable.views, PaymentTable.views, RefundTable.views,
    ]

    let seats: SeatTable
    private let events: EventTable
    private let holds: HoldTable
    private let orders: OrderTable
    private let payments: PaymentTable
    private let refunds: RefundTable

    init(_ connection: Connection) throws(StoreError) {
        events = try EventTable(connection)
        seats = try SeatTable(connection)
        holds = try HoldTable(connection)
        orders = try OrderTable(connection)
        payments = try PaymentTable(connection)
        refunds = try RefundTable(connection)
    }

    func write(_ deltas: [ShardDelta], _ flush: Flush) throws(StoreError) {
        for place in lastRows(deltas, { $0.events }, number: { UInt64($0.number) }) {
            try events.write(deltas[place.delta].changes.events[place.row])
        }
        for step in try joinSeatChains(deltas, flush) { try seats.write(step, flush) }
        for place in lastRows(deltas, { $0.holds }, number: { $0.number }) {
            try holds.write(deltas[place.delta].changes.holds[place.row], flush)
        }
        let changed = lastRows(deltas, { $0.orders }, number: { $0.number })
        try orders.write(changed.map { deltas[$0.delta].changes.orders[$0.row] }, flush)
        for delta in deltas {
            for number in delta.changes.forgottenHolds { try holds.forget(number, flush) }
            for row in delta.changes.payments { try payments.write(row, flush) }
            for row in delta.changes.refunds { try refunds.write(row, flush) }
        }
    }

    static func load(
        into image: inout ShardImage, _ connection: Connection
    ) throws(StoreError) {
        image.events = try EventTable.load(connection)
        image.seats = try SeatTable.load(of: image.events, connection)
        image.holds = try HoldTable.load(connection)
        image.orders = try OrderTable.load(connection)
        image.payments = try PaymentTable.load(connection)
        image.refunds = try RefundTable.load(connection)
        try checkBookedSeats(try OrderTable.loadBooked(connection), image, connection)
    }
}

/// The tables of the system shard.
struct SystemShardTables {
    static let schema = [VenueTable.schema, WebhookTable.schema, WebhookTable.views]

    private let venues: VenueTable
    private let webhooks: WebhookTable

    init(_ connection: Connection) throws(StoreError) {
        venues = try VenueTable(connection)
        webhooks = try WebhookTable(connection)
    }

    /// Within a delta the forgotten goes first: what a delta brings is there after it.
    func write(_ deltas: [ShardDelta]) throws(StoreError) {
        for delta in deltas {
            for venue in delta.changes.forgottenVenueParts { try venues.forgetParts(of: venue) }
            for hash in delta.changes.forgottenWebhooks { try webhooks.forget(hash) }
            for part in delta.changes.venueParts { try venues.write(part) }
            for row in delta.changes.venues { try venues.write(row) }
            for row in delta.changes.webhooks { try webhooks.write(row) }
        }
    }

    static func load(
        into image: inout ShardImage, _ connection: Connection
    ) throws(StoreError) {
        image.venues = try VenueTable.load(connection)
        image.venueParts = try VenueTable.loadParts(connection)
        image.webhooks = try WebhookTable.load(connection)
    }
}

extension RowChanges {
    /// Rows that only the system shard has.
    var systemRowCount: Int {
        venues.count + venueParts.count + webhooks.count + forgottenVenueParts.count
            + forgottenWebhooks.count
    }
}

/// Where a row stands in a batch.
private struct RowPlace {
    var number: UInt64
    var delta: Int
    var row: Int
}

/// The place of each number's last row, by rising number: the order of the rows on disk.
private func lastRows<Row>(
    _ deltas: [ShardDelta], _ rows: (RowChanges) -> [Row], number: (Row) -> UInt64
) -> [RowPlace] {
    var places: [RowPlace] = []
    for (delta, changes) in deltas.lazy.map(\.changes).enumerated() {
        for (position, row) in rows(changes).enumerated() {
            places.append(RowPlace(number: number(row), delta: delta, row: position))
        }
    }
    places.sort { ($0.number, $0.delta, $0.row) < ($1.number, $1.delta, $1.row) }
    var last: [RowPlace] = []
    last.reserveCapacity(places.count)
    for place in places {
        if last.last?.number == place.number { last.removeLast() }
        last.append(place)
    }
    return last
}
