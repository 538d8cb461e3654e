import Inventory
import Primitives

/// Orders, and the seats that confirmed ones own: the second witness against an oversell, written
/// from the order's own list, never from the seats' rows.
struct OrderTable {
    static let schema = """
        CREATE TABLE orders (
            order_no        INTEGER PRIMARY KEY,
            order_id        TEXT NOT NULL UNIQUE,
            hold_no         INTEGER NOT NULL UNIQUE REFERENCES holds, -- a hold has one order
            event_no        INTEGER NOT NULL REFERENCES events,
            user_id         TEXT NOT NULL,
            seats           TEXT NOT NULL,    -- JSON list of seat_no
            status          TEXT NOT NULL CHECK (\(OrderStatus.check("status"))),
            amount          INTEGER NOT NULL, -- minor units of the event's currency
            created_at_ms   INTEGER NOT NULL,
            confirmed_at_ms INTEGER,
            cancelled_at_ms INTEGER
        ) STRICT;

        CREATE TABLE booked_seats (
            -- The seats of confirmed orders. The primary key is the promise: no seat twice.
            event_no INTEGER NOT NULL REFERENCES events,
            seat_no  INTEGER NOT NULL,
            order_no INTEGER NOT NULL REFERENCES orders,
            PRIMARY KEY (event_no, seat_no)
        ) STRICT, WITHOUT ROWID;
        """

    static let views = """
        CREATE VIEW order_status AS
            -- Orders with the names of their event and hold, and times to read.
            SELECT o.order_id, h.hold_id, e.event_id, e.name AS event, o.user_id, o.seats,
                o.status, o.amount, e.currency, \(rfc3339("o.created_at_ms")) AS created_at,
                \(rfc3339("o.confirmed_at_ms")) AS confirmed_at,
                \(rfc3339("o.cancelled_at_ms")) AS cancelled_at
            FROM orders o JOIN events e ON e.event_no = o.event_no
                LEFT JOIN holds h ON h.hold_no = o.hold_no;
        """

    private let find: Statement
    private let upsert: Statement
    private let book: Statement
    private let owner: Statement
    private let unbook: Statement

    init(_ connection: Connection) throws(StoreError) {
        find = try connection.prepare("SELECT status, seats FROM orders WHERE order_no = ?")
        upsert = try connection.prepare(
            """
            INSERT INTO orders VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (order_no) DO UPDATE SET
                seats = excluded.seats, status = excluded.status, amount = excluded.amount,
                confirmed_at_ms = excluded.confirmed_at_ms,
                cancelled_at_ms = excluded.cancelled_at_ms
            WHERE order_id = excluded.order_id
            """)
        book = try connection.prepare(
            "INSERT INTO booked_seats VALUES (?, ?, ?) ON CONFLICT DO NOTHING")
        owner = try connection.prepare(
            "SELECT order_no FROM booked_seats WHERE event_no = ? AND seat_no = ?")
        unbook = try connection.prepare(
            "DELETE FROM booked_seats WHERE event_no = ? AND seat_no = ? AND order_no = ?")
    }

    /// Writes the last rows of a batch's orders. What orders give back goes before what others
    /// take: between two orders the rows of a batch have no order in time.
    func write(_ rows: [OrderRow], _ flush: Flush) throws(StoreError) {
        var gains: [(row: OrderRow, seats: [SeatIndex])] = []
        for row in rows {
            let before = try bookedSeats(of: row.number)
            let after = row.status == .confirmed ? row.seats : []
            guard before != after else { continue }
            for seat in before { try release(seat, of: row, flush) }
            gains.append((row, after))
        }
        for gain in gains {
            for seat in gain.seats { try take(seat, for: gain.row, flush) }
        }
        for row in rows { try write(row, flush) }
    }

    private func write(_ row: OrderRow, _ flush: Flush) throws(StoreError) {
        upsert.bind(row.number)
        upsert.bind(row.id)
        upsert.bind(row.holdNumber)
        upsert.bind(row.eventNumber)
        upsert.bind(text: row.user)
        upsert.bind(row.seats)
        upsert.bind(row.status)
        upsert.bind(row.amount)
        upsert.bind(row.createdAt)
        upsert.bind(row.confirmedAt)
        upsert.bind(row.cancelledAt)
        guard try upsert.run() == 1 else {
            throw flush.disagreement(.otherRow(table: "orders", number: row.number))
        }
    }

    /// What the order owns as the rows have it.
    private func bookedSeats(of number: UInt64) throws(StoreError) -> [SeatIndex] {
        find.bind(number)
        guard try find.step() else { return [] }
        defer { find.reset() }
        let status: OrderStatus = try find.status()
        return status == .confirmed ? try find.seats() : []
    }

    private func take(_ seat: SeatIndex, for row: OrderRow, _ flush: Flush) throws(StoreError) {
        book.bind(row.eventNumber)
        book.bind(seat.rawValue)
        book.bind(row.number)
        guard try book.run() == 0 else { return }
        owner.bind(row.eventNumber)
        owner.bind(seat.rawValue)
        let isOwned = try owner.step()
        invariant(isOwned, "\(seat) of event \(row.eventNumber) is taken, but by no order")
        defer { owner.reset() }
        let address = SeatAddress(eventNumber: row.eventNumber, seat: seat)
        throw flush.disagreement(
            .oversold(address, order: row.id, owner: try owner.number()))
    }

    private func release(_ seat: SeatIndex, of row: OrderRow, _ flush: Flush) throws(StoreError) {
        unbook.bind(row.eventNumber)
        unbook.bind(seat.rawValue)
        unbook.bind(row.number)
        guard try unbook.run() == 1 else {
            let address = SeatAddress(eventNumber: row.eventNumber, seat: seat)
            throw flush.disagreement(.notBooked(address, order: row.id))
        }
    }

    /// All orders by rising number.
    static func load(_ connection: Connection) throws(StoreError) -> [OrderRow] {
        let rows = try connection.prepare("SELECT * FROM orders ORDER BY order_no")
        var orders: [OrderRow] = []
        while try rows.step() {
            orders.append(
                OrderRow(
                    number: try rows.number(), id: try rows.id(), holdNumber: try rows.number(),
                    eventNumber: try rows.number(), user: rows.text(), seats: try rows.seats(),
                    status: try rows.status(), amount: rows.int64(), createdAt: rows.time(),
                    confirmedAt: rows.optionalTime(), cancelledAt: rows.optionalTime()))
        }
        return orders
    }
    /// All seats of `booked_seats` by event and seat.
    static func loadBooked(_ connection: Connection) throws(StoreError) -> [BookedSeat] {
        let rows = try connection.prepare(
            "SELECT event_no, seat_no, order_no FROM booked_seats ORDER BY event_no, seat_no")
        var booked: [BookedSeat] = []
        while try rows.step() {
            let address = SeatAddress(
                eventNumber: try rows.number(), seat: SeatIndex(try rows.number()))
            booked.append(BookedSeat(address: address, orderNumber: try rows.number()))
        }
        return booked
    }
}

/// A row of `booked_seats`.
struct BookedSeat: Hashable {
    var address: SeatAddress
    var orderNumber: UInt64
}
