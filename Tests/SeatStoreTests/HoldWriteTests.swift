import Inventory
import Primitives
import SeatStore
import Testing

private func prepared(_ directory: TemporaryDirectory) throws -> ShardStore {
    let store = try openShard(directory)
    try store.write([delta(1) { $0.events = [event(1, seats: 10)] }])
    return store
}

@Suite struct HoldRows {
    @Test func areWrittenHoweverShortTheHoldsLife() throws {
        let directory = try TemporaryDirectory()
        let store = try prepared(directory)
        var released = hold(1, seats: [1], status: .released)
        released.endedAt = WallTime(1_795_343_400_200)
        try store.write([
            delta(2) {
                $0.holds = [hold(1, seats: [1])]
                $0.seats = [change(1, .initial, SeatImage(.held, 1, hold: 1))]
            },
            delta(3) {
                $0.holds = [released]
                $0.seats = [change(1, SeatImage(.held, 1, hold: 1), SeatImage(.available, 2))]
            },
        ])
        let image = try store.load()
        #expect(image.holds == [released])
        #expect(image.seats[0].images[1] == SeatImage(.available, 2))
    }

    @Test func comeBackWithEveryField() throws {
        let directory = try TemporaryDirectory()
        let store = try prepared(directory)
        var rich = hold(2, seats: [5, 1, 9], status: .booked)
        rich.user = "Ünïcode \"quoted\" 'user'"
        rich.key = ""
        rich.seats = [SeatIndex(9), SeatIndex(5)]
        rich.requestedTTLSeconds = 300
        rich.extensions = 1
        rich.orderNumber = 12
        rich.amendments = [
            AmendmentRecord(keyHash: .max, bodyHash: 0),
            AmendmentRecord(keyHash: 1, bodyHash: 1 << 127),
        ]
        var emptied = hold(3, seats: [2], status: .expired)
        emptied.seats = []
        emptied.endedAt = WallTime(1_795_344_000_123)
        try store.write([delta(2) { $0.holds = [rich, emptied] }])
        #expect(try store.load().holds == [rich, emptied])
    }

    @Test func goWhenTheHoldIsForgotten() throws {
        let directory = try TemporaryDirectory()
        let store = try prepared(directory)
        try store.write([delta(2) { $0.holds = [hold(1, seats: [1]), hold(2, seats: [2])] }])
        try store.write([
            delta(3) {
                $0.holds = [hold(1, seats: [1], status: .expired)]
                $0.forgottenHolds = [1]
            }
        ])
        #expect(try store.load().holds.map(\.number) == [2])
    }

    @Test func thatDoNotExistCannotBeForgotten() throws {
        let directory = try TemporaryDirectory()
        let store = try prepared(directory)
        let fact = disagreement { () throws(StoreError) in
            try store.write([delta(2) { $0.forgottenHolds = [4] }])
        }
        #expect(fact == .missingRow(table: "holds", number: 4))
    }

    @Test func keepTheirID() throws {
        let directory = try TemporaryDirectory()
        let store = try prepared(directory)
        try store.write([delta(2) { $0.holds = [hold(1, seats: [1])] }])
        var other = hold(1, seats: [1])
        other.id.bits = 99
        let fact = disagreement { () throws(StoreError) in
            try store.write([delta(3) { $0.holds = [other] }])
        }
        #expect(fact == .otherRow(table: "holds", number: 1))
    }
}

@Suite struct AShardsProgress {
    @Test func isStampedOnAnIdleShardToo() throws {
        let directory = try TemporaryDirectory()
        let store = try prepared(directory)
        let stamp = delta(9)
        try store.write([delta(5), stamp])
        let image = try store.load()
        #expect(image.appliedIndex == stamp.appliedIndex)
        #expect(image.clock == stamp.clock)
        #expect(image.digest == stamp.digest)
        #expect(store.appliedIndex == stamp.appliedIndex)
    }

    @Test func survivesAReopening() throws {
        let directory = try TemporaryDirectory()
        do { try prepared(directory).write([delta(7)]) }
        let store = try openShard(directory, mode: .existing)
        #expect(store.appliedIndex == LogIndex(7))
        #expect(store.durableIndex == .zero)
        try store.write([delta(8)])
        #expect(try store.load().appliedIndex == LogIndex(8))
    }

    @Test func isNobodyElsesToWrite() throws {
        let directory = try TemporaryDirectory()
        let store = try prepared(directory)
        try Person(directory.file("shard.sqlite")).run("UPDATE meta SET applied_index = 2")
        let fact = disagreement { () throws(StoreError) in try store.write([delta(3)]) }
        #expect(fact == .otherWriter)
    }

    @Test func ofNothingIsNothing() throws {
        let directory = try TemporaryDirectory()
        let store = try prepared(directory)
        try store.write([])
        #expect(store.appliedIndex == LogIndex(1))
    }

    @Test func mustRise() async {
        await #expect(processExitsWith: .failure) {
            try prepared(try TemporaryDirectory()).write([delta(1)])
        }
        await #expect(processExitsWith: .failure) {
            try prepared(try TemporaryDirectory()).write([delta(3), delta(2)])
        }
    }

    @Test func isThatOfTheShardAlone() async {
        await #expect(processExitsWith: .failure) {
            try prepared(try TemporaryDirectory()).write([delta(2, shard: ShardID(4))])
        }
        await #expect(processExitsWith: .failure) {
            try prepared(try TemporaryDirectory()).write([
                delta(2) {
                    $0.webhooks = [
                        WebhookRow(
                            content: KeepWebhook(provider: "p", bodyHash: 1, body: []),
                            receivedAt: .zero)
                    ]
                }
            ])
        }
    }
}
