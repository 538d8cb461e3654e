import CSQLite
import Inventory
import Primitives
import SeatStore
import Testing

/// A confirmed order on seats 0 and 1 of a small event, and a hold on seat 2.
private func sale(_ directory: TemporaryDirectory) throws -> Person {
    let store = try openShard(directory)
    try store.write([
        delta(1) { $0.events = [event(1, seats: 5)] },
        delta(2) {
            $0.seats = [
                change(0, .initial, SeatImage(.held, 1, hold: 1)),
                change(1, .initial, SeatImage(.held, 1, hold: 1)),
                change(0, SeatImage(.held, 1, hold: 1), SeatImage(.booked, 2, hold: 1)),
                change(1, SeatImage(.held, 1, hold: 1), SeatImage(.booked, 2, hold: 1)),
                change(2, .initial, SeatImage(.held, 1, hold: 2)),
            ]
            var booked = hold(1, seats: [0, 1], status: .booked)
            booked.orderNumber = 1
            $0.holds = [booked, hold(2, seats: [2])]
            $0.orders = [order(1, hold: 1, seats: [0, 1], status: .confirmed)]
            var paid = payment(1, order: 1, status: .succeeded)
            paid.settledAt = WallTime(1_795_343_402_500)
            paid.reference = "ch_1"
            $0.payments = [paid]
            $0.refunds = [refund(1, payment: 1)]
        },
    ])
    return try Person(directory.file("shard.sqlite"))
}

@Suite struct TheSchema {
    @Test(arguments: [
        "INSERT INTO booked_seats VALUES (1, 0, 2)",
        "INSERT INTO booked_seats VALUES (1, 0, 1)",
        "INSERT INTO seats VALUES (1, 0, 'available', 0, NULL)",
        "INSERT INTO orders SELECT 9, order_id, 9, event_no, user_id, seats, status, amount, "
            + "created_at_ms, NULL, NULL FROM orders",
        "INSERT INTO orders SELECT 9, 'ord_9', hold_no, event_no, user_id, seats, status, amount, "
            + "created_at_ms, NULL, NULL FROM orders",
        "INSERT INTO payments SELECT 9, payment_id, order_no, 'k', 't', 'p', status, 0, 0, 0, "
            + "NULL, '' FROM payments",
        "UPDATE seats SET status = 'sold' WHERE seat_no = 4",
        "UPDATE holds SET status = 'available'",
        "UPDATE orders SET status = 'booked'",
        "UPDATE payments SET status = 'paid'",
        "UPDATE refunds SET status = 'done'",
        "UPDATE seats SET version = 'two'",
        "UPDATE seats SET status = NULL",
        "UPDATE events SET body_hash = x'00'",
        "INSERT INTO meta SELECT 2, format_version, cluster_id, group_no, node_id, incarnation, "
            + "shard, shard_count, applied_index, clock_ms, digest FROM meta",
    ])
    func refuses(_ sql: String) throws {
        let directory = try TemporaryDirectory()
        let code = try sale(directory).run(sql)
        #expect(code & 0xFF == SQLITE_CONSTRAINT, "\(sql) gave \(code)")
    }

    @Test func keepsEveryReference() throws {
        let directory = try TemporaryDirectory()
        let person = try sale(directory)
        #expect(try person.rows("PRAGMA foreign_key_check") == [])
        person.run("UPDATE holds SET event_no = 7 WHERE hold_no = 2")
        #expect(try person.rows("PRAGMA foreign_key_check").count == 1)
    }

    @Test func explainsItselfInTheShell() throws {
        let directory = try TemporaryDirectory()
        let person = try sale(directory)
        let schema = try person.rows("SELECT sql FROM sqlite_schema").joined(separator: "\n")
        #expect(schema.contains("-- The seats of confirmed orders"))
        #expect(schema.contains("-- position in the venue's layout order, from 0"))
    }
}

@Suite struct APersonWithTheShell {
    private let holdID = HoldID(shard: sampleShard, bits: 1 << 64 | 5).text
    private let orderID = OrderID(shard: sampleShard, bits: 1).text
    private let eventID = EventID(shard: sampleShard, bits: 1).text

    @Test func seesWhoHoldsASeat() throws {
        let directory = try TemporaryDirectory()
        let rows = try sale(directory).rows(
            """
            SELECT event_id, event, seat_no, status, hold_id, user_id, expires_at, order_id
            FROM seat_status WHERE seat_no IN (0, 3)
            """)
        #expect(
            rows == [
                "\(eventID)|Cup final 1|0|booked|\(holdID)|user-1|"
                    + "2026-11-22T10:40:00.123Z|\(orderID)",
                "\(eventID)|Cup final 1|3|available||||",
            ])
    }

    @Test func readsWordsListsAndTimes() throws {
        let directory = try TemporaryDirectory()
        let person = try sale(directory)
        #expect(
            try person.rows(
                "SELECT hold_id, seats, status, created_at, ended_at, order_id FROM hold_status"
            )
            .first == "\(holdID)|[0,1]|booked|2026-11-22T10:30:00.123Z||\(orderID)")
        #expect(
            try person.rows("SELECT order_id, hold_id, status, confirmed_at FROM order_status")
                == ["\(orderID)|\(holdID)|confirmed|2026-11-22T10:30:02.000Z"])
        #expect(
            try person.rows("SELECT order_id, status, reference, settled_at FROM payment_status")
                == ["\(orderID)|succeeded|ch_1|2026-11-22T10:30:02.500Z"])
        #expect(
            try person.rows("SELECT order_id, status, reason FROM refund_status")
                == ["\(orderID)|due|order_cancelled"])
    }

    @Test func countsAnEventsSeatsAndPrices() throws {
        let directory = try TemporaryDirectory()
        let person = try sale(directory)
        #expect(
            try person.rows("SELECT name, available, held, booked, blocked FROM event_status")
                == ["Cup final 1|2|1|2|0"])
        #expect(
            try person.rows("SELECT section, amount FROM event_prices")
                == ["north|4500", "*|2500"])
    }

    @Test func unfoldsASeatListWithSQLitesOwnFunctions() throws {
        let directory = try TemporaryDirectory()
        let rows = try sale(directory).rows(
            "SELECT value FROM orders, json_each(orders.seats) ORDER BY value")
        #expect(rows == ["0", "1"])
    }

    @Test func readsWhoseFileItIsAndHowFarItHasCome() throws {
        let directory = try TemporaryDirectory()
        let rows = try sale(directory).rows(
            "SELECT node_id, incarnation, shard, shard_count, applied_index, clock_ms FROM meta")
        #expect(rows == ["2|000000000000004d|03|8|2|1002"])
    }
}
