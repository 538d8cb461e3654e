import Foundation
import Inventory
import Primitives
import SeatStore
import Testing

@Suite struct ACheckpoint {
    @Test func makesDurableWhatWasCommittedBefore() throws {
        let directory = try TemporaryDirectory()
        let store = try openShard(directory)
        try store.write([delta(1) { $0.events = [event(1, seats: 100)] }])
        #expect(store.durableIndex == .zero)
        let report = try store.checkpoint()
        #expect(report.outcome == .complete)
        #expect(report.framesLeft == 0)
        #expect(report.walFrames.map { $0 > 0 } == true)
        #expect(store.durableIndex == LogIndex(1))
        try store.write([delta(2)])
        #expect(store.durableIndex == LogIndex(1))
        _ = try store.checkpoint()
        #expect(store.durableIndex == LogIndex(2))
    }

    @Test func ofNothingNewIsComplete() throws {
        let directory = try TemporaryDirectory()
        do { try openShard(directory).write([delta(4)]) }
        let store = try openShard(directory, mode: .existing)
        #expect(try store.checkpoint().outcome == .complete)
        #expect(store.durableIndex == LogIndex(4))
        #expect(try store.checkpoint().outcome == .complete)
    }

    @Test func isHeldByAForeignReaderWhileWritesGoOn() throws {
        let directory = try TemporaryDirectory()
        let store = try openShard(directory)
        try store.write([delta(1) { $0.events = [event(1, seats: 1_000)] }])
        #expect(try store.checkpoint().outcome == .complete)
        try store.write([delta(2)])

        let person = try Person(directory.file("shard.sqlite"))
        person.run("BEGIN")
        #expect(try person.rows("SELECT applied_index FROM meta") == ["2"])
        try store.write([delta(3) { $0.events = [event(2, seats: 1_000)] }])
        let held = try store.checkpoint()
        #expect(held.outcome == .heldByReader)
        #expect(held.framesLeft.map { $0 > 0 } == true)
        #expect(held.walFrames.map { $0 > (held.framesLeft ?? 0) } == true)
        #expect(store.durableIndex == LogIndex(1))
        try store.write([delta(4)])
        // The reader still sees its own moment.
        #expect(try person.rows("SELECT applied_index FROM meta") == ["2"])

        person.run("COMMIT")
        #expect(try person.rows("SELECT applied_index FROM meta") == ["4"])
        #expect(try store.checkpoint().outcome == .complete)
        #expect(store.durableIndex == LogIndex(4))
    }

    @Test func doesNothingWhileAnotherProcessIsAtOne() throws {
        let directory = try TemporaryDirectory()
        let store = try openShard(directory)
        try store.write([delta(1) { $0.events = [event(1, seats: 1_000)] }])
        let reader = try Person(directory.file("shard.sqlite"))
        reader.run("BEGIN")
        #expect(try reader.rows("SELECT count(*) FROM events") == ["1"])
        try store.write([delta(2)])

        // A FULL checkpoint keeps its lock while it waits for the reader.
        let path = directory.file("shard.sqlite")
        let isDone = DispatchSemaphore(value: 0)
        Thread.detachNewThread {
            defer { isDone.signal() }
            guard let other = try? Person(path) else { return }
            other.run("PRAGMA busy_timeout = 60000")
            // Refused at once when it meets the store at a checkpoint of its own.
            while (try? other.rows("PRAGMA wal_checkpoint(FULL)").first?.first) == "1" {}
        }
        var report = try store.checkpoint()
        while report.outcome == .heldByReader { report = try store.checkpoint() }
        #expect(
            report
                == CheckpointReport(
                    outcome: .checkpointedByAnother, walFrames: nil, framesLeft: nil))
        #expect(store.durableIndex == .zero)
        reader.run("COMMIT")
        isDone.wait()
        #expect(try store.checkpoint().outcome == .complete)
        #expect(store.durableIndex == LogIndex(2))
    }

    @Test func leavesAWALThatTheNextWriteStartsAnew() throws {
        let directory = try TemporaryDirectory()
        let store = try openShard(directory)
        try store.write([delta(1) { $0.events = [event(1, seats: 20_000)] }])
        _ = try store.checkpoint()
        let before = try directory.size("shard.sqlite-wal")
        for index in UInt64(2)...20 {
            try store.write([delta(index)])
            #expect(try store.checkpoint().walFrames == 1)
        }
        #expect(try directory.size("shard.sqlite-wal") == before)
    }

    @Test func isNeverDoneByAWriteItself() throws {
        let directory = try TemporaryDirectory()
        let store = try openShard(directory)
        for index in UInt64(1)...12 {
            try store.write([
                delta(index) { $0.events = [event(UInt32(index), seats: 20_000)] }
            ])
        }
        let report = try store.checkpoint()
        #expect(report.walFrames.map { $0 > 1_000 } == true)
        #expect(report.outcome == .complete)
    }
}
