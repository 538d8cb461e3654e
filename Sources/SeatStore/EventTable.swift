import Inventory
import Primitives

/// Events with their prices.
struct EventTable {
    static let schema = """
        CREATE TABLE events (
            event_no           INTEGER PRIMARY KEY,
            event_id           TEXT NOT NULL UNIQUE,
            owner              TEXT NOT NULL, -- the API key that created it
            body_hash          BLOB NOT NULL CHECK (length(body_hash) = 16), -- of the request
            name               TEXT NOT NULL,
            venue_id           TEXT NOT NULL, -- its layout is in system.sqlite
            starts_at_ms       INTEGER NOT NULL,
            on_sale_at_ms      INTEGER,
            currency           TEXT NOT NULL,
            hold_ttl_min_s     INTEGER NOT NULL,
            hold_ttl_default_s INTEGER NOT NULL,
            hold_ttl_max_s     INTEGER NOT NULL,
            max_seats_per_user INTEGER,
            seat_count         INTEGER NOT NULL CHECK (seat_count >= 0),
            created_at_ms      INTEGER NOT NULL,
            revision           INTEGER NOT NULL -- rises with every change of its seats
        ) STRICT;

        CREATE TABLE event_prices (
            event_no INTEGER NOT NULL REFERENCES events,
            position INTEGER NOT NULL, -- as the organizer listed them
            section  TEXT NOT NULL,    -- '*': every section without a price of its own
            amount   INTEGER NOT NULL, -- minor units of the event's currency
            PRIMARY KEY (event_no, position)
        ) STRICT, WITHOUT ROWID;
        """

    static let views = """
        CREATE VIEW event_status AS
            -- Events as the API shows them, with the counts of their seats.
            SELECT event_id, name, \(rfc3339("starts_at_ms")) AS starts_at,
                \(rfc3339("on_sale_at_ms")) AS on_sale_at, currency, seat_count,
                (SELECT count(*) FROM seats s
                    WHERE s.event_no = e.event_no AND s.status = 'available') AS available,
                (SELECT count(*) FROM seats s WHERE s.event_no = e.event_no
                    AND s.status IN ('held', 'payment_pending')) AS held,
                (SELECT count(*) FROM seats s
                    WHERE s.event_no = e.event_no AND s.status = 'booked') AS booked,
                (SELECT count(*) FROM seats s
                    WHERE s.event_no = e.event_no AND s.status = 'blocked') AS blocked,
                revision
            FROM events e;
        """

    private let update: Statement
    private let insert: Statement
    private let insertPrice: Statement
    private let insertSeats: Statement

    init(_ connection: Connection) throws(StoreError) {
        update = try connection.prepare(
            "UPDATE events SET revision = ? WHERE event_no = ? AND event_id = ?")
        insert = try connection.prepare(
            "INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
        insertPrice = try connection.prepare("INSERT INTO event_prices VALUES (?, ?, ?, ?)")
        // One statement for a stadium: half a microsecond a seat.
        insertSeats = try connection.prepare(
            """
            WITH RECURSIVE numbers (seat_no) AS (
                SELECT 0 WHERE ?1 > 0
                UNION ALL SELECT seat_no + 1 FROM numbers WHERE seat_no + 1 < ?1)
            INSERT INTO seats SELECT ?2, seat_no, 'available', 0, NULL FROM numbers
            """)
    }

    /// Only an event's revision ever changes. A new event brings its prices and all its seats.
    func write(_ row: EventRow) throws(StoreError) {
        update.bind(row.revision.rawValue)
        update.bind(row.number)
        update.bind(row.content.event)
        guard try update.run() == 0 else { return }
        try insertEvent(row)
        for (position, price) in row.content.prices.enumerated() {
            insertPrice.bind(row.number)
            insertPrice.bind(Int64(position))
            insertPrice.bind(text: price.section)
            insertPrice.bind(price.amount)
            try insertPrice.run()
        }
        insertSeats.bind(row.seatCount)
        insertSeats.bind(row.number)
        try insertSeats.run()
    }

    private func insertEvent(_ row: EventRow) throws(StoreError) {
        let content = row.content
        insert.bind(row.number)
        insert.bind(content.event)
        insert.bind(text: content.owner)
        insert.bind(content.bodyHash)
        insert.bind(text: content.name)
        insert.bind(content.venue)
        insert.bind(content.startsAt)
        insert.bind(content.onSaleAt)
        insert.bind(text: content.currency)
        insert.bind(content.ttl.minSeconds)
        insert.bind(content.ttl.defaultSeconds)
        insert.bind(content.ttl.maxSeconds)
        insert.bind(content.maxSeatsPerUser)
        insert.bind(row.seatCount)
        insert.bind(row.createdAt)
        insert.bind(row.revision.rawValue)
        try insert.run()
    }

    /// All events by rising number.
    static func load(_ connection: Connection) throws(StoreError) -> [EventRow] {
        let prices = try loadPrices(connection)
        let rows = try connection.prepare("SELECT * FROM events ORDER BY event_no")
        var events: [EventRow] = []
        while try rows.step() {
            let number: UInt32 = try rows.number()
            let content = CreateEvent(
                event: try rows.id(), owner: rows.text(), bodyHash: try rows.hash(),
                name: rows.text(), venue: try rows.id(), startsAt: rows.time(),
                onSaleAt: rows.optionalTime(), currency: rows.text(), prices: prices[number] ?? [],
                ttl: HoldTTL(
                    minSeconds: try rows.number(), defaultSeconds: try rows.number(),
                    maxSeconds: try rows.number()),
                maxSeatsPerUser: try rows.optionalNumber())
            events.append(
                EventRow(
                    number: number, content: content, seatCount: try rows.number(),
                    createdAt: rows.time(), revision: Revision(try rows.number())))
        }
        return events
    }

    private static func loadPrices(
        _ connection: Connection
    ) throws(StoreError) -> [UInt32: [SectionPrice]] {
        let rows = try connection.prepare(
            "SELECT event_no, section, amount FROM event_prices ORDER BY event_no, position")
        var prices: [UInt32: [SectionPrice]] = [:]
        while try rows.step() {
            let number: UInt32 = try rows.number()
            prices[number, default: []].append(
                SectionPrice(section: rows.text(), amount: rows.int64()))
        }
        return prices
    }
}
