import Inventory
import Primitives
import SeatStore
import Testing

@Suite struct AnImage {
    @Test(arguments: UInt64(1)...24)
    func equalsTheModelAfterARandomSale(_ seed: UInt64) throws {
        let directory = try TemporaryDirectory()
        var model = SaleModel(seed: seed)
        var random = PRNG(seed: seed &+ 1_000)
        var store = try openShard(directory)
        for _ in 0..<25 {
            try store.write((0...random.next(below: 4)).map { _ in model.nextDelta() })
            switch random.next(below: 6) {
            case 0: _ = try store.checkpoint()
            case 1: store = try openShard(directory, mode: .existing)
            default: break
            }
            #expect(try store.load().differences(from: model.image) == [], "seed \(seed)")
        }
        #expect(model.image.holds.count + model.image.orders.count > 0, "seed \(seed) did nothing")
        let person = try Person(directory.file("shard.sqlite"))
        #expect(try person.rows("PRAGMA integrity_check") == ["ok"])
        #expect(try person.rows("PRAGMA foreign_key_check") == [])
    }

    @Test func isTheSameHoweverTheDeltasAreBatched() throws {
        let one = try TemporaryDirectory()
        let many = try TemporaryDirectory()
        var model = SaleModel(seed: 99)
        let deltas = (0..<120).map { _ in model.nextDelta() }
        let together = try openShard(one)
        try together.write(deltas)
        let apart = try openShard(many)
        for delta in deltas { try apart.write([delta]) }
        #expect(try together.load().differences(from: apart.load()) == [])
        #expect(try together.load().differences(from: model.image) == [])
    }
}

@Suite struct ALoad {
    /// A sale whose file a stranger then edits.
    @Test(arguments: [
        ("DELETE FROM seats WHERE seat_no = 3", "stands where another belongs"),
        ("DELETE FROM seats WHERE seat_no = 9", "9 of 10 seats"),
        ("INSERT INTO seats VALUES (1, 10, 'available', 0, NULL)", "beyond"),
        ("INSERT INTO seats VALUES (2, 0, 'available', 0, NULL)", "beyond"),
        ("UPDATE seats SET version = -1", "version: -1 out of range"),
        ("UPDATE seats SET version = 4294967296", "out of range"),
        ("UPDATE seats SET status = 'booked' WHERE seat_no = 8", "not in booked_seats"),
        ("UPDATE seats SET status = 'held' WHERE seat_no = 1", "but not booked"),
        ("DELETE FROM booked_seats WHERE seat_no = 0", "not in booked_seats"),
        ("UPDATE booked_seats SET order_no = 2", "does not own"),
        ("UPDATE orders SET status = 'cancelled'", "of no order"),
        ("UPDATE holds SET seats = '1,2'", "no list of seats"),
        ("UPDATE holds SET hold_id = 'hold_'", "no id"),
        ("UPDATE holds SET amendments = x'0011'", "amendments"),
        ("UPDATE orders SET seats = '[0,10]'", "does not own"),
        ("UPDATE meta SET digest = 'x'", "digest"),
        ("UPDATE meta SET applied_index = -1", "out of range"),
    ])
    func refuses(_ edit: String, _ reason: String) throws {
        let directory = try TemporaryDirectory()
        let store = try openShard(directory)
        try store.write([
            delta(1) {
                $0.events = [event(1, seats: 10)]
                $0.holds = [hold(1, seats: [0, 1], status: .booked)]
                $0.orders = [order(1, hold: 1, seats: [0, 1], status: .confirmed)]
                $0.payments = [payment(1, order: 1, status: .succeeded)]
                $0.refunds = [refund(1, payment: 1)]
                $0.seats = [
                    change(0, .initial, SeatImage(.booked, 1, hold: 1)),
                    change(1, .initial, SeatImage(.booked, 1, hold: 1)),
                ]
            }
        ])
        _ = try store.load()
        let person = try Person(directory.file("shard.sqlite"))
        #expect(person.run(edit) == 0)
        let error = thrown { () throws(StoreError) in _ = try store.load() }
        guard case .damaged(let file) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(file.reason.contains(reason), "\(file.reason)")
        #expect(file.file == directory.file("shard.sqlite"))
    }
}
