import Inventory
import Primitives

/// The ledger of money that goes back.
struct RefundTable {
    static let schema = """
        CREATE TABLE refunds (
            refund_no     INTEGER PRIMARY KEY,
            refund_id     TEXT NOT NULL UNIQUE,
            payment_no    INTEGER NOT NULL REFERENCES payments,
            amount        INTEGER NOT NULL, -- minor units of the event's currency
            status        TEXT NOT NULL CHECK (\(RefundStatus.check("status"))),
            reason        TEXT NOT NULL,
            created_at_ms INTEGER NOT NULL,
            settled_at_ms INTEGER,
            reference     TEXT NOT NULL     -- the provider's own id, '' while unknown
        ) STRICT;
        """

    static let views = """
        CREATE VIEW refund_status AS
            -- Refunds with the names of their payment and order, and times to read.
            SELECT r.refund_id, p.payment_id, o.order_id, p.provider, r.reference, r.status,
                r.reason, r.amount, \(rfc3339("r.created_at_ms")) AS created_at,
                \(rfc3339("r.settled_at_ms")) AS settled_at
            FROM refunds r JOIN payments p ON p.payment_no = r.payment_no
                JOIN orders o ON o.order_no = p.order_no;
        """

    private let upsert: Statement

    init(_ connection: Connection) throws(StoreError) {
        upsert = try connection.prepare(
            """
            INSERT INTO refunds VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (refund_no) DO UPDATE SET
                status = excluded.status, settled_at_ms = excluded.settled_at_ms,
                reference = excluded.reference
            WHERE refund_id = excluded.refund_id
            """)
    }

    func write(_ row: RefundRow, _ flush: Flush) throws(StoreError) {
        upsert.bind(row.number)
        upsert.bind(row.id)
        upsert.bind(row.paymentNumber)
        upsert.bind(row.amount)
        upsert.bind(row.status)
        upsert.bind(text: row.reason)
        upsert.bind(row.createdAt)
        upsert.bind(row.settledAt)
        upsert.bind(text: row.reference)
        guard try upsert.run() == 1 else {
            throw flush.disagreement(.otherRow(table: "refunds", number: row.number))
        }
    }

    /// All refunds by rising number.
    static func load(_ connection: Connection) throws(StoreError) -> [RefundRow] {
        let rows = try connection.prepare("SELECT * FROM refunds ORDER BY refund_no")
        var refunds: [RefundRow] = []
        while try rows.step() {
            refunds.append(
                RefundRow(
                    number: try rows.number(), id: try rows.id(),
                    paymentNumber: try rows.number(), amount: rows.int64(),
                    status: try rows.status(), reason: rows.text(), createdAt: rows.time(),
                    settledAt: rows.optionalTime(), reference: rows.text()))
        }
        return refunds
    }
}
