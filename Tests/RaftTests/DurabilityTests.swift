import Primitives
import Raft
import Simulation
import Testing

/// "Updated on stable storage before responding to RPCs" (Raft paper, figure 2).
struct DurabilityTests {
    @Test func aVoteLeavesWhenItIsOnDisk() throws {
        var bench = try Bench()
        #expect(bench.receive(.ask(.vote, 1, last: .zero), from: 2) == [])
        #expect(bench.writes.map(\.hardState) == [HardState(term: Term(1), vote: NodeID(2))])
        #expect(bench.sync().count == 1)
        #expect(bench.sync() == [])
    }

    @Test func aCandidatesRequestsAndOwnVoteWaitForTheDisk() throws {
        var bench = try Bench()
        #expect(bench.perform { $0.campaign(effects: &$1) }.count == 2)
        #expect(bench.receive(.preVoteGrant(1), from: 2) == [])
        bench.receive(.voteGrant(1), from: 2)
        #expect(bench.raft.role == .candidate)
        let released = bench.sync()
        #expect(released.to(3).first == .ask(.vote, 1, last: .zero))
        #expect(bench.raft.role == .leader)
    }

    /// The completion of an earlier write says nothing about the vote.
    @Test func theOwnVoteWaitsForItsOwnWrite() throws {
        var bench = try Bench(term: 1)
        bench.receive(.append(1, after: .zero, [1]), from: 2)
        bench.perform { $0.campaign(effects: &$1) }
        bench.receive(.preVoteGrant(2), from: 2)
        #expect(bench.sync(upTo: 1) == [])
        bench.receive(.voteGrant(2), from: 2)
        #expect(bench.raft.role == .candidate)
        bench.sync()
        #expect(bench.raft.role == .leader)
    }

    @Test func anAcceptanceLeavesWhenTheEntriesAreOnDisk() throws {
        var bench = try Bench(term: 1)
        #expect(bench.receive(.append(1, after: .zero, [1, 1]), from: 2) == [])
        #expect(bench.raft.durableIndex == .zero)
        #expect(bench.sync() == [Outbound(2, .accepted(1, 2))])
        #expect(bench.raft.durableIndex == LogIndex(2))
    }

    @Test func aRepeatedAppendIsNotAcknowledgedBeforeTheFirstIsOnDisk() throws {
        var bench = try Bench(term: 1)
        bench.receive(.append(1, after: .zero, [1, 1]), from: 2)
        #expect(bench.receive(.append(1, after: .zero, [1, 1]), from: 2) == [])
        #expect(bench.receive(.append(1, after: at(1, 2)), from: 2) == [])
        #expect(bench.sync() == [Outbound(2, .accepted(1, 2))])
    }

    @Test func writesAreAcknowledgedAsFarAsTheyAreSynced() throws {
        var bench = try Bench(term: 1)
        for index in UInt64(0)..<4 {
            bench.receive(.append(1, after: at(index == 0 ? 0 : 1, index), [1]), from: 2)
        }
        #expect(bench.sync(upTo: 3) == [Outbound(2, .accepted(1, 3))])
        #expect(bench.sync(upTo: 4) == [Outbound(2, .accepted(1, 4))])
    }

    @Test func heartbeatsAreAnsweredWhileTheDiskIsBusy() throws {
        var bench = try Bench(term: 1)
        bench.receive(.append(1, after: .zero, [1]), from: 2)
        #expect(
            bench.receive(.heartbeat(1, round: 4), from: 2) == [Outbound(2, .beat(1, round: 4))])
    }

    @Test func nothingLeavesInATermThatIsNotOnDisk() throws {
        var bench = try Bench()
        #expect(bench.receive(.heartbeat(3, round: 1), from: 2) == [])
        #expect(bench.receive(.append(3, after: at(2, 9)), from: 2) == [])
        #expect(bench.sync().to(2) == [.beat(3, round: 1), .rejected(3, 9, hint: .zero)])
    }

    @Test func promisesOfAnEndedTermAreNotKept() throws {
        var bench = try Bench(term: 1)
        bench.receive(.append(1, after: .zero, [1]), from: 2)
        bench.receive(.append(2, after: .zero, [2]), from: 3)
        #expect(bench.sync() == [Outbound(3, .accepted(2, 1))])
    }

    @Test func aCandidateKeepsNoPromiseOfTheTermBefore() throws {
        var bench = try Bench(term: 1)
        bench.receive(.append(1, after: .zero, [1]), from: 2)
        bench.perform { $0.campaign(effects: &$1) }
        bench.receive(.preVoteGrant(2), from: 3)
        #expect(bench.sync().to(2) == [.ask(.vote, 2, last: at(1, 1))])
    }

    /// etcd-io/raft, `async_storage_writes_append_aba_race`: entry (1, term 1) is written, then
    /// replaced; the first write's completion says nothing about what replaced it.
    @Test func aCompletionDoesNotCountForARewrittenEntry() throws {
        var bench = try Bench(term: 1)
        bench.receive(.append(1, after: .zero, [1, 1, 1]), from: 2)
        bench.receive(.append(2, after: at(1, 1), [2, 2]), from: 3)
        bench.sync(upTo: 1)
        #expect(bench.raft.durableIndex == LogIndex(1))
        bench.sync(upTo: 2)
        #expect(bench.raft.durableIndex == LogIndex(3))
    }

    /// The same, for a leader's own share of a quorum.
    @Test func aLeadersMatchIsNotRaisedByItsWritesOfAnEarlierTerm() throws {
        var bench = try Bench(voters: [1, 2], term: 1)
        bench.receive(.append(1, after: .zero, [1, 1, 1]), from: 2)
        bench.receive(.append(2, after: .zero, [2]), from: 2)
        bench.perform { $0.campaign(effects: &$1) }
        bench.receive(.preVoteGrant(3), from: 2)
        bench.receive(.voteGrant(3), from: 2)
        bench.sync(upTo: 3)
        #expect(bench.raft.role == .leader)
        #expect(bench.raft.terms == [2, 3])
        bench.receive(.accepted(3, 2), from: 2)
        #expect(bench.raft.durableIndex == LogIndex(1))
        #expect(bench.raft.commitIndex == .zero)
        bench.sync()
        #expect(bench.raft.commitIndex == LogIndex(2))
    }

    @Test func aTruncationTakesBackWhatWasDurable() throws {
        var bench = try Bench(terms: [1, 1, 1])
        bench.receive(.append(2, after: at(1, 1), [2]), from: 2)
        #expect(bench.raft.durableIndex == LogIndex(1))
        bench.sync()
        #expect(bench.raft.durableIndex == LogIndex(2))
    }

    @Test func writeIDsRiseByOneAndACallMakesAtMostOneWrite() throws {
        var bench = try Bench()
        bench.lead()
        try bench.propose()
        bench.receive(.append(4, after: .zero, [4]), from: 3)
        #expect(bench.writes.map(\.id.rawValue) == Array(1...UInt64(bench.writes.count)))
    }

    /// canonical/raft #320: X reached a follower, the leader's own write failed, and the same
    /// index was used again. Here the leader dies of it, and can lead only in another term.
    @Test func aPositionIsNeverUsedTwice() throws {
        let ids = (1...3).map { NodeID($0) }
        var cluster = RaftCluster(try Membership(voters: ids))
        cluster.elect(ids[0])
        cluster.stallDisk(ids[0])
        let lost = try cluster.propose(ids[0], [1])
        cluster.drop { $0.to == ids[2] }
        cluster.settle()
        cluster.crash(ids[0])
        cluster.resumeDisk(ids[0])
        cluster.restart(ids[0])
        cluster.run(ticks: 100)
        let leader = try #require(cluster.leader)
        let next = try cluster.propose(leader, [2])
        #expect(next.term > lost.term)
        cluster.run(ticks: 10)
        #expect(cluster.safety.violations == [])
        #expect(ids.allSatisfy { cluster[$0].disk.entries == cluster.safety.committed })
    }

    /// What was answered as committed survives the death of every node.
    @Test func whatIsCommittedSurvivesTheCrashOfAllNodes() throws {
        let ids = (1...5).map { NodeID($0) }
        var cluster = RaftCluster(try Membership(voters: ids))
        cluster.elect(ids[0])
        cluster.stallDisk(ids[0])
        cluster.stallDisk(ids[4])
        for value in 0..<10 { _ = try cluster.propose(ids[0], [UInt8(value)]) }
        cluster.settle()
        #expect(cluster.safety.committed.count == 11)
        for id in ids { cluster.crash(id) }
        for id in ids { cluster.resumeDisk(id) }
        for id in [ids[0], ids[4], ids[2]] { cluster.restart(id) }
        cluster.run(ticks: 100)
        #expect(cluster.leader == ids[2])
        #expect(cluster.raft(ids[2]).commitIndex >= LogIndex(12))
        #expect(cluster.safety.violations == [])
    }
}
