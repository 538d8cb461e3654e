import Primitives
import Raft
import Simulation
import Testing
import Wire

@testable import WriteAheadLog

struct AppendTests {
    typealias Fixture = LogFixture

    @Test func aNewLogIsEmpty() throws {
        let restored = try Fixture.open(try Fixture.disk()).restored
        #expect(restored.hardState == .initial)
        #expect(restored.base == .zero && restored.last == .zero)
        #expect(restored.tail.isEmpty && restored.termRuns.isEmpty)
    }

    @Test func whatWasSyncedIsThereAfterARestart() throws {
        var log = try Fixture.newLog()
        log.append(Fixture.write(1, term: 3, vote: 2))
        log.append(Fixture.write(2, Fixture.entries(1...3, term: 3)))
        #expect(try log.sync() == DurabilityReport(syncedUpTo: WriteID(2)))
        try log.commit(Fixture.write(3, term: 4, Fixture.entries(4...5, term: 4, bytes: 0)))
        let restored = try Fixture.open(log.disk).restored
        #expect(restored.hardState == HardState(term: Term(4), vote: nil))
        #expect(restored.last == LogPosition(term: Term(4), index: LogIndex(5)))
        #expect(
            restored.tail == Fixture.entries(1...3, term: 3)
                + Fixture.entries(4...5, term: 4, bytes: 0))
        #expect(
            restored.termRuns == [
                TermRun(term: Term(3), first: LogIndex(1)),
                TermRun(term: Term(4), first: LogIndex(4)),
            ])
    }

    @Test func oneSyncTakesAllThatGathered() throws {
        var log = try Fixture.newLog(options: WALOptions())
        for id in UInt64(1)...50 { log.append(Fixture.write(id, [Fixture.entry(id)])) }
        let before = log.disk.operations
        #expect(try log.sync().upTo == WriteID(50))
        #expect(log.disk.operations == before + 2, "one write and one sync")
        #expect(try log.sync().upTo == WriteID(50))
        #expect(log.disk.operations == before + 2, "nothing gathered, nothing done")
    }

    /// Term, vote and entries are one stream; entries of a term never come back
    /// without the term (etcd #20426, openraft's ordering rule).
    @Test func anEntryNeverSurvivesWithoutTheTermWrittenBeforeIt() throws {
        for seed in UInt64(0)..<200 {
            var log = try Fixture.newLog()
            log.append(
                Fixture.write(1, term: 9, vote: 3, Fixture.entries(1...12, term: 9, bytes: 70)))
            log.losePower(after: Int(seed % 2) + 1)
            #expect(throws: WALError.self) { try log.sync() }
            var disk = log.disk
            var random = PRNG(seed: seed)
            disk.crash(random: &random)
            let restored = try Fixture.open(disk).restored
            let hasTerm = restored.hardState == HardState(term: Term(9), vote: NodeID(3))
            #expect(hasTerm || restored.tail.isEmpty)
        }
    }

    @Test func truncationAndRewriteComeBackInTheirOrder() throws {
        var log = try Fixture.newLog()
        log.append(Fixture.write(1, term: 1, Fixture.entries(1...10)))
        log.append(
            Fixture.write(2, term: 2, truncateFrom: 6, Fixture.entries(6...7, term: 2)))
        log.append(Fixture.write(3, term: 3, truncateFrom: 7, [Fixture.entry(7, term: 3)]))
        _ = try log.sync()
        let expected =
            Fixture.entries(1...5) + [Fixture.entry(6, term: 2), Fixture.entry(7, term: 3)]
        #expect(try log.allEntries() == expected)
        var (reopened, restored) = try Fixture.open(log.disk)
        #expect(try reopened.allEntries() == expected)
        #expect(restored.termRuns.map(\.term) == [Term(1), Term(2), Term(3)])
    }

    @Test func aTruncationReachesBackThroughSegments() throws {
        var log = try Fixture.newLog()
        try log.commit(Fixture.write(1, term: 1, Fixture.entries(1...60, bytes: 100)))
        #expect(try Fixture.segmentPaths(on: log.disk).count > 3)
        try log.commit(
            Fixture.write(2, term: 2, truncateFrom: 4, Fixture.entries(4...40, term: 2, bytes: 90)))
        let expected =
            Fixture.entries(1...3, bytes: 100) + Fixture.entries(4...40, term: 2, bytes: 90)
        #expect(try log.allEntries() == expected)
        var reopened = try Fixture.open(log.disk).log
        #expect(try reopened.allEntries() == expected)
    }

    @Test func aBatchSpansAsManySegmentsAsItNeeds() throws {
        var log = try Fixture.newLog()
        let entries = Fixture.entries(1...100, bytes: 150)
        try log.commit(Fixture.write(1, term: 1, entries))
        for path in try Fixture.segmentPaths(on: log.disk) {
            #expect((log.disk.contents(of: path) ?? []).count <= Fixture.options.segmentBytes)
        }
        #expect(try log.allEntries() == entries)
        var reopened = try Fixture.open(log.disk).log
        #expect(try reopened.allEntries() == entries)
    }

    @Test func anEntryLargerThanASegmentHasOneOfItsOwn() throws {
        var log = try Fixture.newLog()
        let entries = [
            Fixture.entry(1), Fixture.entry(2, bytes: Entry.dataBytesMax), Fixture.entry(3),
        ]
        try log.commit(Fixture.write(1, entries))
        #expect(try Fixture.segmentPaths(on: log.disk).count == 3)
        var reopened = try Fixture.open(log.disk, committed: LogIndex(3)).log
        #expect(try reopened.allEntries() == entries)
    }

    @Test func readsAreBoundedButNeverEmpty() throws {
        var log = try Fixture.newLog()
        let entries = Fixture.entries(1...40, bytes: 100)
        try log.commit(Fixture.write(1, entries))
        for start in 1...40 {
            let one = try log.read(from: LogIndex(UInt64(start)), bytesMax: 0)
            #expect(one == [entries[start - 1]])
            let some = try log.read(from: LogIndex(UInt64(start)), bytesMax: 500)
            #expect(some == Array(entries[(start - 1)...].prefix(some.count)))
            #expect(some.count >= 1 && some.count <= 3)
        }
        #expect(try log.read(from: LogIndex(41), bytesMax: 500) == [])
        #expect(throws: WALError.compacted(.zero)) { try log.read(from: .zero, bytesMax: 500) }
    }

    @Test func theTailHoldsTheNewestEntriesAndAllThatAreNotKnownCommitted() throws {
        var log = try Fixture.newLog()
        let entries = Fixture.entries(1...40, bytes: 100)
        try log.commit(Fixture.write(1, entries))
        let known = try Fixture.open(log.disk, committed: LogIndex(40)).restored
        #expect(known.tail == Array(entries.suffix(5)), "500 bytes of data")
        #expect(known.committed == LogIndex(40))
        let partly = try Fixture.open(log.disk, committed: LogIndex(12)).restored
        #expect(partly.tail == Array(entries.suffix(28)))
        // openraft #1246: a single node applies again what its shards don't know yet.
        #expect(try Fixture.open(log.disk).restored.tail == entries)
    }

    @Test func theLogGoesOnAfterARestart() throws {
        var log = try Fixture.newLog()
        for round in UInt64(0)..<20 {
            try log.commit(
                Fixture.write(
                    1, term: round + 1, [Fixture.entry(round + 1, term: round + 1, bytes: 90)]))
            log = try Fixture.open(log.disk).log
        }
        #expect(log.last == LogPosition(term: Term(20), index: LogIndex(20)))
        #expect(try log.allEntries().map(\.index.rawValue) == Array(1...20))
    }

    @Test func anIdleLogStatesOnceThatItWasSynced() throws {
        var log = try Fixture.newLog()
        try log.commit(Fixture.write(1, Fixture.entries(1...3)))
        let before = log.bytes
        try log.appendIdleMark()
        #expect(log.bytes == before + 24)
        try log.appendIdleMark()
        #expect(log.bytes == before + 24)
        try log.commit(Fixture.write(2, [Fixture.entry(4)]))
        try log.appendIdleMark()
        #expect(try Fixture.open(log.disk).restored.last.index == LogIndex(4))
    }
}
