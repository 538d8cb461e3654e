import Inventory
import Primitives
import SeatStore
import Testing

/// Event 1 with ten seats and four holds, nothing ordered.
private func prepared(_ directory: TemporaryDirectory) throws -> ShardStore {
    let store = try openShard(directory)
    try store.write([delta(1) { $0.events = [event(1, seats: 10)] }])
    return store
}

private func booked(_ directory: TemporaryDirectory) throws -> [String] {
    try Person(directory.file("shard.sqlite")).rows("SELECT * FROM booked_seats")
}

private func address(_ seat: UInt32) -> SeatAddress {
    SeatAddress(eventNumber: 1, seat: SeatIndex(seat))
}

@Suite struct BookedSeats {
    @Test func areWrittenFromTheConfirmedOrderAlone() throws {
        let directory = try TemporaryDirectory()
        let store = try prepared(directory)
        try store.write([
            delta(2) { $0.orders = [order(1, hold: 1, seats: [3, 2], status: .pending)] }
        ])
        #expect(try booked(directory) == [])
        try store.write([
            delta(3) { $0.orders = [order(1, hold: 1, seats: [3, 2], status: .confirmed)] }
        ])
        #expect(try booked(directory) == ["1|2|1", "1|3|1"])
    }

    @Test func stayWhenAConfirmedOrdersRowIsWrittenAgain() throws {
        let directory = try TemporaryDirectory()
        let store = try prepared(directory)
        let confirmed = order(1, hold: 1, seats: [2], status: .confirmed)
        try store.write([delta(2) { $0.orders = [confirmed, confirmed] }])
        try store.write([delta(3) { $0.orders = [confirmed] }])
        #expect(try booked(directory) == ["1|2|1"])
    }

    @Test func goWithACancellationAndMayBeSoldAgain() throws {
        let directory = try TemporaryDirectory()
        let store = try prepared(directory)
        try store.write([
            delta(2) { $0.orders = [order(1, hold: 1, seats: [2, 3], status: .confirmed)] },
            delta(3) { $0.orders = [order(1, hold: 1, seats: [2, 3], status: .cancelled)] },
            delta(4) { $0.orders = [order(2, hold: 2, seats: [3], status: .confirmed)] },
        ])
        #expect(try booked(directory) == ["1|3|2"])
    }

    @Test func failedOrdersOwnNothing() throws {
        let directory = try TemporaryDirectory()
        let store = try prepared(directory)
        try store.write([
            delta(2) {
                $0.orders = [
                    order(1, hold: 1, seats: [2], status: .pending),
                    order(1, hold: 1, seats: [2], status: .failed),
                ]
            }
        ])
        #expect(try booked(directory) == [])
    }

    @Test func haveOneOwner() throws {
        let directory = try TemporaryDirectory()
        let store = try prepared(directory)
        try store.write([
            delta(2) { $0.orders = [order(1, hold: 1, seats: [2, 3], status: .confirmed)] }
        ])
        let second = order(2, hold: 2, seats: [4, 3], status: .confirmed)
        let fact = disagreement { () throws(StoreError) in
            try store.write([delta(3) { $0.orders = [second] }])
        }
        #expect(fact == .oversold(address(3), order: second.id, owner: 1))
        #expect(fact?.description.contains("OVERSELL") == true)
        #expect(try booked(directory) == ["1|2|1", "1|3|1"])
        #expect(store.appliedIndex == LogIndex(2))
    }

    @Test func passToAnotherOrderInOneBatchInWhateverOrderTheRowsStand() throws {
        let directory = try TemporaryDirectory()
        let store = try prepared(directory)
        try store.write([
            delta(2) { $0.orders = [order(2, hold: 2, seats: [2, 3], status: .confirmed)] }
        ])
        try store.write([
            delta(3) {
                $0.orders = [
                    order(1, hold: 1, seats: [3], status: .confirmed),
                    order(2, hold: 2, seats: [2, 3], status: .cancelled),
                    order(3, hold: 3, seats: [2], status: .confirmed),
                ]
            }
        ])
        #expect(try booked(directory) == ["1|2|3", "1|3|1"])
    }

    @Test func haveOneOwnerAmongTheOrdersOfOneBatch() throws {
        let directory = try TemporaryDirectory()
        let store = try prepared(directory)
        let second = order(2, hold: 2, seats: [2], status: .confirmed)
        let fact = disagreement { () throws(StoreError) in
            try store.write([
                delta(2) { $0.orders = [order(1, hold: 1, seats: [2], status: .confirmed)] },
                delta(3) { $0.orders = [second] },
            ])
        }
        #expect(fact == .oversold(address(2), order: second.id, owner: 1))
    }

    @Test func cannotBeGivenBackByWhoDoesNotOwnThem() throws {
        let directory = try TemporaryDirectory()
        let store = try prepared(directory)
        let first = order(1, hold: 1, seats: [2], status: .confirmed)
        try store.write([delta(2) { $0.orders = [first] }])
        try Person(directory.file("shard.sqlite")).run("DELETE FROM booked_seats")
        let fact = disagreement { () throws(StoreError) in
            try store.write([
                delta(3) { $0.orders = [order(1, hold: 1, seats: [2], status: .cancelled)] }
            ])
        }
        #expect(fact == .notBooked(address(2), order: first.id))
    }
}

@Suite struct OrdersAndPayments {
    @Test func aHoldHasOneOrder() throws {
        let directory = try TemporaryDirectory()
        let store = try prepared(directory)
        let fact = disagreement { () throws(StoreError) in
            try store.write([
                delta(2) {
                    $0.orders = [
                        order(1, hold: 1, seats: [2], status: .pending),
                        order(2, hold: 1, seats: [3], status: .pending),
                    ]
                }
            ])
        }
        guard case .constraint(let error) = fact else {
            Issue.record("\(String(describing: fact))")
            return
        }
        #expect(error.message.contains("orders.hold_no"))
    }

    @Test func aNumberKeepsItsID() throws {
        let directory = try TemporaryDirectory()
        let store = try prepared(directory)
        try store.write([
            delta(2) {
                $0.orders = [order(1, hold: 1, seats: [2], status: .pending)]
                $0.payments = [payment(1, order: 1)]
                $0.refunds = [refund(1, payment: 1)]
            }
        ])
        var otherOrder = order(1, hold: 1, seats: [2], status: .pending)
        otherOrder.id.bits = 99
        var otherPayment = payment(1, order: 1)
        otherPayment.id.bits = 99
        var otherRefund = refund(1, payment: 1)
        otherRefund.id.bits = 99
        let facts = [
            disagreement { () throws(StoreError) in
                try store.write([delta(3) { $0.orders = [otherOrder] }])
            },
            disagreement { () throws(StoreError) in
                try store.write([delta(3) { $0.payments = [otherPayment] }])
            },
            disagreement { () throws(StoreError) in
                try store.write([delta(3) { $0.refunds = [otherRefund] }])
            },
        ]
        #expect(
            facts == [
                .otherRow(table: "orders", number: 1), .otherRow(table: "payments", number: 1),
                .otherRow(table: "refunds", number: 1),
            ])
    }

    @Test func theLastRowOfAnAttemptAndARefundStands() throws {
        let directory = try TemporaryDirectory()
        let store = try prepared(directory)
        var settled = payment(1, order: 1, status: .succeeded)
        settled.settledAt = WallTime(1_795_343_402_500)
        settled.reference = "ch_1"
        var confirmed = refund(1, payment: 1, status: .confirmed)
        confirmed.settledAt = WallTime(1_795_343_600_000)
        confirmed.reference = "re_1"
        try store.write([
            delta(2) {
                $0.orders = [order(1, hold: 1, seats: [2], status: .pending)]
                $0.payments = [payment(1, order: 1), settled]
                $0.refunds = [refund(1, payment: 1)]
            },
            delta(3) { $0.refunds = [confirmed] },
        ])
        let image = try store.load()
        #expect(image.payments == [settled])
        #expect(image.refunds == [confirmed])
    }
}
