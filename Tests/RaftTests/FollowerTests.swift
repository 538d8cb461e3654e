import Primitives
import Raft
import Testing

/// Raft paper, figure 2, "AppendEntries RPC", receiver's side; §5.3.
struct FollowerTests {
    @Test func anAppendWithoutItsPredecessorIsRejected() throws {
        var bench = try Bench(terms: [1, 1])
        let answer = bench.receive(.append(1, after: at(1, 5), [1]), from: 2)
        #expect(answer == [Outbound(2, .rejected(1, 5, hint: at(1, 2)))])
        #expect(bench.raft.terms == [1, 1])
    }

    @Test func anAppendAfterAnEntryOfAnotherTermIsRejected() throws {
        var bench = try Bench(terms: [1, 1, 2, 2], term: 4)
        let answer = bench.receive(.append(4, after: at(3, 4), [4]), from: 2)
        #expect(answer.to(2) == [.rejected(4, 4, hint: at(2, 4))])
    }

    /// A whole term is passed over at a time.
    @Test(arguments: [
        (at(1, 7), at(1, 3)), (at(3, 7), at(2, 6)), (at(4, 7), at(2, 6)), (at(5, 9), at(5, 8)),
    ])
    func theHintIsTheNewestPositionThatCanStillMatch(
        previous: LogPosition, hint: LogPosition
    ) throws {
        var bench = try Bench(terms: [1, 1, 1, 2, 2, 2, 5, 5], term: 6)
        let answer = bench.receive(.append(6, after: previous, [6]), from: 2)
        #expect(answer.to(2) == [.rejected(6, previous.index.rawValue, hint: hint)])
    }

    @Test func aConflictingEntryAndAllThatFollowItAreReplaced() throws {
        var bench = try Bench(terms: [1, 1, 2, 2], term: 3)
        bench.receive(.append(3, after: at(1, 2), [3]), from: 2)
        #expect(bench.raft.terms == [1, 1, 3])
        #expect(bench.writes.last?.truncateFrom == LogIndex(3))
        #expect(bench.writes.last?.entries == makeEntries([3], after: 2))
        #expect(bench.sync().to(2) == [.accepted(3, 3)])
    }

    @Test func termTruncationAndEntriesAreOneWrite() throws {
        var bench = try Bench(terms: [1, 1])
        bench.receive(.append(4, after: at(1, 1), [3, 4]), from: 2)
        #expect(bench.writes.count == 1)
        #expect(bench.writes[0].hardState == HardState(term: Term(4), vote: nil))
        #expect(bench.writes[0].truncateFrom == LogIndex(2))
        #expect(bench.writes[0].entries.count == 2)
    }

    /// async-raft: an old append that arrives late must not shorten the log.
    @Test func aLateShortAppendRemovesNothing() throws {
        var bench = try Bench()
        bench.receive(.append(1, after: .zero, [1, 1, 1, 1]), from: 2)
        bench.receive(.append(1, after: .zero, [1, 1]), from: 2)
        bench.receive(.append(1, after: at(1, 1)), from: 2)
        #expect(bench.raft.terms == [1, 1, 1, 1])
        #expect(bench.writes.allSatisfy { $0.truncateFrom == nil })
    }

    @Test func anOverlappingAppendAddsOnlyWhatIsNew() throws {
        var bench = try Bench(terms: [1, 1])
        bench.receive(.append(1, after: .zero, [1, 1, 1]), from: 2)
        #expect(bench.writes.map(\.entries) == [makeEntries([1], after: 2)])
        #expect(bench.sync().to(2) == [.accepted(1, 3)])
    }

    /// What lies beyond the message was verified by nobody.
    @Test func theCommitIndexStopsAtTheLastEntryOfTheMessage() throws {
        var bench = try Bench(terms: [1, 1, 1, 1], term: 2)
        bench.receive(.append(2, after: at(1, 1), [1], commit: 4), from: 2)
        #expect(bench.raft.commitIndex == LogIndex(2))
        bench.receive(.append(2, after: at(1, 3), commit: 9), from: 2)
        #expect(bench.raft.commitIndex == LogIndex(3))
    }

    @Test func theCommitIndexNeverFalls() throws {
        var bench = try Bench(terms: [1, 1, 1])
        bench.receive(.append(1, after: at(1, 3), commit: 3), from: 2)
        bench.receive(.append(1, after: at(1, 1), commit: 1), from: 2)
        bench.receive(.heartbeat(1, commit: 2), from: 2)
        #expect(bench.raft.commitIndex == LogIndex(3))
    }

    @Test func aHeartbeatCarriesTheCommitIndex() throws {
        var bench = try Bench(terms: [1, 1, 1])
        bench.receive(.heartbeat(1, commit: 2), from: 2)
        #expect(bench.raft.commitIndex == LogIndex(2))
    }

    /// openraft #1795: a leader with a failing disk once sent entries with a gap.
    @Test func anAppendWithAGapOrFallingTermsIsIgnored() throws {
        var bench = try Bench(terms: [1])
        var gap = AppendRequest(
            term: Term(2), previous: at(1, 1), entries: makeEntries([2, 2], after: 1), commit: .zero
        )
        gap.entries.remove(at: 0)
        #expect(bench.receive(.appendRequest(gap), from: 2) == [])
        #expect(bench.receive(.append(2, after: at(1, 1), [2, 1]), from: 2) == [])
        #expect(bench.receive(.append(2, after: at(1, 1), [3]), from: 2) == [])
        #expect(bench.raft.terms == [1])
    }

    @Test func anAppendFromBelowTheLogsBaseIsAnsweredWithTheCommitIndex() throws {
        var bench = try Bench(terms: [2, 2, 2], committed: 12, base: at(1, 10))
        let answer = bench.receive(.append(2, after: at(1, 4), [1, 1]), from: 2)
        #expect(answer.to(2) == [.accepted(2, 12)])
        bench.receive(.append(2, after: at(1, 10), [2, 2, 2, 2]), from: 2)
        #expect(bench.sync().to(2) == [.accepted(2, 14)])
    }

    /// openraft #1246: a lone node forgot what it had committed.
    @Test func whatWasCommittedBeforeARestartMayBeAppliedAtOnce() throws {
        let bench = try Bench(terms: [1, 1, 2], committed: 2)
        #expect(bench.raft.commitIndex == LogIndex(2))
        #expect(
            bench.raft.entries(from: LogIndex(1), through: LogIndex(2)).map(\.term.rawValue)
                == [1, 1])
    }

    @Test func whatLiesAboveWaitsForALeader() throws {
        var bench = try Bench(terms: [1, 1, 2], committed: 1)
        bench.tick(5)
        #expect(bench.raft.commitIndex == LogIndex(1))
        bench.receive(.append(3, after: at(2, 3), commit: 3), from: 2)
        #expect(bench.raft.commitIndex == LogIndex(3))
    }

    @Test func entriesAreReleasedOnlyWhenAppliedAndOnDisk() throws {
        var bench = try Bench { $0.tailBytesMax = 1 }
        bench.receive(.append(1, after: .zero, [1, 1, 1], commit: 2), from: 2)
        bench.raft.releaseEntries(upTo: LogIndex(2))
        #expect(bench.raft.firstCachedIndex == LogIndex(1))
        bench.sync()
        bench.raft.releaseEntries(upTo: LogIndex(1))
        #expect(bench.raft.firstCachedIndex == LogIndex(2))
        bench.raft.releaseEntries(upTo: LogIndex(2))
        #expect(bench.raft.firstCachedIndex == LogIndex(3))
        #expect(bench.raft.terms == [1, 1, 1])
    }

    @Test func releasedEntriesCanStillBeReplacedAndFollowed() throws {
        var bench = try Bench(terms: [1, 1, 1, 1], committed: 2, tailEntriesMax: 0)
        #expect(bench.raft.firstCachedIndex == LogIndex(5))
        bench.receive(.append(2, after: at(1, 2), [2, 2]), from: 2)
        #expect(bench.raft.terms == [1, 1, 2, 2])
        #expect(bench.raft.firstCachedIndex == LogIndex(3))
        #expect(
            bench.raft.entries(from: LogIndex(3), through: LogIndex(4))
                == makeEntries([2, 2], after: 2)[...])
    }
}
