import Primitives
import Raft
import Simulation
import Testing

/// Leadership transfer: thesis §3.10.
struct TransferTests {
    private let ids = (1...3).map { NodeID($0) }

    private func bench() throws -> Bench {
        var bench = try Bench(learners: [4])
        bench.lead()
        bench.receive(.accepted(1, 1), from: 2)
        return bench
    }

    private func transfer(_ bench: inout Bench, to target: UInt16) throws -> [Outbound] {
        var failure: TransferRefusal?
        let messages = bench.perform { raft, effects in
            do throws(TransferRefusal) {
                try raft.transferLeadership(to: NodeID(target), effects: &effects)
            } catch { failure = error }
        }
        if let failure { throw failure }
        return messages
    }

    @Test func aTargetThatIsUpToDateIsToldAtOnce() throws {
        var bench = try bench()
        #expect(try transfer(&bench, to: 2) == [Outbound(2, .timeoutNow(term: 1))])
        #expect(bench.raft.transferTarget == NodeID(2))
    }

    @Test func aTargetThatLagsIsBroughtUpToDateFirst() throws {
        var bench = try bench()
        #expect(try transfer(&bench, to: 3) == [])
        #expect(bench.receive(.accepted(1, 1), from: 3).to(3).contains(.timeoutNow(term: 1)))
        #expect(!bench.receive(.accepted(1, 1), from: 3).to(3).contains(.timeoutNow(term: 1)))
    }

    @Test func proposalsStopUntilTheTransferEndsOrIsGivenUp() throws {
        var bench = try bench()
        _ = try transfer(&bench, to: 3)
        #expect(throws: ProposeRefusal.transferring(to: NodeID(3))) { try bench.propose() }
        for _ in 0..<20 {
            bench.receive(.beat(1), from: 2)
            bench.tick()
        }
        #expect(bench.raft.role == .leader)
        #expect(bench.raft.transferTarget == nil)
        try bench.propose()
        #expect(bench.raft.lastPosition == at(1, 2))
    }

    @Test func onlyAnotherVoterCanTakeOver() throws {
        var bench = try bench()
        for unfit in [UInt16(1), 4, 42] {
            #expect(throws: TransferRefusal.unfitTarget) { try transfer(&bench, to: unfit) }
        }
        _ = try transfer(&bench, to: 2)
        #expect(throws: TransferRefusal.transferring(to: NodeID(2))) {
            try transfer(&bench, to: 3)
        }
        var follower = try Bench()
        #expect(throws: TransferRefusal.notLeader(leader: nil)) { try transfer(&follower, to: 2) }
    }

    @Test func onlyTheOwnLeaderCanMakeANodeTakeOver() throws {
        var bench = try Bench(term: 2)
        bench.receive(.heartbeat(2), from: 2)
        bench.receive(.timeoutNow(term: 2), from: 3)
        bench.receive(.timeoutNow(term: 1), from: 2)
        #expect(bench.raft.role == .follower(leader: NodeID(2)))
        bench.receive(.timeoutNow(term: 2), from: 2)
        #expect(bench.raft.role == .candidate)
        #expect(bench.raft.term == Term(3))
        #expect(bench.sync().to(3) == [.ask(.transfer, 3, last: .zero)])
    }

    @Test func anIneligibleNodeDoesNotTakeOver() throws {
        var bench = try Bench(term: 2)
        bench.receive(.heartbeat(2), from: 2)
        bench.raft.eligibility = .votesOnly
        bench.receive(.timeoutNow(term: 2), from: 2)
        #expect(bench.raft.role == .follower(leader: NodeID(2)))
    }

    /// hashicorp/raft 1.6.1: a write that was accepted just before must not be lost.
    @Test func whatWasProposedBeforeATransferIsCommittedAfterIt() throws {
        var cluster = RaftCluster(try Membership(voters: ids))
        cluster.elect(ids[0])
        let position = try cluster.propose(ids[0], [42])
        cluster.step(ids[0]) { try? $0.transferLeadership(to: NodeID(3), effects: &$1) }
        cluster.settle()
        #expect(cluster.leader == ids[2])
        #expect(cluster.raft(ids[2]).term == Term(2))
        #expect(cluster.safety.committed.contains { $0.position == position && $0.data == [42] })
        #expect(cluster.raft(ids[0]).leader == ids[2])
        #expect(cluster.safety.violations == [])
    }

    @Test func aTransferToADeadNodeCostsNoLeader() throws {
        var cluster = RaftCluster(try Membership(voters: ids))
        cluster.elect(ids[0])
        cluster.crash(ids[2])
        cluster.step(ids[0]) { try? $0.transferLeadership(to: NodeID(3), effects: &$1) }
        cluster.run(ticks: 25)
        #expect(cluster.leader == ids[0])
        _ = try cluster.propose(ids[0])
        cluster.settle()
        #expect(cluster.raft(ids[0]).commitIndex == LogIndex(2))
    }
}
