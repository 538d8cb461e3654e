import Foundation
import Inventory
import Primitives
import SeatStore
import Testing

@Suite struct ANodesSeatStore {
    private let three = identity(shardCount: 3)

    @Test func isADirectoryOfShardFiles() throws {
        let directory = try TemporaryDirectory()
        let store = try SeatStore(directory: directory.path, identity: three, mode: .create)
        #expect(store.shards.map(\.shard) == [ShardID(0), ShardID(1), ShardID(2), .system])
        for name in ["00.sqlite", "01.sqlite", "02.sqlite", "system.sqlite"] {
            #expect(FileManager.default.fileExists(atPath: directory.file(name)))
        }
    }

    @Test func writesEachShardsDeltasToItsFile() throws {
        let directory = try TemporaryDirectory()
        do {
            let store = try SeatStore(directory: directory.path, identity: three, mode: .create)
            try store.write([
                delta(1, shard: ShardID(2)) { $0.events = [event(1, seats: 3)] },
                delta(1, shard: .system),
                delta(4, shard: ShardID(2)),
                delta(3, shard: ShardID(0)),
            ])
            #expect(store[ShardID(2)].appliedIndex == LogIndex(4))
            #expect(store[.system].appliedIndex == LogIndex(1))
        }
        let store = try SeatStore(directory: directory.path, identity: three, mode: .existing)
        let images = try store.loadAll()
        #expect(images.map(\.appliedIndex) == [3, 0, 4, 1].map { LogIndex($0) })
        #expect(images.map(\.shard) == store.shards.map(\.shard))
        #expect(images.map(\.events.count) == [0, 0, 1, 0])
    }

    @Test func isDurableAsFarAsItsLastShard() throws {
        let directory = try TemporaryDirectory()
        let store = try SeatStore(directory: directory.path, identity: three, mode: .create)
        try store.write([
            delta(5, shard: ShardID(0)), delta(7, shard: ShardID(1)), delta(6, shard: ShardID(2)),
            delta(8, shard: .system),
        ])
        for shard in store.shards.dropLast() { _ = try shard.checkpoint() }
        #expect(store.durableIndex == .zero)
        _ = try store[.system].checkpoint()
        #expect(store.durableIndex == LogIndex(5))
    }

    @Test func missesNoFileInSilence() throws {
        let directory = try TemporaryDirectory()
        do { _ = try SeatStore(directory: directory.path, identity: three, mode: .create) }
        try FileManager.default.removeItem(atPath: directory.file("01.sqlite"))
        #expect(throws: StoreError.self) {
            try SeatStore(directory: directory.path, identity: three, mode: .existing)
        }
    }

    @Test func doesNotOpenASwappedFile() throws {
        let directory = try TemporaryDirectory()
        do { _ = try SeatStore(directory: directory.path, identity: three, mode: .create) }
        let files = FileManager.default
        try files.removeItem(atPath: directory.file("01.sqlite"))
        try files.copyItem(atPath: directory.file("00.sqlite"), toPath: directory.file("01.sqlite"))
        let error = thrown { () throws(StoreError) in
            _ = try SeatStore(directory: directory.path, identity: three, mode: .existing)
        }
        guard case .wrongFile(let wrong) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(wrong.key == "shard")
        #expect(wrong.found == "00")
    }

    /// Printed, not asserted: a debug build on a busy machine proves nothing about speed.
    @Test func speedSmoke() throws {
        let directory = try TemporaryDirectory()
        let store = try openShard(directory)
        let clock = ContinuousClock()
        var holds: [HoldRow] = []
        var seats: [SeatChange] = []
        for number in UInt64(1)...2_000 {
            let pair = [UInt32(number * 20), UInt32(number * 20 + 7)]
            holds.append(hold(number, seats: pair))
            for seat in pair {
                seats.append(change(seat, .initial, SeatImage(.held, 1, hold: number)))
            }
        }
        let creation = try clock.measure {
            try store.write([delta(1) { $0.events = [event(1, seats: 82_500)] }])
        }
        let sale = try clock.measure {
            try store.write([
                delta(2) {
                    $0.holds = holds
                    $0.seats = seats
                }
            ])
        }
        var image = try store.load()
        let loading = try clock.measure { image = try store.load() }
        print("82,500 seats created in \(creation), 2,000 holds in \(sale), loaded in \(loading)")
        #expect(image.holds.count == 2_000)
    }
}
