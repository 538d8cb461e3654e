import Primitives
import Raft
import Simulation
import Testing

/// Bugs that other Rafts shipped, by name: the seven of the Swift ones on GitHub, and those of
/// bigger houses that no other file here covers.
struct BorrowedBugTests {
    private let ids = (1...3).map { NodeID($0) }

    /// makadaw/swift-raft rejected appends of newer terms.
    @Test func invertedTermTestAnAppendOfANewerTermIsTaken() throws {
        var bench = try Bench(terms: [1])
        bench.receive(.append(2, after: at(1, 1), [2]), from: 2)
        #expect(bench.raft.terms == [1, 2])
        #expect(bench.raft.term == Term(2))
    }

    /// makadaw/swift-raft asked for votes with a last index of zero.
    @Test func zeroLastIndexAVoteRequestNamesTheLogsEnd() throws {
        var bench = try Bench(terms: [1, 1, 2])
        let preVotes = bench.perform { $0.campaign(effects: &$1) }
        #expect(preVotes.to(2) == [.ask(.preVote, 3, last: at(2, 3))])
        bench.receive(.preVoteGrant(3), from: 3)
        #expect(bench.sync().to(2) == [.ask(.vote, 3, last: at(2, 3))])
    }

    /// Colibri-DB cut its log wherever an append overlapped it.
    @Test func truncationOnOverlapAcknowledgedEntriesStay() throws {
        var bench = try Bench()
        bench.receive(.append(1, after: .zero, [1, 1, 1]), from: 2)
        #expect(bench.sync().to(2) == [.accepted(1, 3)])
        bench.receive(.append(1, after: .zero, [1]), from: 2)
        bench.sync()
        #expect(bench.raft.terms == [1, 1, 1])
        #expect(bench.raft.durableIndex == LogIndex(3))
    }

    /// Colibri-DB answered with the length of its log.
    @Test func overReportedMatchOnlyWhatTheMessageCoveredIsAcknowledged() throws {
        var bench = try Bench(terms: [1, 1, 1, 1], term: 2)
        let answer = bench.receive(.append(2, after: at(1, 1), [1]), from: 2)
        #expect(answer.to(2) == [.accepted(2, 2)])
    }

    /// Colibri-DB took the upper middle of an even number.
    @Test func evenSizeMedianTwoOfFourCommitNothing() throws {
        var bench = try Bench(voters: [1, 2, 3, 4])
        bench.perform { $0.campaign(effects: &$1) }
        for peer in [UInt16(2), 3] { bench.receive(.preVoteGrant(1), from: peer) }
        for peer in [UInt16(2), 3] { bench.receive(.voteGrant(1), from: peer) }
        bench.sync()
        bench.sync()
        bench.receive(.accepted(1, 1), from: 2)
        #expect(bench.raft.commitIndex == .zero)
        bench.receive(.accepted(1, 1), from: 4)
        #expect(bench.raft.commitIndex == LogIndex(1))
    }

    /// A student's RaftNode moved its commit index before it looked at the log.
    @Test func earlyCommitARejectedAppendCommitsNothing() throws {
        var bench = try Bench(terms: [1, 1, 1], term: 2)
        bench.receive(.append(2, after: at(2, 3), commit: 3), from: 2)
        bench.receive(.append(2, after: at(2, 7), [2], commit: 8), from: 2)
        #expect(bench.raft.commitIndex == .zero)
    }

    /// The same restarted its timer at any vote request: a node with an old log kept all others
    /// from campaigning.
    @Test func timerResetByAnyVoteRequestRefusedCandidatesDelayNobody() throws {
        var bench = try Bench(terms: [3])
        for tick in UInt64(1)...20 {
            if !bench.tick().isEmpty { break }
            bench.receive(.ask(.vote, 3 + tick, last: at(1, 9)), from: 2)
            bench.receive(.ask(.preVote, 4 + tick, last: at(1, 9)), from: 2)
        }
        #expect(bench.raft.role == .preCandidate)
    }

    /// scylladb #10578: a heartbeat's commit index met a follower with an old, different log.
    @Test func anOldLogCommitsNothingOnAHeartbeat() throws {
        var cluster = RaftCluster(try Membership(voters: ids))
        cluster.elect(ids[0])
        cluster.isolate(ids[0])
        for _ in 0..<3 { _ = try cluster.propose(ids[0]) }
        cluster.settle()
        for _ in 0..<60 {
            for id in ids[1...] { cluster.tick(id) }
            cluster.settle()
        }
        let leader = try #require(cluster.leader)
        for _ in 0..<5 { _ = try cluster.propose(leader) }
        cluster.settle()
        cluster.healNetwork()
        // Heartbeats alone get through to node 1.
        for _ in 0..<10 {
            for id in ids { cluster.tick(id) }
            cluster.drop { if case .appendRequest = $0.message { $0.to == ids[0] } else { false } }
            while !cluster.network.isEmpty {
                if case .appendRequest = cluster.network[0].message, cluster.network[0].to == ids[0]
                {
                    cluster.drop(at: 0)
                } else {
                    cluster.deliver(at: 0)
                }
            }
            for id in ids { cluster.sync(id) }
        }
        #expect(cluster.raft(ids[0]).leader == leader)
        #expect(cluster.raft(ids[0]).commitIndex <= LogIndex(1))
        #expect(cluster.safety.violations == [])
    }

    /// async-raft: fifty conflicting entries made leader and follower go round in circles.
    @Test func fiftyConflictingEntriesAreReplaced() throws {
        var cluster = RaftCluster(try Membership(voters: ids))
        cluster.elect(ids[0])
        cluster.isolate(ids[0])
        for _ in 0..<50 { _ = try cluster.propose(ids[0]) }
        cluster.settle()
        for _ in 0..<60 {
            for id in ids[1...] { cluster.tick(id) }
            cluster.settle()
        }
        cluster.healNetwork()
        cluster.run(ticks: 10)
        #expect(cluster[ids[0]].disk.entries == cluster.safety.committed)
        #expect(cluster.safety.violations == [])
    }

    /// tigerbeetle #2739: one dead node of three must not slow the others.
    @Test func aDeadFollowerDelaysNoCommit() throws {
        var cluster = RaftCluster(try Membership(voters: ids))
        cluster.elect(ids[0])
        cluster.crash(ids[2])
        for _ in 0..<1_000 {
            let position = try cluster.propose(ids[0])
            cluster.settle()
            #expect(cluster.raft(ids[0]).commitIndex == position.index)
        }
    }

    /// The third node falls behind, and catches up from files once it is back.
    @Test func aLaggingFollowerCatchesUpFromTheLogsFiles() throws {
        var cluster = RaftCluster(try Membership(voters: ids)) {
            $0.tailBytesMax = 200
            $0.appendBytesMax = 300
            $0.inflightMessagesMax = 2
        }
        cluster.elect(ids[0])
        cluster.crash(ids[2])
        for value in 0..<200 { _ = try cluster.propose(ids[0], [UInt8(value)]); cluster.settle() }
        #expect(cluster.raft(ids[0]).firstCachedIndex > LogIndex(150))
        cluster.restart(ids[2])
        cluster.run(ticks: 5)
        #expect(cluster[ids[2]].disk.entries == cluster[ids[0]].disk.entries)
        #expect(cluster.raft(ids[2]).commitIndex == LogIndex(201))
        #expect(cluster.safety.violations == [])
    }

    /// NATS 2.12.1: a log that lost what it had acknowledged. The leader
    /// still counts on it, and no vote of its may elect one that lacks the same entries.
    @Test func aDamagedLogIsRepairedByTheOthersBeforeItsNodeVotes() throws {
        var cluster = RaftCluster(try Membership(voters: ids))
        cluster.elect(ids[0])
        for _ in 0..<9 { _ = try cluster.propose(ids[0]) }
        cluster.settle()
        cluster.run(ticks: 2)
        cluster.crash(ids[2])
        cluster.damage(ids[2], keepingEntries: 3)
        cluster.restart(ids[2], committed: LogIndex(2), eligibility: .none)
        cluster.run(ticks: 100)
        let leader = try #require(cluster.leader)
        #expect(leader != ids[2])
        #expect(cluster[ids[2]].disk.entries == cluster.safety.committed)
        // A read index reached after the start says that nothing committed is missing any more.
        cluster.requestRead(ids[2], ReadID(1))
        cluster.settle()
        let index = try #require(cluster[ids[2]].reads.last?.index)
        #expect(cluster.raft(ids[2]).commitIndex >= index)
        #expect(cluster.safety.violations == [])
    }

    /// hashicorp/raft #503: heartbeats run on while the disk hangs; the host sees it and says so.
    @Test func aLeaderWhoseDiskStallsHandsOverWhenTold() throws {
        var cluster = RaftCluster(try Membership(voters: ids))
        cluster.elect(ids[0])
        cluster.stallDisk(ids[0])
        _ = try cluster.propose(ids[0])
        cluster.settle()
        #expect(cluster.raft(ids[0]).commitIndex == LogIndex(2))
        cluster.step(ids[0]) { raft, effects in
            raft.eligibility = .votesOnly
            raft.stepDown(effects: &effects)
        }
        cluster.run(ticks: 60)
        let leader = try #require(cluster.leader)
        #expect(leader != ids[0])
        _ = try cluster.propose(leader)
        cluster.settle()
        #expect(cluster.raft(leader).commitIndex == cluster.raft(leader).lastPosition.index)
    }
}
