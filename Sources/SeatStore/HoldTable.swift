import Inventory
import Primitives

/// Holds. Their ids carry no index: this is the busiest table, and memory finds them.
struct HoldTable {
    static let schema = """
        CREATE TABLE holds (
            hold_no               INTEGER PRIMARY KEY,
            hold_id               TEXT NOT NULL,
            event_no              INTEGER NOT NULL REFERENCES events,
            user_id               TEXT NOT NULL,
            client_reservation_id TEXT NOT NULL, -- the idempotency key
            seats                 TEXT NOT NULL, -- JSON list of seat_no, in the requested order
            requested_seats       TEXT,    -- as first requested, where some were dropped since
            requested_ttl_s       INTEGER, -- NULL: the event's default
            status                TEXT NOT NULL CHECK (\(HoldStatus.check("status"))),
            created_at_ms         INTEGER NOT NULL,
            expires_at_ms         INTEGER NOT NULL,
            ended_at_ms           INTEGER, -- NULL while it lives, and for booked holds
            extensions            INTEGER NOT NULL,
            amount                INTEGER NOT NULL, -- minor units of the event's currency
            order_no              INTEGER REFERENCES orders,
            amendments            BLOB     -- a key's and a body's 16-byte hash for each
        ) STRICT;
        """

    static let views = """
        CREATE VIEW hold_status AS
            -- Holds with the names of their event and order, and times to read.
            SELECT h.hold_id, e.event_id, e.name AS event, h.user_id, h.client_reservation_id,
                h.seats, h.status, h.amount, e.currency, o.order_id,
                \(rfc3339("h.created_at_ms")) AS created_at,
                \(rfc3339("h.expires_at_ms")) AS expires_at,
                \(rfc3339("h.ended_at_ms")) AS ended_at
            FROM holds h JOIN events e ON e.event_no = h.event_no
                LEFT JOIN orders o ON o.order_no = h.order_no;
        """

    private let upsert: Statement
    private let delete: Statement

    init(_ connection: Connection) throws(StoreError) {
        upsert = try connection.prepare(
            """
            INSERT INTO holds VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (hold_no) DO UPDATE SET
                seats = excluded.seats, requested_seats = excluded.requested_seats,
                status = excluded.status, expires_at_ms = excluded.expires_at_ms,
                ended_at_ms = excluded.ended_at_ms, extensions = excluded.extensions,
                amount = excluded.amount, order_no = excluded.order_no,
                amendments = excluded.amendments
            WHERE hold_id = excluded.hold_id
            """)
        delete = try connection.prepare("DELETE FROM holds WHERE hold_no = ?")
    }

    func write(_ row: HoldRow, _ flush: Flush) throws(StoreError) {
        upsert.bind(row.number)
        upsert.bind(row.id)
        upsert.bind(row.eventNumber)
        upsert.bind(text: row.user)
        upsert.bind(text: row.key)
        upsert.bind(row.seats)
        if row.requestedSeats == row.seats {
            upsert.bindNull()
        } else {
            upsert.bind(row.requestedSeats)
        }
        upsert.bind(row.requestedTTLSeconds)
        upsert.bind(row.status)
        upsert.bind(row.createdAt)
        upsert.bind(row.expiresAt)
        upsert.bind(row.endedAt)
        upsert.bind(Int64(row.extensions))
        upsert.bind(row.amount)
        upsert.bind(row.orderNumber)
        if row.amendments.isEmpty {
            upsert.bindNull()
        } else {
            upsert.bind(blob: encode(row.amendments))
        }
        guard try upsert.run() == 1 else {
            throw flush.disagreement(.otherRow(table: "holds", number: row.number))
        }
    }

    func forget(_ number: UInt64, _ flush: Flush) throws(StoreError) {
        delete.bind(number)
        guard try delete.run() == 1 else {
            throw flush.disagreement(.missingRow(table: "holds", number: number))
        }
    }

    /// All holds by rising number.
    static func load(_ connection: Connection) throws(StoreError) -> [HoldRow] {
        let rows = try connection.prepare("SELECT * FROM holds ORDER BY hold_no")
        var holds: [HoldRow] = []
        while try rows.step() {
            let number: UInt64 = try rows.number()
            let id: HoldID = try rows.id()
            let eventNumber: UInt32 = try rows.number()
            let user = rows.text()
            let key = rows.text()
            let seats = try rows.seats()
            holds.append(
                HoldRow(
                    number: number, id: id, eventNumber: eventNumber, user: user, key: key,
                    requestedSeats: try rows.optionalSeats() ?? seats, seats: seats,
                    requestedTTLSeconds: try rows.optionalNumber(), status: try rows.status(),
                    createdAt: rows.time(), expiresAt: rows.time(), endedAt: rows.optionalTime(),
                    extensions: try rows.number(), amount: rows.int64(),
                    orderNumber: try rows.optionalNumber(), amendments: try amendments(rows)))
        }
        return holds
    }
}

private func encode(_ amendments: [AmendmentRecord]) -> [UInt8] {
    var writer = ByteWriter(capacity: amendments.count * 32)
    for amendment in amendments {
        writer.u128(amendment.keyHash)
        writer.u128(amendment.bodyHash)
    }
    return writer.bytes
}

private func amendments(_ row: Statement) throws(StoreError) -> [AmendmentRecord] {
    let bytes = row.blob()
    var reader = ByteReader(bytes)
    var amendments: [AmendmentRecord] = []
    do throws(ByteReaderError) {
        while reader.remaining > 0 {
            amendments.append(
                AmendmentRecord(keyHash: try reader.u128(), bodyHash: try reader.u128()))
        }
    } catch {
        throw row.damaged("\(bytes.count) bytes of amendments")
    }
    return amendments
}
