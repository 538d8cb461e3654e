import Primitives
import Raft
import Simulation
import Testing
import Wire

@testable import WriteAheadLog

struct CutTests {
    typealias Fixture = LogFixture

    private func longLog() throws -> Fixture.Log {
        var log = try Fixture.newLog()
        try log.commit(
            Fixture.write(1, term: 5, vote: 3, Fixture.entries(1...80, term: 4, bytes: 100)))
        return log
    }

    /// Etcd's lesson and ours: the floor is what the shards have made durable, and no entry at or
    /// above it may go.
    @Test func noEntryAtOrAboveTheFloorIsCut() throws {
        for floor in UInt64(1)...80 {
            var log = try longLog()
            try log.cut(below: LogIndex(floor))
            #expect(log.base.index < LogIndex(floor))
            let entries = try log.allEntries()
            #expect(entries.last?.index == LogIndex(80))
            #expect(
                entries == Fixture.entries((log.base.index.rawValue + 1)...80, term: 4, bytes: 100))
        }
    }

    @Test func baseTermAndVoteSurviveTheSegmentsThatHeldThem() throws {
        var log = try longLog()
        try log.cut(below: LogIndex(70))
        #expect(log.base.index > LogIndex(40))
        let restored = try Fixture.open(log.disk, committed: LogIndex(75)).restored
        #expect(restored.base == log.base)
        #expect(restored.base.term == Term(4))
        #expect(restored.hardState == HardState(term: Term(5), vote: NodeID(3)))
        #expect(restored.termRuns == [TermRun(term: Term(4), first: log.base.index.next)])
        #expect(restored.last.index == LogIndex(80))
    }

    @Test func readsBelowTheBaseSayThatASnapshotIsNeeded() throws {
        var log = try longLog()
        try log.cut(below: LogIndex(50))
        #expect(throws: WALError.compacted(log.base)) {
            try log.read(from: log.base.index, bytesMax: 100)
        }
        #expect(try log.read(from: log.base.index.next, bytesMax: 0).count == 1)
    }

    @Test func theCurrentSegmentIsNeverCut() throws {
        var log = try longLog()
        try log.cut(below: LogIndex(1_000))
        #expect(log.segments.count == 1)
        try log.commit(Fixture.write(2, [Fixture.entry(81, term: 5)]))
        #expect(
            try Fixture.open(log.disk, committed: LogIndex(80)).restored.last.index.rawValue == 81)
    }

    /// A truncation that reaches back over a segment's start makes its stated base untrue.
    @Test func theLogNeverBeginsAtABaseThatWasTruncated() throws {
        for floor in UInt64(1)...40 {
            var log = try Fixture.newLog()
            try log.commit(Fixture.write(1, term: 1, Fixture.entries(1...17, bytes: 100)))
            let base = log.segments[1].base.index.rawValue
            try log.commit(
                Fixture.write(
                    2, term: 2, truncateFrom: base - 2,
                    Fixture.entries((base - 2)...40, term: 2, bytes: 100)))
            try log.cut(below: LogIndex(floor))
            let expected = try log.allEntries()
            var (reopened, restored) = try Fixture.open(log.disk, committed: LogIndex(40))
            #expect(restored.base == log.base)
            #expect(try reopened.allEntries() == expected)
        }
    }

    @Test func anInterruptedCutOfSuchSegmentsIsFinishedAtTheNextStart() throws {
        for operation in 1...12 {
            for seed in UInt64(0)..<10 {
                var log = try Fixture.newLog()
                try log.commit(Fixture.write(1, term: 1, Fixture.entries(1...17, bytes: 100)))
                let base = log.segments[1].base.index.rawValue
                try log.commit(
                    Fixture.write(
                        2, term: 2, truncateFrom: base - 2,
                        Fixture.entries((base - 2)...60, term: 2, bytes: 100)))
                let expected = try log.allEntries()
                log.losePower(after: operation)
                _ = try? log.cut(below: LogIndex(60))
                var disk = log.disk
                var random = PRNG(seed: seed)
                disk.crash(random: &random)
                var reopened = try Fixture.open(disk, committed: LogIndex(60)).log
                let entries = try reopened.allEntries()
                #expect(entries == expected.suffix(entries.count) && !entries.isEmpty)
                #expect(reopened.base.index.next == entries.first?.index)
            }
        }
    }

    @Test func aRemovedSegmentBecomesTheSpareAndItsBytesNeverPass() throws {
        var log = try Fixture.newLog()
        while try log.prepareSpare() != .ready {}
        // The second segment is full size; it will be recycled.
        try log.commit(Fixture.write(1, term: 1, Fixture.entries(1...40, bytes: 52)))
        while try log.prepareSpare() != .ready {}
        try log.commit(Fixture.write(2, Fixture.entries(41...60, bytes: 52)))
        try log.cut(below: LogIndex(60))
        guard case .ready = log.spare else {
            Issue.record("no segment was recycled")
            return
        }
        var next: UInt64 = 61
        let current = log.segments.count
        while log.segments.count == current {
            try log.commit(Fixture.write(next, [Fixture.entry(next, bytes: 52)]))
            next += 1
        }
        let newest = try #require(log.segments.last)
        let bytes = try #require(log.disk.contents(of: log.path(newest.number.fileName)))
        #expect(bytes.count == Fixture.options.segmentBytes)
        #expect(bytes[newest.end...].contains { $0 != 0 }, "old records stand behind the new one")
        let restored = try Fixture.open(log.disk, committed: LogIndex(60)).restored
        #expect(restored.last.index == LogIndex(next - 1))
    }

    @Test func aPreparedSpareSavesTheRolloverFromGrowingAFile() throws {
        var log = try Fixture.newLog()
        var steps = 0
        while try log.prepareSpare() != .ready { steps += 1 }
        #expect(steps == 4, "one to create, 2,048 bytes in steps of 600")
        try log.commit(Fixture.write(1, Fixture.entries(1...14, bytes: 100)))
        #expect(log.segments.count == 2)
        let path = Fixture.path(ofSegment: 2)
        #expect(log.disk.contents(of: path)?.count == Fixture.options.segmentBytes)
        let names = try log.disk.list(directory: Fixture.directory)
        #expect(names.count == 2, "the spare is used up")
    }

    @Test func aSpareLeftByAnEarlierProcessIsNotUsed() throws {
        var log = try Fixture.newLog()
        while try log.prepareSpare() != .ready {}
        var reopened = try Fixture.open(log.disk).log
        #expect(try reopened.disk.list(directory: Fixture.directory).count == 1)
        #expect(try reopened.prepareSpare() == .more)
    }
}
