import Primitives
import Raft
import Simulation
import Testing
import Wire

@testable import WriteAheadLog

/// A torn tail is cut; damage to what was synced is refused (protocol-aware recovery, FAST 2018).
struct DamageTests {
    typealias Fixture = LogFixture

    /// Several segments, and an idle mark at the end.
    private func markedLog() throws -> Fixture.Log {
        var log = try Fixture.newLog()
        try log.commit(Fixture.write(1, term: 1, vote: 2, Fixture.entries(1...20, bytes: 100)))
        try log.commit(Fixture.write(2, term: 2, truncateFrom: 19, [Fixture.entry(19, term: 2)]))
        try log.commit(Fixture.write(3, Fixture.entries(20...24, term: 2, bytes: 33)))
        try log.appendIdleMark()
        return log
    }

    @Test func everyFlippedBitOfWhatWasSyncedIsDamage() throws {
        let log = try markedLog()
        let paths = try Fixture.segmentPaths(on: log.disk)
        #expect(paths.count > 1)
        for (number, path) in paths.enumerated() {
            let marked = log.segments[number].end - (number == paths.count - 1 ? 24 : 0)
            for byte in 0..<marked {
                var disk = log.disk
                disk.flip(bit: byte * 8 + byte % 8, of: path)
                let error = #expect(throws: WALError.self) { try Fixture.open(disk) }
                guard case .damaged(let segment, let offset, _) = error else {
                    Issue.record("byte \(byte) of \(path): \(String(describing: error))")
                    return
                }
                #expect(segment.rawValue == UInt64(number) + 1 && offset <= byte)
            }
        }
    }

    @Test func everyFlippedBitOfTheUnstatedTailIsATornTail() throws {
        var log = try markedLog()
        let before = log.bytes
        try log.commit(Fixture.write(4, Fixture.entries(25...27, term: 2)))
        let paths = try Fixture.segmentPaths(on: log.disk)
        let end = log.segments[paths.count - 1].end
        let expected = try log.allEntries()
        for byte in (end - (log.bytes - before))..<end {
            var disk = log.disk
            disk.flip(bit: byte * 8 + 3, of: paths[paths.count - 1])
            var reopened = try Fixture.open(disk).log
            let entries = try reopened.allEntries()
            #expect(entries == Array(expected.prefix(entries.count)))
            #expect(entries.count >= 24 && entries.count < 27)
        }
    }

    /// NATS cut acknowledged entries and then voted; this node does not start.
    @Test func aTornTailIsDamageWhenItsEntriesAreKnownCommitted() throws {
        var log = try markedLog()
        try log.commit(Fixture.write(4, [Fixture.entry(25, term: 2)]))
        var disk = log.disk
        let newest = try #require(try Fixture.segmentPaths(on: disk).last)
        let end = try #require(log.segments.last?.end)
        disk.flip(bit: (end - 20) * 8, of: newest)
        #expect(try Fixture.open(disk, committed: LogIndex(24)).restored.last.index.rawValue == 24)
        let error = #expect(throws: WALError.self) {
            try Fixture.open(disk, committed: LogIndex(25))
        }
        guard case .damaged(_, _, .committedEntryMissing(LogIndex(25))) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test func aCutTailIsZeroedAndNothingInItReturns() throws {
        var log = try Fixture.newLog()
        try log.commit(Fixture.write(1, term: 1, Fixture.entries(1...3)))
        let start = log.segments[0].end
        try log.commit(Fixture.write(2, Fixture.entries(4...7)))
        let path = Fixture.path(ofSegment: 1)
        var disk = log.disk
        disk.flip(bit: (start + 30) * 8, of: path)
        var random = PRNG(seed: 1)
        var reopened = try Fixture.open(disk).log
        #expect(reopened.last.index == LogIndex(3))
        reopened.disk.crash(random: &random)
        let contents = reopened.disk.contents(of: path) ?? []
        #expect(contents[start...].allSatisfy { $0 == 0 }, "durably")
        // The same entry at the same place: what followed it before must not follow it again.
        reopened = try Fixture.open(reopened.disk).log
        try reopened.commit(Fixture.write(1, [Fixture.entry(4)]))
        #expect(try Fixture.open(reopened.disk).restored.last.index == LogIndex(4))
    }

    @Test func aMissingSegmentIsNoticed() throws {
        var log = try Fixture.newLog()
        try log.commit(Fixture.write(1, Fixture.entries(1...80, bytes: 100)))
        let count = try Fixture.segmentPaths(on: log.disk).count
        #expect(count > 4)
        for number in 2..<UInt64(count) {
            var disk = log.disk
            try disk.remove(Fixture.path(ofSegment: number))
            #expect(
                throws: WALError.damaged(
                    SegmentNumber(number + 1), offset: 0, .previousSegmentMissing)
            ) { try Fixture.open(disk) }
        }
        var disk = log.disk
        try disk.remove(Fixture.path(ofSegment: UInt64(count)))
        #expect(throws: WALError.self) { try Fixture.open(disk, committed: LogIndex(80)) }
        disk = log.disk
        try disk.remove(Fixture.path(ofSegment: 1))
        #expect(throws: WALError.self) { try Fixture.open(disk, committed: LogIndex(2)) }
    }

    @Test func aSegmentInAnothersPlaceIsNoticed() throws {
        var log = try Fixture.newLog()
        try log.commit(Fixture.write(1, Fixture.entries(1...40, bytes: 100)))
        var disk = log.disk
        try disk.rename(Fixture.path(ofSegment: 1), to: Fixture.path(ofSegment: 2))
        #expect(throws: WALError.damaged(SegmentNumber(2), offset: 0, .header)) {
            try Fixture.open(disk)
        }
    }

    @Test func aTornHeaderOrAnEmptyFileIsDamage() throws {
        for size in [0, 1, 100, 511] {
            var log = try markedLog()
            let path = Fixture.path(ofSegment: 2)
            let bytes = Array((log.disk.contents(of: path) ?? []).prefix(size))
            try log.disk.remove(path)
            let file = try log.disk.open(path, mode: .create)
            try log.disk.write(file, at: 0, bytes)
            #expect(throws: WALError.damaged(SegmentNumber(2), offset: 0, .header)) {
                try Fixture.open(log.disk)
            }
        }
    }

    @Test func damageThatAppearsLaterIsNoticedByTheRead() throws {
        var log = try markedLog()
        let offset = Int(log.segments[0].entries[4].offset)
        log.disk.flip(bit: (offset + 60) * 8, of: Fixture.path(ofSegment: 1))
        #expect(try log.read(from: LogIndex(1), bytesMax: 500).count == 3)
        #expect(throws: WALError.damaged(SegmentNumber(1), offset: offset, .record)) {
            try log.read(from: LogIndex(5), bytesMax: 500)
        }
    }

    @Test func filesThatAreNoSegmentsAreLeftAlone() throws {
        var disk = try Fixture.disk()
        for name in ["notes.txt", "1.wal", "0000000000000000000x.wal"] {
            _ = try disk.open(Fixture.directory + "/" + name, mode: .create)
        }
        var log = try Fixture.open(disk).log
        #expect(try log.disk.list(directory: Fixture.directory).count == 4)
    }

    /// Sound records, at the right place of the right segment, of another past.
    @Test func aRecordThatDoesNotFollowTheOneBeforeIsNotRead() throws {
        let histories = try [UInt64(1), 2].map { term in
            var log = try Fixture.newLog()
            try log.commit(Fixture.write(1, Fixture.entries(1...2, term: term)))
            return log
        }
        let second = Int(histories[0].segments[0].entries[1].offset)
        let path = Fixture.path(ofSegment: 1)
        let other = try #require(histories[1].disk.contents(of: path))
        var disk = histories[0].disk
        try disk.write(
            try disk.open(path, mode: .existing), at: second, Array(other[second...]))
        #expect(try Fixture.open(disk).restored.tail == [Fixture.entry(1)])
    }
}
