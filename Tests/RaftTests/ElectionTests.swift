import Primitives
import Raft
import Testing

/// Raft paper, figure 2, "RequestVote RPC" and "Rules for Servers"; §5.2, §5.4.1.
struct ElectionTests {
    @Test func aVoteOfAnOlderTermIsRefusedWithTheVotersTerm() throws {
        var bench = try Bench(term: 5)
        let answer = bench.receive(.ask(.vote, 4, last: at(4, 9)), from: 2)
        #expect(answer == [Outbound(2, .vote(.vote, 5, .refused))])
    }

    @Test func aVoteIsGrantedToAnUpToDateLog() throws {
        var bench = try Bench(terms: [1, 2])
        #expect(bench.receive(.ask(.vote, 3, last: at(2, 2)), from: 2) == [])
        #expect(bench.sync() == [Outbound(2, .vote(.vote, 3, .granted))])
    }

    @Test func aVoterVotesOnceInATerm() throws {
        var bench = try Bench()
        bench.receive(.ask(.vote, 1, last: .zero), from: 2)
        bench.receive(.ask(.vote, 1, last: .zero), from: 3)
        let answers = bench.sync()
        #expect(
            answers == [
                Outbound(2, .vote(.vote, 1, .granted)), Outbound(3, .vote(.vote, 1, .refused)),
            ])
    }

    @Test func aRepeatedRequestGetsTheSameVote() throws {
        var bench = try Bench(term: 3, vote: 2)
        let answer = bench.receive(.ask(.vote, 3, last: .zero), from: 2)
        #expect(answer == [Outbound(2, .vote(.vote, 3, .granted))])
        #expect(bench.writes.isEmpty)
    }

    /// async-raft once compared term and length each on its own.
    @Test(arguments: [
        (at(2, 9), false), (at(3, 1), false), (at(3, 2), true), (at(3, 9), true), (at(4, 1), true),
    ])
    func logsAreComparedByLastTermThenByLength(last: LogPosition, granted: Bool) throws {
        var bench = try Bench(terms: [1, 3])
        bench.receive(.ask(.vote, 5, last: last), from: 2)
        #expect(bench.sync().to(2) == [.vote(.vote, 5, granted ? .granted : .refused)])
    }

    @Test func aHigherTermMakesAnyRoleAFollower() throws {
        var leader = try Bench()
        leader.lead()
        leader.receive(.accepted(9, 0), from: 3)
        #expect(leader.raft.role == .follower(leader: nil))
        #expect(leader.raft.term == Term(9))
        var candidate = try Bench()
        candidate.perform { $0.campaign(effects: &$1) }
        candidate.receive(.preVoteGrant(1), from: 2)
        #expect(candidate.raft.role == .candidate)
        candidate.receive(.vote(.vote, 2, .refused), from: 2)
        #expect(candidate.raft.role == .follower(leader: nil))
    }

    @Test func aFollowerThatHearsNobodyCampaignsWithinTheTimeout() throws {
        var bench = try Bench()
        #expect(bench.tick(9) == [])
        let requests = bench.tick(11)
        #expect(requests.to(2).first == .ask(.preVote, 1, last: .zero))
        #expect(bench.raft.role == .preCandidate)
        #expect(bench.raft.term == .zero)
    }

    @Test func heartbeatsKeepAFollowerFromCampaigning() throws {
        var bench = try Bench(term: 1)
        for _ in 0..<20 {
            bench.receive(.heartbeat(1), from: 2)
            bench.tick(9)
        }
        #expect(bench.raft.role == .follower(leader: NodeID(2)))
    }

    @Test func timeoutsDifferBetweenNodesAndRounds() throws {
        let timeouts = try (0..<20).map { _ in try Bench() }.enumerated().map { seed, bench in
            var raft = Raft(
                bench.raft.configuration,
                restored: RestoredLog(
                    hardState: .initial, base: .zero, termRuns: [], last: .zero, tail: [],
                    committed: .zero),
                random: PRNG(seed: UInt64(seed)))
            var effects = RaftEffects()
            var ticks = 0
            while raft.role == .follower(leader: nil) {
                raft.tick(effects: &effects)
                ticks += 1
            }
            return ticks
        }
        #expect(timeouts.allSatisfy { (10...20).contains($0) })
        #expect(Set(timeouts).count > 4)
    }

    @Test func aCandidateWithAMajorityLeadsAndOpensItsTermWithANoOp() throws {
        var bench = try Bench(terms: [1])
        let appends = bench.lead()
        #expect(bench.raft.role == .leader)
        #expect(bench.raft.leader == NodeID(1))
        let opening = Entry(index: LogIndex(2), term: Term(2), kind: .noop, data: [])
        for peer in [UInt16(2), 3] {
            #expect(appends.appends(to: peer).first?.entries == [opening])
            #expect(appends.appends(to: peer).first?.previous == at(1, 1))
        }
    }

    @Test func aCandidateThatAMajorityRefusesFollows() throws {
        var bench = try Bench()
        bench.perform { $0.campaign(effects: &$1) }
        bench.receive(.preVoteGrant(1), from: 2)
        bench.sync()
        bench.receive(.vote(.vote, 1, .refused), from: 2)
        #expect(bench.raft.role == .candidate)
        bench.receive(.vote(.vote, 1, .refused), from: 3)
        #expect(bench.raft.role == .follower(leader: nil))
    }

    @Test func aVoterIsCountedOnce() throws {
        var bench = try Bench(voters: [1, 2, 3, 4, 5])
        bench.perform { $0.campaign(effects: &$1) }
        for _ in 0..<3 { bench.receive(.preVoteGrant(1), from: 2) }
        #expect(bench.raft.role == .preCandidate)
        bench.receive(.preVoteGrant(1), from: 3)
        #expect(bench.raft.role == .candidate)
    }

    @Test func aCandidateYieldsToTheLeaderOfItsTerm() throws {
        var bench = try Bench()
        bench.perform { $0.campaign(effects: &$1) }
        bench.receive(.preVoteGrant(1), from: 2)
        bench.receive(.heartbeat(1), from: 3)
        #expect(bench.raft.role == .follower(leader: NodeID(3)))
    }

    @Test func aSplitVoteEndsInANewCampaign() throws {
        var bench = try Bench()
        bench.perform { $0.campaign(effects: &$1) }
        bench.receive(.preVoteGrant(1), from: 2)
        bench.sync()
        #expect(bench.raft.role == .candidate)
        #expect(bench.tick(20).to(3).contains(.ask(.preVote, 2, last: .zero)))
        #expect(bench.raft.term == Term(1))
    }

    /// "Reset election timer" as a campaign begins: else it would begin anew at every tick.
    @Test func aCampaignIsGivenAWholeTimeout() throws {
        var bench = try Bench()
        while bench.raft.role != .preCandidate { bench.tick() }
        #expect(bench.tick(9) == [])
        bench.receive(.preVoteGrant(1), from: 2)
        bench.sync()
        #expect(bench.raft.role == .candidate)
        #expect(bench.tick(9) == [])
        #expect(bench.tick(11).to(3).first == .ask(.preVote, 2, last: .zero))
    }

    /// "Without … granting vote to candidate: convert to candidate": whoever has just voted lets
    /// the other try.
    @Test func aGrantedVoteRestartsTheTimer() throws {
        var bench = try Bench()
        for term in UInt64(1)...4 {
            #expect(bench.tick(9) == [])
            bench.receive(.ask(.vote, term, last: .zero), from: 2)
            #expect(bench.sync().to(2) == [.voteGrant(term)])
        }
        #expect(bench.raft.role == .follower(leader: nil))
    }

    @Test func aFollowerOfATermsLeaderVotesForNobodyElseInThatTerm() throws {
        var bench = try Bench(term: 3) { $0.electionTicksMax = 40 }
        bench.receive(.heartbeat(3), from: 2)
        bench.tick(10)
        #expect(
            bench.receive(.ask(.vote, 3, last: .zero), from: 3).to(3) == [.vote(.vote, 3, .refused)]
        )
    }

    /// A split vote's late grant may come when the candidate asks for another term.
    @Test func aGrantOfAnEarlierTermIsNotCounted() throws {
        var bench = try Bench(term: 4)
        bench.perform { $0.campaign(effects: &$1) }
        bench.receive(.preVoteGrant(5), from: 2)
        bench.sync()
        bench.receive(.voteGrant(4), from: 2)
        #expect(bench.raft.role == .candidate)
        bench.receive(.voteGrant(5), from: 2)
        #expect(bench.raft.role == .leader)
    }

    @Test func theOnlyVoterLeadsAtOnce() throws {
        var bench = try Bench(voters: [1], learners: [2])
        bench.perform { $0.start(effects: &$1) }
        #expect(bench.raft.role == .candidate)
        bench.sync()
        #expect(bench.raft.role == .leader)
        bench.sync()
        #expect(bench.raft.hasCommittedInTerm)
    }

    @Test func oneOfSeveralVotersDoesNotCampaignAtItsStart() throws {
        var bench = try Bench()
        #expect(bench.perform { $0.start(effects: &$1) } == [])
        #expect(bench.raft.role == .follower(leader: nil))
    }

    @Test func aLearnerNeverCampaigns() throws {
        var bench = try Bench(voters: [2, 3], learners: [1])
        #expect(bench.tick(100) == [])
        bench.receive(.heartbeat(1), from: 2)
        bench.sync()
        bench.receive(.timeoutNow(term: 1), from: 2)
        #expect(bench.raft.role == .follower(leader: NodeID(2)))
    }

    /// Its promotion may be committed and not have reached it (etcd-io/raft, `Step`).
    @Test func aLearnerVotesWhenAsked() throws {
        var bench = try Bench(voters: [2, 3], learners: [1])
        bench.receive(.ask(.vote, 1, last: .zero), from: 2)
        #expect(bench.sync().to(2) == [.voteGrant(1)])
    }

    @Test func aLearnersVoteIsNotCounted() throws {
        var bench = try Bench(voters: [1, 2, 3], learners: [4])
        bench.perform { $0.campaign(effects: &$1) }
        bench.receive(.preVoteGrant(1), from: 4)
        #expect(bench.raft.role == .preCandidate)
    }

    @Test func strangersAndEchoesAreIgnored() throws {
        var bench = try Bench()
        #expect(bench.receive(.heartbeat(7), from: 42) == [])
        #expect(bench.receive(.heartbeat(7), from: 1) == [])
        #expect(bench.raft.term == .zero)
        #expect(bench.writes.isEmpty)
    }

    @Test func anIneligibleNodeVotesAndDoesNotCampaign() throws {
        var bench = try Bench()
        bench.raft.eligibility = .votesOnly
        #expect(bench.tick(100) == [])
        bench.receive(.ask(.vote, 1, last: .zero), from: 2)
        #expect(bench.sync().to(2) == [.voteGrant(1)])
    }

    /// What it once acknowledged may be gone, so its vote could lose it for all.
    @Test func aNodeWithADamagedLogNeverVotes() throws {
        var bench = try Bench()
        bench.raft.eligibility = .none
        #expect(
            bench.receive(.ask(.preVote, 1, last: at(9, 9)), from: 2).to(2) == [
                .vote(.preVote, 0, .refused)
            ])
        bench.receive(.ask(.vote, 1, last: at(9, 9)), from: 2)
        #expect(bench.sync().to(2) == [.vote(.vote, 1, .refused)])
    }

    @Test func aCandidateThatBecameIneligibleDoesNotLead() throws {
        var bench = try Bench()
        bench.perform { $0.campaign(effects: &$1) }
        bench.receive(.preVoteGrant(1), from: 2)
        bench.sync()
        bench.raft.eligibility = .votesOnly
        bench.receive(.voteGrant(1), from: 2)
        #expect(bench.raft.role == .follower(leader: nil))
    }
}
