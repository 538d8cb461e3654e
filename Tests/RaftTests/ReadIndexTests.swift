import Primitives
import Raft
import Simulation
import Testing

/// Linearizable reads: thesis §6.4.
struct ReadIndexTests {
    /// A leader of three whose no-op is committed.
    private func established(_ configure: (inout RaftConfiguration) -> Void = { _ in }) throws
        -> Bench
    {
        var bench = try Bench(configure: configure)
        bench.lead()
        bench.receive(.accepted(1, 1), from: 2)
        #expect(bench.raft.hasCommittedInTerm)
        return bench
    }

    private func outcome(_ id: UInt64, _ index: UInt64?) -> ReadOutcome {
        ReadOutcome(id: ReadID(id), index: index.map { LogIndex($0) })
    }

    @Test func aReadWaitsForAQuorumToAnswerAHeartbeatSentAfterIt() throws {
        var bench = try established()
        let beats = bench.requestRead(1)
        #expect(beats.to(2).compactMap(\.heartbeatRound) == [1])
        #expect(bench.reads == [])
        bench.receive(.beat(1, round: 1), from: 2)
        #expect(bench.reads == [outcome(1, 1)])
    }

    /// redisraft #18, #19: a new leader doesn't know yet what is committed.
    @Test func aReadWaitsForTheNoOp() throws {
        var bench = try Bench(terms: [1, 1])
        bench.lead()
        #expect(bench.requestRead(1) == [])
        bench.receive(.beat(2), from: 2)
        #expect(bench.reads == [])
        #expect(bench.receive(.accepted(2, 3), from: 2).contains { $0.message.heartbeatRound == 1 })
        bench.receive(.beat(2, round: 1), from: 2)
        #expect(bench.reads == [outcome(1, 3)])
    }

    @Test func anAnswerToAnOlderHeartbeatConfirmsNothing() throws {
        var bench = try established()
        bench.tick(2)
        bench.requestRead(1)
        bench.receive(.beat(1, round: 0), from: 2)
        bench.receive(.beat(1, round: 0), from: 3)
        #expect(bench.reads == [])
    }

    @Test func aReadDuringARoundWaitsForTheNextWhichStartsAtOnce() throws {
        var bench = try established()
        bench.requestRead(1)
        #expect(bench.requestRead(2) == [])
        #expect(bench.requestRead(3) == [])
        let next = bench.receive(.beat(1, round: 1), from: 3)
        #expect(bench.reads == [outcome(1, 1)])
        #expect(next.compactMap(\.message.heartbeatRound) == [2, 2])
        bench.receive(.beat(1, round: 1), from: 2)
        #expect(bench.reads.count == 1)
        bench.receive(.beat(1, round: 2), from: 2)
        #expect(bench.reads == [outcome(1, 1), outcome(2, 1), outcome(3, 1)])
    }

    @Test func theIndexIsTheCommitIndexWhenTheRoundBegan() throws {
        var bench = try established()
        bench.requestRead(1)
        try bench.propose()
        bench.sync()
        bench.receive(.accepted(1, 2), from: 2)
        #expect(bench.raft.commitIndex == LogIndex(2))
        bench.requestRead(2)
        bench.receive(.beat(1, round: 1), from: 2)
        bench.receive(.beat(1, round: 2), from: 2)
        #expect(bench.reads == [outcome(1, 1), outcome(2, 2)])
    }

    @Test func aLostRoundIsRepeatedByTheNextHeartbeat() throws {
        var bench = try established()
        bench.requestRead(1)
        #expect(bench.tick(2).compactMap(\.message.heartbeatRound) == [1, 1])
        bench.receive(.beat(1, round: 1), from: 3)
        #expect(bench.reads == [outcome(1, 1)])
    }

    /// Heartbeats' answers overtake one another.
    @Test func anAnswerThatComesLateTakesNoConfirmationBack() throws {
        var bench = try Bench(voters: [1, 2, 3, 4, 5])
        bench.perform { $0.campaign(effects: &$1) }
        for peer in [UInt16(2), 3] { bench.receive(.preVoteGrant(1), from: peer) }
        bench.sync()
        for peer in [UInt16(2), 3] { bench.receive(.voteGrant(1), from: peer) }
        bench.sync()
        for peer in [UInt16(2), 3] { bench.receive(.accepted(1, 1), from: peer) }
        bench.requestRead(1)
        bench.receive(.beat(1, round: 1), from: 2)
        bench.receive(.beat(1, round: 0), from: 2)
        bench.receive(.beat(1, round: 1), from: 3)
        #expect(bench.reads == [outcome(1, 1)])
    }

    @Test func theOnlyVoterAnswersAtOnce() throws {
        var bench = try Bench(voters: [1])
        bench.perform { $0.start(effects: &$1) }
        bench.sync()
        bench.requestRead(1)
        #expect(bench.reads == [])
        bench.sync()
        #expect(bench.reads == [outcome(1, 1)])
        bench.requestRead(2)
        #expect(bench.reads == [outcome(1, 1), outcome(2, 1)])
    }

    @Test func learnersConfirmNothing() throws {
        var bench = try Bench(learners: [4])
        bench.lead()
        bench.receive(.accepted(1, 1), from: 2)
        bench.requestRead(1)
        bench.receive(.beat(1, round: 1), from: 4)
        #expect(bench.reads == [])
    }

    @Test func readsFailWhenLeadershipIsLost() throws {
        var bench = try established()
        bench.requestRead(1)
        bench.requestRead(2)
        bench.receive(.readRequest(ReadRequest(term: Term(1), id: ReadID(77))), from: 3)
        bench.receive(.beat(5), from: 2)
        #expect(bench.reads == [outcome(1, nil), outcome(2, nil)])
        let failed = ReadResponse(term: Term(5), id: ReadID(77), index: nil)
        #expect(bench.sync().to(3) == [.readResponse(failed)])
    }

    @Test func withoutALeaderReadsFailAtOnce() throws {
        var bench = try Bench()
        bench.requestRead(1)
        bench.perform { $0.campaign(effects: &$1) }
        bench.requestRead(2)
        #expect(bench.reads == [outcome(1, nil), outcome(2, nil)])
    }

    @Test func tooManyWaitingReadsAreRefused() throws {
        var bench = try established { $0.waitingReadsMax = 2 }
        for id in UInt64(1)...4 { bench.requestRead(id) }
        #expect(bench.reads == [outcome(4, nil)])
    }

    @Test func aFollowerAsksItsLeader() throws {
        var bench = try Bench(term: 1)
        bench.receive(.heartbeat(1), from: 2)
        let asked = bench.requestRead(9).to(2)
        guard case .readRequest(let request) = asked.first else {
            Issue.record("no request: \(asked)")
            return
        }
        let answer = ReadResponse(term: Term(1), id: request.id, index: LogIndex(6))
        bench.receive(.readResponse(answer), from: 2)
        #expect(bench.reads == [outcome(9, 6)])
    }

    @Test func aNodeThatDoesNotLeadAnswersSo() throws {
        var bench = try Bench(term: 1)
        let request = ReadRequest(term: Term(1), id: ReadID(5))
        let answer = ReadResponse(term: Term(1), id: ReadID(5), index: nil)
        #expect(bench.receive(.readRequest(request), from: 2).to(2) == [.readResponse(answer)])
    }

    @Test func aLeaderServesFollowersInItsRounds() throws {
        var bench = try established()
        let request = ReadRequest(term: Term(1), id: ReadID(5))
        bench.receive(.readRequest(request), from: 3)
        let answer = ReadResponse(term: Term(1), id: ReadID(5), index: LogIndex(1))
        #expect(
            bench.receive(.beat(1, round: 1), from: 3).to(3).contains(.readResponse(answer)))
        #expect(bench.reads == [])
    }

    /// An answer on its way while the asking node restarts, whose ids begin anew.
    @Test func anAnswerToAnotherLifeIsNotTakenForThisOnes() throws {
        let ids = (1...3).map { NodeID($0) }
        var cluster = RaftCluster(try Membership(voters: ids))
        cluster.elect(ids[0])
        cluster.run(ticks: 3)
        cluster.requestRead(ids[1], ReadID(1))
        while !cluster.network.contains(where: {
            if case .readResponse = $0.message { true } else { false }
        }) {
            cluster.deliver(at: 0)
        }
        cluster.crash(ids[1])
        cluster.restart(ids[1])
        _ = try cluster.propose(ids[0])
        let late = cluster.network.filter { $0.to == ids[1] }
        cluster.drop { $0.to == ids[1] }
        cluster.settle()
        cluster.run(ticks: 2)
        cluster.requestRead(ids[1], ReadID(1))
        for envelope in late { cluster.inject(envelope.message, from: ids[0], to: ids[1]) }
        #expect(!cluster[ids[1]].reads.contains { $0.id == ReadID(1) })
        cluster.settle()
        #expect(cluster[ids[1]].reads.last == outcome(1, 2))
        #expect(cluster.safety.violations == [])
    }

    /// etcd #20418: a leader that was paused while another was elected answers no read.
    @Test func aDeposedLeaderThatDoesNotKnowAnswersNoRead() throws {
        let ids = (1...3).map { NodeID($0) }
        var cluster = RaftCluster(try Membership(voters: ids))
        cluster.elect(ids[0])
        cluster.isolate(ids[0])
        for _ in 0..<60 {
            for id in ids[1...] { cluster.tick(id) }
            cluster.settle()
        }
        let leader = try #require(cluster.leader)
        #expect(leader != ids[0])
        _ = try cluster.propose(leader)
        cluster.settle()
        cluster.requestRead(ids[0], ReadID(1))
        cluster.settle()
        #expect(cluster.raft(ids[0]).role == .leader)
        #expect(cluster[ids[0]].reads == [])
        cluster.healNetwork()
        cluster.run(ticks: 5)
        #expect(cluster[ids[0]].reads == [outcome(1, nil)])
    }
}
