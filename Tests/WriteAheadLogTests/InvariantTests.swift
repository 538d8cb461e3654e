import Primitives
import Raft
import Testing

@testable import WriteAheadLog

/// A program that breaks the stream's order must not live to write it.
struct InvariantTests {
    @Test func writeIDsMustRise() async {
        await #expect(processExitsWith: .failure) {
            var log = try LogFixture.newLog()
            log.append(LogFixture.write(2))
            log.append(LogFixture.write(2))
        }
    }

    @Test func aTermNeverFallsAndHasOneVote() async {
        await #expect(processExitsWith: .failure) {
            var log = try LogFixture.newLog()
            try log.commit(LogFixture.write(1, term: 4))
            try log.commit(LogFixture.write(2, term: 3))
        }
        await #expect(processExitsWith: .failure) {
            var log = try LogFixture.newLog()
            try log.commit(LogFixture.write(1, term: 4, vote: 1))
            try log.commit(LogFixture.write(2, term: 4, vote: 2))
        }
    }

    @Test func nothingAtOrBelowTheBaseIsTruncated() async {
        await #expect(processExitsWith: .failure) {
            var log = try LogFixture.newLog()
            try log.commit(LogFixture.write(1, truncateFrom: 0))
        }
    }

    /// canonical/raft #320: an index is written again only after a truncation, never silently.
    @Test func entriesMustFollowTheLast() async {
        await #expect(processExitsWith: .failure) {
            var log = try LogFixture.newLog()
            try log.commit(LogFixture.write(1, LogFixture.entries(1...3)))
            try log.commit(LogFixture.write(2, [LogFixture.entry(3)]))
        }
        await #expect(processExitsWith: .failure) {
            var log = try LogFixture.newLog()
            try log.commit(LogFixture.write(1, [LogFixture.entry(2)]))
        }
    }

    @Test func theLegalOrderIsAccepted() throws {
        var log = try LogFixture.newLog()
        try log.commit(LogFixture.write(1, term: 4))
        try log.commit(LogFixture.write(2, term: 4, vote: 2, LogFixture.entries(1...3)))
        try log.commit(
            LogFixture.write(3, term: 4, vote: 2, truncateFrom: 3, [LogFixture.entry(3)]))
        #expect(log.last == LogPosition(term: Term(1), index: LogIndex(3)))
    }
}
