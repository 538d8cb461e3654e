import Primitives
import Raft
import Testing

/// Raft paper, figure 2, "Leaders"; §5.3, §5.4.2; and the flow control of etcd-io/raft's progress.
struct LeaderTests {
    @Test func aProposalGoesToDiskAndToEveryMemberAtTheSameTime() throws {
        var bench = try Bench(learners: [4])
        bench.lead()
        for peer in [UInt16(2), 3, 4] { bench.receive(.accepted(1, 1), from: peer) }
        let messages = try bench.propose()
        #expect(bench.writes.last?.entries.map(\.position) == [at(1, 2)])
        for peer in [UInt16(2), 3, 4] {
            #expect(
                messages.appends(to: peer).map(\.entries) == bench.writes.suffix(1).map(\.entries))
        }
    }

    @Test func onlyALeaderTakesProposals() throws {
        var bench = try Bench(term: 1)
        #expect(throws: ProposeRefusal.notLeader(leader: nil)) { try bench.propose() }
        bench.receive(.heartbeat(1), from: 3)
        #expect(throws: ProposeRefusal.notLeader(leader: NodeID(3))) { try bench.propose() }
        #expect(bench.writes.isEmpty)
    }

    @Test func anEntryOnAMajorityIsCommittedTheLeadersOwnDiskAside() throws {
        var bench = try Bench()
        bench.lead()
        bench.receive(.accepted(1, 1), from: 2)
        #expect(bench.raft.commitIndex == LogIndex(1))
        try bench.propose()
        bench.receive(.accepted(1, 2), from: 2)
        #expect(bench.raft.commitIndex == LogIndex(1))
        bench.receive(.accepted(1, 2), from: 3)
        #expect(bench.raft.commitIndex == LogIndex(2))
        #expect(bench.raft.durableIndex == LogIndex(1))
    }

    /// etcd #14370: a lone node acknowledged before its own sync.
    @Test func aLoneNodeCommitsOnlyWhatItHasSynced() throws {
        var bench = try Bench(voters: [1])
        bench.perform { $0.start(effects: &$1) }
        bench.sync()
        bench.sync()
        try bench.propose()
        #expect(bench.raft.commitIndex == LogIndex(1))
        bench.sync()
        #expect(bench.raft.commitIndex == LogIndex(2))
    }

    /// Figure 8; logcabin #44.
    @Test func anOlderTermsEntryIsNotCommittedByCounting() throws {
        var bench = try Bench(terms: [1, 2])
        bench.lead()
        bench.receive(.accepted(3, 2), from: 2)
        bench.receive(.accepted(3, 2), from: 3)
        #expect(bench.raft.commitIndex == .zero)
        #expect(!bench.raft.hasCommittedInTerm)
        bench.receive(.accepted(3, 3), from: 3)
        #expect(bench.raft.commitIndex == LogIndex(3))
        #expect(bench.raft.hasCommittedInTerm)
    }

    @Test func learnersCountForNothing() throws {
        var bench = try Bench(learners: [4, 5])
        bench.lead()
        try bench.propose()
        for learner in [UInt16(4), 5] { bench.receive(.accepted(1, 2), from: learner) }
        #expect(bench.raft.commitIndex == .zero)
    }

    @Test func lateRepeatedAndForeignAnswersAreHarmless() throws {
        var bench = try Bench(terms: [1, 1])
        bench.lead()
        bench.receive(.accepted(2, 3), from: 2)
        try bench.propose()
        bench.receive(.accepted(2, 4), from: 2)
        let before = bench.raft.peers
        for late in [
            Message.accepted(2, 3), .accepted(2, 0), .accepted(1, 2),
            .rejected(2, 3, hint: at(1, 1)),
            .rejected(1, 4, hint: .zero), .voteGrant(2), .preVoteGrant(2),
            .vote(.vote, 2, .refused),
        ] {
            #expect(bench.receive(late, from: 2) == [])
        }
        // More than the leader has: no follower can say this in good faith.
        bench.receive(.accepted(2, 99), from: 3)
        #expect(bench.raft.peers == before)
        #expect(bench.raft.role == .leader)
    }

    /// What a follower held in an earlier term may have been replaced since.
    @Test func anAcceptanceOfAnEarlierTermCommitsNothing() throws {
        var bench = try Bench(terms: [1, 1])
        bench.lead()
        let before = bench.raft.peers
        bench.receive(.accepted(1, 3), from: 3)
        #expect(bench.raft.commitIndex == .zero)
        #expect(bench.raft.peers.map(\.match) == before.map(\.match))
        bench.receive(.accepted(2, 3), from: 3)
        #expect(bench.raft.commitIndex == LogIndex(3))
    }

    @Test func aFollowerIsFoundInAsManyRoundTripsAsThereAreTerms() throws {
        var follower = try Bench(
            terms: [1] + [UInt64](repeating: 2, count: 50) + [UInt64](repeating: 4, count: 50))
        var leader = try Bench(terms: [1] + [UInt64](repeating: 3, count: 99) + [5])
        var toFollower = leader.lead().appends(to: 3)
        var trips = 0
        while let request = toFollower.first, follower.raft.terms != leader.raft.terms {
            trips += 1
            // The follower plays node 3, and knows the leader as node 2.
            let answers =
                follower.receive(.appendRequest(request), from: 2) + follower.sync()
            toFollower = answers.flatMap {
                leader.receive($0.message, from: 3).appends(to: 3)
            }
        }
        #expect(follower.raft.terms == leader.raft.terms)
        #expect(trips <= 4)
    }

    @Test func probingSendsOneAppendAtATime() throws {
        var bench = try Bench()
        bench.lead()
        #expect(try bench.propose().to(2) == [])
        let freed = bench.receive(.beat(1), from: 2)
        #expect(freed.appends(to: 2).map(\.entries.count) == [2])
        #expect(bench.receive(.accepted(1, 2), from: 2).appends(to: 2).map(\.entries) == [[]])
        #expect(try bench.propose().appends(to: 2).map(\.entries.count) == [1])
        #expect(try bench.propose().appends(to: 2).map(\.entries.count) == [1])
    }

    @Test func theMessageWindowHoldsBackMore() throws {
        var bench = try Bench { $0.inflightMessagesMax = 2 }
        bench.lead()
        bench.receive(.accepted(1, 1), from: 2)
        #expect(try bench.propose().appends(to: 2).count == 1)
        #expect(try bench.propose().appends(to: 2).count == 1)
        #expect(try bench.propose().appends(to: 2).count == 0)
        let next = bench.receive(.accepted(1, 2), from: 2).appends(to: 2)
        #expect(next.map(\.previous) == [at(1, 3)])
    }

    @Test func theByteWindowHoldsBackMore() throws {
        var bench = try Bench { $0.inflightBytesMax = 150 }
        bench.lead()
        bench.receive(.accepted(1, 1), from: 2)
        #expect(try bench.propose(100).appends(to: 2).count == 1)
        #expect(try bench.propose(100).appends(to: 2).count == 1)
        #expect(try bench.propose(100).appends(to: 2).count == 0)
        #expect(bench.receive(.accepted(1, 2), from: 2).appends(to: 2).count == 1)
    }

    /// Everything in a full window was lost.
    @Test func aFullWindowIsFreedByAProbeAfterAHeartbeat() throws {
        var bench = try Bench { $0.inflightMessagesMax = 1 }
        bench.lead()
        bench.receive(.accepted(1, 1), from: 2)
        try bench.propose()
        try bench.propose()
        let probe = bench.receive(.beat(1), from: 2).appends(to: 2)
        #expect(probe.map(\.previous) == [at(1, 2)])
        #expect(probe.map(\.entries) == [[]])
        let again = bench.receive(.rejected(1, 2, hint: at(1, 1)), from: 2).appends(to: 2)
        #expect(again.map(\.previous) == [at(1, 1)])
        #expect(again.map(\.entries.count) == [2])
    }

    @Test func aProbeIsRepeatedAfterAHeartbeatInCaseItWasLost() throws {
        var bench = try Bench()
        let first = bench.lead().appends(to: 3)
        #expect(bench.receive(.beat(1), from: 3).appends(to: 3) == first)
    }

    @Test func aRepeatedRejectionIsHeardOnce() throws {
        var bench = try Bench(terms: [1, 1, 1])
        bench.lead()
        let rejection = Message.rejected(2, 3, hint: at(1, 1))
        #expect(bench.receive(rejection, from: 3).appends(to: 3).map(\.previous) == [at(1, 1)])
        #expect(bench.receive(rejection, from: 3) == [])
        bench.receive(.accepted(2, 4), from: 3)
        #expect(try bench.propose().appends(to: 3).map(\.previous) == [at(2, 4)])
        // Of an append that came before those that were accepted since.
        #expect(bench.receive(rejection, from: 3) == [])
        #expect(try bench.propose().appends(to: 3).map(\.previous) == [at(2, 5)])
    }

    @Test func messagesAreCutAtTheByteLimitAndNeverInsideAnEntry() throws {
        var bench = try Bench { $0.appendBytesMax = 2 * (100 + Entry.overheadBytes) }
        bench.lead()
        bench.receive(.accepted(1, 1), from: 2)
        for _ in 0..<5 { try bench.propose(100) }
        let sent = bench.receive(.accepted(1, 1), from: 3).appends(to: 3)
        #expect(sent.map(\.entries.count) == [2, 2, 1])
        #expect(try bench.propose(1_000).appends(to: 3).map(\.entries.count) == [1])
    }

    @Test func heartbeatsCarryNoMoreCommitThanTheFollowerHolds() throws {
        var bench = try Bench()
        bench.lead()
        try bench.propose()
        bench.sync()
        bench.receive(.accepted(1, 1), from: 2)
        bench.receive(.accepted(1, 2), from: 2)
        let beats = bench.tick(2)
        #expect(beats.to(2) == [.heartbeat(1, commit: 2)])
        #expect(beats.to(3) == [.heartbeat(1, commit: 0)])
    }

    @Test func heartbeatsComeAtTheirInterval() throws {
        var bench = try Bench()
        bench.lead()
        #expect(bench.tick(1).isEmpty)
        #expect(bench.tick(1).count == 2)
        #expect(bench.tick(4).count == 4)
    }

    @Test func anIdleFollowerHearsOfACommitAtOnce() throws {
        var bench = try Bench()
        bench.lead()
        bench.receive(.accepted(1, 1), from: 2)
        bench.receive(.accepted(1, 1), from: 3)
        try bench.propose()
        #expect(bench.receive(.accepted(1, 2), from: 2) == [])
        // Node 3 still has an append on its way; it hears with its answer to that.
        let news = bench.sync().map { ($0.to, $0.message.appended?.commit) }
        #expect(news.map(\.0) == [NodeID(2)])
        #expect(news.map(\.1) == [LogIndex(2)])
        let later = bench.receive(.accepted(1, 2), from: 3)
        #expect(later.appends(to: 3).map(\.commit) == [LogIndex(2)])
        #expect(bench.receive(.accepted(1, 2), from: 3) == [])
    }

    @Test func uncommittedBytesAreBoundedAndOneProposalIsAlwaysTaken() throws {
        var bench = try Bench { $0.uncommittedBytesMax = 200 }
        bench.lead()
        try bench.propose(1_000)
        #expect(throws: ProposeRefusal.uncommittedBytesFull) { try bench.propose() }
        bench.sync()
        bench.receive(.accepted(1, 1), from: 2)
        bench.receive(.accepted(1, 2), from: 2)
        #expect(bench.raft.commitIndex == LogIndex(2))
        try bench.propose(100)
        try bench.propose(30)
        #expect(throws: ProposeRefusal.uncommittedBytesFull) { try bench.propose(30) }
    }

    @Test func entriesThatLeftMemoryAreFetchedOnce() throws {
        var bench = try Bench(terms: [1, 1, 1, 1], tailEntriesMax: 1)
        bench.lead()
        bench.receive(.rejected(2, 4, hint: .zero), from: 3)
        bench.receive(.beat(2), from: 3)
        let limit = bench.raft.configuration.appendBytesMax
        let fetch = LogFetch(peer: NodeID(3), from: LogIndex(1), bytesMax: limit)
        #expect(bench.fetches == [fetch])
        let sent = bench.perform {
            $0.fetched(fetch, entries: makeEntries([1, 1]), effects: &$1)
        }
        #expect(sent.appends(to: 3).map(\.entries) == [makeEntries([1, 1])])
        bench.receive(.accepted(2, 2), from: 3)
        #expect(bench.fetches.count == 2)
    }

    @Test func aFailedFetchIsTriedAgainAfterAHeartbeat() throws {
        var bench = try Bench(terms: [1, 1], tailEntriesMax: 0)
        bench.lead()
        bench.receive(.rejected(2, 2, hint: .zero), from: 3)
        let fetch = try #require(bench.fetches.first)
        #expect(bench.perform { $0.fetched(fetch, entries: [], effects: &$1) } == [])
        #expect(bench.fetches.count == 1)
        bench.receive(.beat(2), from: 3)
        #expect(bench.fetches.count == 2)
    }

    /// openraft #1795, the leader's side.
    @Test func fetchedEntriesThatDoNotFitTheLogAreNotSent() throws {
        var bench = try Bench(terms: [1, 1, 2], tailEntriesMax: 0)
        bench.lead()
        bench.receive(.rejected(3, 3, hint: .zero), from: 3)
        let fetch = try #require(bench.fetches.first)
        let wrong = makeEntries([1, 2, 2])
        let sent = bench.perform { $0.fetched(fetch, entries: wrong, effects: &$1) }
        #expect(sent.appends(to: 3).map(\.entries) == [makeEntries([1])])
    }

    @Test func aMemberThatNeedsEntriesBelowTheBaseGetsHeartbeatsOnly() throws {
        var bench = try Bench(terms: [2, 2], committed: 11, base: at(1, 10))
        bench.lead()
        let oldest = bench.receive(.rejected(3, 12, hint: at(1, 3)), from: 3).appends(to: 3)
        #expect(oldest.map(\.previous) == [at(1, 10)])
        #expect(bench.receive(.rejected(3, 10, hint: at(1, 3)), from: 3) == [])
        #expect(bench.receive(.beat(3), from: 3) == [])
        #expect(bench.fetches.isEmpty)
        #expect(bench.tick(2).to(3) == [.heartbeat(3)])
    }

    @Test func statusTellsWhoIsBehindAndWhoIsSilent() throws {
        var bench = try Bench()
        bench.lead()
        bench.tick(11)
        bench.receive(.accepted(1, 1), from: 2)
        #expect(
            bench.raft.peers == [
                PeerStatus(id: NodeID(2), match: LogIndex(1), health: .healthy),
                PeerStatus(id: NodeID(3), match: .zero, health: .silent),
            ])
    }

    @Test func aLeaderThatStepsDownKeepsItsTermAndWaits() throws {
        var bench = try Bench()
        bench.lead()
        bench.raft.eligibility = .votesOnly
        bench.perform { $0.stepDown(effects: &$1) }
        #expect(bench.raft.role == .follower(leader: nil))
        #expect(bench.raft.term == Term(1))
        #expect(throws: ProposeRefusal.notLeader(leader: nil)) { try bench.propose() }
        bench.tick(100)
        #expect(bench.raft.role == .follower(leader: nil))
    }
}
