import Inventory
import Primitives
import SeatStore
import Testing

@Suite struct AfterACrash {
    /// Copies the files after random writes and checkpoints, as a killed process leaves them.
    @Test(arguments: UInt64(1)...6)
    func everyFinishedWriteIsThereAndNothingElse(_ seed: UInt64) throws {
        let directory = try TemporaryDirectory()
        var model = SaleModel(seed: seed)
        var random = PRNG(seed: seed)
        let store = try openShard(directory)
        for _ in 0..<12 {
            try store.write([model.nextDelta(), model.nextDelta()])
            if random.next(below: 4) == 0 { _ = try store.checkpoint() }
            let copy = try TemporaryDirectory()
            try directory.copyAsAfterCrash("shard.sqlite", to: copy)
            let reopened = try openShard(copy, mode: .existing)
            #expect(reopened.durableIndex == .zero)
            #expect(try reopened.load().differences(from: model.image) == [], "seed \(seed)")
            // It goes on from there.
            var onwards = model
            try reopened.write([onwards.nextDelta()])
            #expect(try reopened.checkpoint().outcome == .complete)
            #expect(reopened.durableIndex == onwards.image.appliedIndex)
        }
    }

    /// Cuts the WAL anywhere, as a power cut may with `synchronous = NORMAL`: what is left is the
    /// state after one of the writes, no earlier than the durable index.
    @Test(arguments: UInt64(1)...6)
    func ofTheMachineAPrefixOfTheWritesIsLeft(_ seed: UInt64) throws {
        let directory = try TemporaryDirectory()
        var model = SaleModel(seed: seed)
        var random = PRNG(seed: seed)
        let store = try openShard(directory)
        var states: [LogIndex: ShardImage] = [:]
        for round in 0..<12 {
            try store.write([model.nextDelta()])
            states[model.image.appliedIndex] = model.image
            if round == 4 { #expect(try store.checkpoint().outcome == .complete) }
        }
        let durable = store.durableIndex
        #expect(durable > .zero)
        let walBytes = try directory.size("shard.sqlite-wal")
        var seen: Set<LogIndex> = []
        for _ in 0..<12 {
            let copy = try TemporaryDirectory()
            let cut = Int(random.next(below: UInt64(walBytes)))
            try directory.copyAsAfterCrash("shard.sqlite", to: copy, walBytes: cut)
            let image = try openShard(copy, mode: .existing).load()
            let expected = try #require(states[image.appliedIndex], "seed \(seed) cut \(cut)")
            #expect(image.differences(from: expected) == [], "seed \(seed) cut \(cut)")
            #expect(image.appliedIndex >= durable)
            seen.insert(image.appliedIndex)
        }
        #expect(seen.count > 1, "every cut gave the same state")
    }

    @Test func aWriteThatFailedLeavesNoTrace() throws {
        let directory = try TemporaryDirectory()
        let store = try openShard(directory)
        try store.write([delta(1) { $0.events = [event(1, seats: 5)] }])
        #expect(throws: StoreError.self) {
            try store.write([
                delta(2) {
                    $0.events = [event(2, seats: 500)]
                    $0.holds = [hold(1, seats: [0])]
                    $0.forgottenHolds = [9]
                }
            ])
        }
        let copy = try TemporaryDirectory()
        try directory.copyAsAfterCrash("shard.sqlite", to: copy)
        let image = try openShard(copy, mode: .existing).load()
        #expect(image.events.count == 1)
        #expect(image.holds.isEmpty)
        #expect(image.appliedIndex == LogIndex(1))
    }
}
