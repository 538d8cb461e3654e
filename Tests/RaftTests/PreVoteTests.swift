import Primitives
import Raft
import Simulation
import Testing

/// Pre-vote, check-quorum and leader stickiness: thesis §9.6, §6.2, §4.2.3.
struct PreVoteTests {
    @Test func aPreVoteRaisesNobodysTerm() throws {
        var bench = try Bench(term: 3)
        let answer = bench.receive(.ask(.preVote, 9, last: .zero), from: 2)
        #expect(answer == [Outbound(2, .preVoteGrant(9))])
        #expect(bench.raft.term == Term(3))
        #expect(bench.writes.isEmpty)
    }

    @Test func aRefusedPreVoteCarriesTheVotersOwnTerm() throws {
        var bench = try Bench(terms: [3], term: 4)
        let answer = bench.receive(.ask(.preVote, 5, last: at(2, 9)), from: 2)
        #expect(answer == [Outbound(2, .vote(.preVote, 4, .refused))])
    }

    /// etcd #8501: a node that came back with a lower term must learn the present one.
    @Test func aPreVoteOfAnOlderTermIsAnsweredAndBringsTheCandidateUpToDate() throws {
        var ahead = try Bench(term: 7)
        let answer = ahead.receive(.ask(.preVote, 3, last: .zero), from: 2)
        #expect(answer == [Outbound(2, .vote(.preVote, 7, .refused))])
        var behind = try Bench(term: 2)
        behind.perform { $0.campaign(effects: &$1) }
        behind.receive(.vote(.preVote, 7, .refused), from: 2)
        #expect(behind.raft.term == Term(7))
        #expect(behind.raft.role == .follower(leader: nil))
    }

    @Test func aGrantedPreVoteIsCountedForTheRequestedTermOnly() throws {
        var bench = try Bench(term: 5)
        bench.perform { $0.campaign(effects: &$1) }
        bench.receive(.preVoteGrant(5), from: 2)
        bench.receive(.preVoteGrant(7), from: 3)
        #expect(bench.raft.role == .preCandidate)
        #expect(bench.raft.term == Term(5))
        bench.receive(.preVoteGrant(6), from: 3)
        #expect(bench.raft.role == .candidate)
    }

    /// A refused node is a follower again, and so follows whoever leads.
    @Test func aPreVoteThatAMajorityRefusesEndsTheCampaign() throws {
        var bench = try Bench(term: 1)
        bench.perform { $0.campaign(effects: &$1) }
        bench.receive(.vote(.preVote, 1, .refused), from: 2)
        #expect(bench.raft.role == .preCandidate)
        bench.receive(.vote(.preVote, 1, .refused), from: 3)
        #expect(bench.raft.role == .follower(leader: nil))
        bench.receive(.preVoteGrant(2), from: 2)
        #expect(bench.raft.role == .follower(leader: nil))
    }

    @Test func aVoteIsNoPreVote() throws {
        var bench = try Bench()
        bench.perform { $0.campaign(effects: &$1) }
        bench.receive(.preVoteGrant(1), from: 2)
        bench.sync()
        bench.receive(.preVoteGrant(1), from: 3)
        bench.receive(.vote(.transfer, 1, .granted), from: 3)
        #expect(bench.raft.role == .candidate)
    }

    @Test(arguments: [VoteKind.preVote, .vote])
    func aFollowerThatJustHeardItsLeaderRefuses(kind: VoteKind) throws {
        var bench = try Bench(term: 1)
        bench.receive(.heartbeat(1), from: 2)
        bench.tick(9)
        let answer = bench.receive(.ask(kind, 2, last: at(9, 9)), from: 3)
        #expect(answer == [Outbound(3, .vote(kind, 1, .refused))])
        #expect(bench.raft.term == Term(1))
        #expect(bench.raft.leader == NodeID(2))
    }

    @Test func aFollowerWhoseLeaderFellSilentVotes() throws {
        var bench = try Bench(term: 1) { $0.electionTicksMax = 40 }
        bench.receive(.heartbeat(1), from: 2)
        bench.tick(10)
        let answer = bench.receive(.ask(.preVote, 2, last: .zero), from: 3)
        #expect(answer.to(3) == [.preVoteGrant(2)])
    }

    @Test func aVoteForATransferPassesStickiness() throws {
        var bench = try Bench(term: 1)
        bench.receive(.heartbeat(1), from: 2)
        bench.receive(.ask(.transfer, 2, last: .zero), from: 3)
        #expect(bench.sync().to(3) == [.vote(.transfer, 2, .granted)])
    }

    /// A removed or returning node can't unseat a working leader.
    @Test(arguments: [VoteKind.preVote, .vote])
    func aLeaderWithAQuorumRefusesAndStays(kind: VoteKind) throws {
        var bench = try Bench()
        bench.lead()
        let answer = bench.receive(.ask(kind, 9, last: at(9, 9)), from: 3)
        #expect(answer.to(3) == [.vote(kind, 1, .refused)])
        #expect(bench.raft.role == .leader)
    }

    /// etcd #8243, #8501: without an answer, leader and stuck candidate wait for ever.
    @Test func messagesOfAnOlderTermAreAnsweredWithTheOwnTerm() throws {
        var bench = try Bench(term: 5)
        #expect(
            bench.receive(.heartbeat(4, round: 3), from: 2) == [Outbound(2, .beat(5, round: 3))])
        let answer = bench.receive(.append(4, after: .zero, [4]), from: 2)
        #expect(answer == [Outbound(2, .rejected(5, 0, hint: .zero))])
        #expect(bench.raft.lastPosition == .zero)
        #expect(bench.raft.leader == nil)
    }

    @Test func aLeaderWithoutAQuorumStepsDownInTime() throws {
        var bench = try Bench()
        bench.lead()
        bench.tick(20)
        #expect(bench.raft.role == .leader)
        bench.tick()
        #expect(bench.raft.role == .follower(leader: nil))
        #expect(bench.raft.term == Term(1))
    }

    @Test func aLeaderThatHearsAQuorumStays() throws {
        var bench = try Bench(voters: [1, 2, 3, 4, 5], learners: [6])
        bench.perform { $0.campaign(effects: &$1) }
        for peer in [UInt16(2), 3] { bench.receive(.preVoteGrant(1), from: peer) }
        bench.sync()
        for peer in [UInt16(2), 3] { bench.receive(.voteGrant(1), from: peer) }
        for _ in 0..<10 {
            bench.tick(15)
            for peer in [UInt16(2), 3] { bench.receive(.beat(1), from: peer) }
        }
        #expect(bench.raft.role == .leader)
        // A learner is no part of a quorum.
        for _ in 0..<3 {
            bench.tick(15)
            for peer in [UInt16(2), 6] { bench.receive(.beat(1), from: peer) }
        }
        #expect(bench.raft.role != .leader)
    }

    @Test func anIsolatedNodeComesBackWithoutDisturbingTheLeader() throws {
        var cluster = RaftCluster(try Membership(voters: [1, 2, 3].map { NodeID($0) }))
        cluster.elect(NodeID(1))
        cluster.isolate(NodeID(3))
        cluster.run(ticks: 100)
        #expect(cluster.raft(NodeID(3)).term == Term(1))
        cluster.healNetwork()
        cluster.run(ticks: 30)
        #expect(cluster.leader == NodeID(1))
        #expect(cluster.raft(NodeID(1)).term == Term(1))
    }

    /// A candidate that took a higher term, and can't win, still joins.
    @Test func aStuckCandidateWithAHigherTermRejoins() throws {
        var cluster = RaftCluster(try Membership(voters: [1, 2, 3].map { NodeID($0) }))
        cluster.elect(NodeID(1))
        cluster.isolate(NodeID(3))
        for term in UInt64(2)...6 {
            cluster.campaign(NodeID(3))
            cluster.inject(.preVoteGrant(term), from: NodeID(2), to: NodeID(3))
            cluster.sync(NodeID(3))
        }
        #expect(cluster.raft(NodeID(3)).term == Term(6))
        _ = try cluster.propose(NodeID(1))
        cluster.settle()
        cluster.healNetwork()
        cluster.run(ticks: 100)
        #expect(cluster.ids.allSatisfy { cluster.raft($0).term >= Term(6) })
        #expect(cluster.ids.allSatisfy { cluster.raft($0).leader == cluster.leader })
        #expect(cluster.leader != nil)
        #expect(cluster.safety.violations == [])
    }

    /// openraft #2080: the leader keeps one follower, and the others meet only through another.
    @Test func aBridgeInTheNetworkStillGetsALeader() throws {
        let ids = (1...5).map { NodeID($0) }
        var cluster = RaftCluster(try Membership(voters: ids))
        cluster.elect(ids[0])
        // 1 sees 2 alone; 2, 3, 4 and 5 see one another.
        for other in ids[2...] {
            cluster.cut(from: ids[0], to: other)
            cluster.cut(from: other, to: ids[0])
        }
        cluster.run(ticks: 200)
        let leader = try #require(cluster.leader)
        #expect(leader != ids[0])
        _ = try cluster.propose(leader)
        cluster.settle()
        #expect(cluster.raft(leader).commitIndex == cluster.raft(leader).lastPosition.index)
    }

    /// Cloudflare, 2020: one direction of one link is dead.
    @Test func aOneWayLinkDoesNotKeepAClusterWithoutALeader() throws {
        let ids = (1...3).map { NodeID($0) }
        var cluster = RaftCluster(try Membership(voters: ids))
        cluster.elect(ids[0])
        cluster.cut(from: ids[0], to: ids[2])
        cluster.run(ticks: 200)
        let leader = try #require(cluster.leader)
        let term = cluster.raft(leader).term
        cluster.run(ticks: 200)
        #expect(cluster.raft(leader).term == term)
        _ = try cluster.propose(leader)
        cluster.settle()
        #expect(cluster.raft(leader).commitIndex == cluster.raft(leader).lastPosition.index)
        #expect(cluster.safety.violations == [])
    }
}
