import Inventory
import Primitives

/// The seats: one row each from the event's creation on, changed by compare-and-set only.
struct SeatTable {
    static let schema = """
        CREATE TABLE seats (
            event_no INTEGER NOT NULL REFERENCES events,
            seat_no  INTEGER NOT NULL, -- position in the venue's layout order, from 0
            status   TEXT NOT NULL CHECK (\(SeatState.check("status"))),
            version  INTEGER NOT NULL, -- rises by one with every change
            hold_no  INTEGER REFERENCES holds, -- the hold that claims it; NULL: none
            PRIMARY KEY (event_no, seat_no)
        ) STRICT, WITHOUT ROWID;
        """

    static let views = """
        CREATE VIEW seat_status AS
            -- Seats with the names of their event and of the hold and the order that claim them.
            SELECT e.event_id, e.name AS event, s.seat_no, s.status, s.version,
                h.hold_id, h.user_id, \(rfc3339("h.expires_at_ms")) AS expires_at, o.order_id
            FROM seats s JOIN events e ON e.event_no = s.event_no
                LEFT JOIN holds h ON h.hold_no = s.hold_no
                LEFT JOIN orders o ON o.order_no = h.order_no;
        """

    private let compareAndSet: Statement
    private let find: Statement
    private let findEvent: Statement

    init(_ connection: Connection) throws(StoreError) {
        compareAndSet = try connection.prepare(
            """
            UPDATE seats SET status = ?, version = ?, hold_no = ?
            WHERE event_no = ? AND seat_no = ? AND status = ? AND version = ? AND hold_no IS ?
            """)
        find = try connection.prepare(
            "SELECT status, version, hold_no FROM seats WHERE event_no = ? AND seat_no = ?")
        findEvent = try connection.prepare("SELECT event_id FROM events WHERE event_no = ?")
    }

    /// Moves the seat from the first image of its step to the last, or says what stood there.
    func write(_ step: SeatStep, _ flush: Flush) throws(StoreError) {
        compareAndSet.bind(step.after.state)
        compareAndSet.bind(step.after.version)
        compareAndSet.bind(claim: step.after.holdNumber)
        compareAndSet.bind(step.address.eventNumber)
        compareAndSet.bind(step.address.seat.rawValue)
        compareAndSet.bind(step.before.state)
        compareAndSet.bind(step.before.version)
        compareAndSet.bind(claim: step.before.holdNumber)
        guard try compareAndSet.run() == 1 else {
            let found = try image(of: step.address)
            throw flush.disagreement(
                .seat(step.address, expected: step.before, found: found),
                event: try eventID(step.address.eventNumber))
        }
    }

    private func image(of address: SeatAddress) throws(StoreError) -> SeatImage? {
        find.bind(address.eventNumber)
        find.bind(address.seat.rawValue)
        guard try find.step() else { return nil }
        defer { find.reset() }
        return try Self.image(find)
    }

    /// The public id of an event, for a report; nil when no row has the number.
    func eventID(_ number: UInt32) throws(StoreError) -> EventID? {
        findEvent.bind(number)
        guard try findEvent.step() else { return nil }
        defer { findEvent.reset() }
        return try findEvent.id()
    }

    private static func image(_ row: Statement) throws(StoreError) -> SeatImage {
        SeatImage(
            state: try row.status(), version: try row.number(),
            holdNumber: try row.optionalNumber() ?? 0)
    }

    /// Every event's seats, which must be exactly those that the event counts.
    static func load(
        of events: [EventRow], _ connection: Connection
    ) throws(StoreError) -> [(eventNumber: UInt32, images: [SeatImage])] {
        let rows = try connection.prepare(
            """
            SELECT event_no, seat_no, status, version, hold_no FROM seats
            ORDER BY event_no, seat_no
            """)
        var seats: [(eventNumber: UInt32, images: [SeatImage])] = []
        var hasRow = try rows.step()
        for event in events {
            var images: [SeatImage] = []
            images.reserveCapacity(Int(event.seatCount))
            while hasRow, images.count < event.seatCount {
                let address = SeatAddress(
                    eventNumber: try rows.number(), seat: SeatIndex(try rows.number()))
                guard address.eventNumber == event.number, address.seat.rawValue == images.count
                else { throw connection.damaged("\(address) stands where another belongs") }
                images.append(try image(rows))
                hasRow = try rows.step()
            }
            guard images.count == event.seatCount else {
                throw connection.damaged(
                    "event \(event.number) has \(images.count) of \(event.seatCount) seats")
            }
            seats.append((event.number, images))
        }
        guard !hasRow else { throw connection.damaged("seats beyond those of the events") }
        return seats
    }
}
