import Inventory
import Primitives

/// Payment attempts, none to many an order.
struct PaymentTable {
    static let schema = """
        CREATE TABLE payments (
            payment_no      INTEGER PRIMARY KEY,
            payment_id      TEXT NOT NULL UNIQUE,
            order_no        INTEGER NOT NULL REFERENCES orders,
            idempotency_key TEXT NOT NULL,
            payment_token   TEXT NOT NULL,
            provider        TEXT NOT NULL,
            status          TEXT NOT NULL CHECK (\(AttemptStatus.check("status"))),
            amount          INTEGER NOT NULL, -- minor units of the event's currency
            created_at_ms   INTEGER NOT NULL,
            deadline_ms     INTEGER NOT NULL, -- from then on its cancellation is asked for
            settled_at_ms   INTEGER,
            reference       TEXT NOT NULL     -- the provider's own id, '' while unknown
        ) STRICT;
        """

    static let views = """
        CREATE VIEW payment_status AS
            -- Payment attempts with the names of their order and event, and times to read.
            SELECT p.payment_id, o.order_id, e.event_id, p.provider, p.reference, p.status,
                p.amount, e.currency, \(rfc3339("p.created_at_ms")) AS created_at,
                \(rfc3339("p.deadline_ms")) AS deadline,
                \(rfc3339("p.settled_at_ms")) AS settled_at
            FROM payments p JOIN orders o ON o.order_no = p.order_no
                JOIN events e ON e.event_no = o.event_no;
        """

    private let upsert: Statement

    init(_ connection: Connection) throws(StoreError) {
        upsert = try connection.prepare(
            """
            INSERT INTO payments VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (payment_no) DO UPDATE SET
                status = excluded.status, deadline_ms = excluded.deadline_ms,
                settled_at_ms = excluded.settled_at_ms, reference = excluded.reference
            WHERE payment_id = excluded.payment_id
            """)
    }

    func write(_ row: PaymentRow, _ flush: Flush) throws(StoreError) {
        upsert.bind(row.number)
        upsert.bind(row.id)
        upsert.bind(row.orderNumber)
        upsert.bind(text: row.key)
        upsert.bind(text: row.token)
        upsert.bind(text: row.provider)
        upsert.bind(row.status)
        upsert.bind(row.amount)
        upsert.bind(row.createdAt)
        upsert.bind(row.deadline)
        upsert.bind(row.settledAt)
        upsert.bind(text: row.reference)
        guard try upsert.run() == 1 else {
            throw flush.disagreement(.otherRow(table: "payments", number: row.number))
        }
    }

    /// All attempts by rising number.
    static func load(_ connection: Connection) throws(StoreError) -> [PaymentRow] {
        let rows = try connection.prepare("SELECT * FROM payments ORDER BY payment_no")
        var payments: [PaymentRow] = []
        while try rows.step() {
            payments.append(
                PaymentRow(
                    number: try rows.number(), id: try rows.id(), orderNumber: try rows.number(),
                    key: rows.text(), token: rows.text(), provider: rows.text(),
                    status: try rows.status(), amount: rows.int64(), createdAt: rows.time(),
                    deadline: rows.time(), settledAt: rows.optionalTime(), reference: rows.text()))
        }
        return payments
    }
}
