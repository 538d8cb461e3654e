import Primitives
import Raft
import Simulation
import Testing

/// The five properties of the Raft paper's figure 3, each in the scenario that would break it, and
/// the invariants that stop a node rather than break one.
struct SafetyPropertyTests {
    private let ids = (1...5).map { NodeID($0) }

    private func cluster(_ count: Int) throws -> RaftCluster {
        RaftCluster(try Membership(voters: Array(ids.prefix(count))))
    }

    @Test func electionSafetyAVoterThatCrashedKeepsItsVote() throws {
        var cluster = try cluster(3)
        for id in [ids[0], ids[1]] {
            cluster.campaign(id)
            cluster.inject(.preVoteGrant(1), from: ids[2], to: id)
            cluster.sync(id)
        }
        let requests = cluster.network.filter { $0.to == ids[2] }.filter {
            if case .voteRequest(let request) = $0.message { request.kind == .vote } else { false }
        }
        #expect(requests.map(\.from) == [ids[0], ids[1]])
        cluster.drop { _ in true }
        cluster.inject(requests[0].message, from: ids[0], to: ids[2])
        cluster.sync(ids[2])
        cluster.crash(ids[2])
        cluster.restart(ids[2])
        cluster.inject(requests[1].message, from: ids[1], to: ids[2])
        cluster.settle()
        #expect(cluster.leader == ids[0])
        #expect(cluster.raft(ids[1]).role == .follower(leader: ids[0]))
        #expect(cluster.safety.violations == [])
    }

    @Test func leaderAppendOnlyALeaderNeverRewritesItsLog() throws {
        var bench = try Bench(terms: [1, 1])
        bench.lead()
        let before = bench.raft.lastPosition
        for message in [
            Message.append(1, after: at(1, 1), [1]), .rejected(2, 2, hint: .zero),
            .heartbeat(1), .ask(.preVote, 9, last: .zero),
        ] {
            bench.receive(message, from: 3)
        }
        #expect(bench.raft.lastPosition == before)
        #expect(bench.writes.allSatisfy { $0.truncateFrom == nil })
    }

    @Test func logMatchingConflictsEndAtTheFirstDifference() throws {
        var cluster = try cluster(3)
        cluster.elect(ids[0])
        cluster.isolate(ids[0])
        for value in 0..<5 { _ = try cluster.propose(ids[0], [UInt8(value)]) }
        cluster.settle()
        cluster.elect(ids[1])
        cluster.run(ticks: 40)
        let leader = try #require(cluster.leader)
        #expect(leader != ids[0])
        for value in 0..<3 { _ = try cluster.propose(leader, [UInt8(90 + value)]) }
        cluster.settle()
        cluster.healNetwork()
        cluster.run(ticks: 20)
        #expect(cluster[ids[0]].disk.entries == cluster[leader].disk.entries)
        #expect(cluster.raft(ids[0]).commitIndex == cluster.raft(leader).commitIndex)
        #expect(cluster.safety.violations == [])
    }

    /// Figure 8 in full: an entry of term 1 reaches a majority in term 3, and is lost all the same.
    @Test func leaderCompletenessFigureEight() throws {
        var cluster = RaftCluster(try Membership(voters: ids)) { $0.appendBytesMax = 1 }
        cluster.elect(ids[0])
        cluster.run(ticks: 3)
        // (a) Node 1's entry reaches node 2 alone.
        for id in ids[2...] { cluster.isolate(id) }
        let early = try cluster.propose(ids[0])
        cluster.settle()
        for id in ids.prefix(2) { cluster.crash(id) }
        cluster.healNetwork()
        // (b) Node 5 leads term 2, with an entry that nobody else gets.
        elect(ids[4], in: &cluster) { _, _ in true }
        cluster.crash(ids[4])
        // (c) Node 1 leads term 3 and brings node 3 the old entry, which a majority now has.
        for id in ids.prefix(2) { cluster.restart(id) }
        elect(ids[0], in: &cluster) { [ids] cluster, target in
            target != ids[1] && (target != ids[2] || cluster[target].disk.entries.count > 1)
        }
        for id in ids.prefix(3) { #expect(cluster[id].disk.entries[1].position == early) }
        #expect(cluster.raft(ids[0]).commitIndex < early.index)
        // (d) Node 5 leads term 4, and replaces it.
        for id in ids.prefix(2) { cluster.crash(id) }
        cluster.restart(ids[4])
        elect(ids[4], in: &cluster) { _, _ in false }
        for id in ids.prefix(2) { cluster.restart(id) }
        cluster.run(ticks: 100)
        #expect(cluster.safety.violations == [])
        #expect(cluster.safety.committed[1].term == Term(2))
        #expect(ids.allSatisfy { cluster[$0].disk.entries == cluster.safety.committed })
    }

    /// Makes a node win, while appends are lost as `losing` says.
    private func elect(
        _ id: NodeID, in cluster: inout RaftCluster, losing: (RaftCluster, NodeID) -> Bool
    ) {
        for other in cluster.ids where other != id { cluster.tick(other, times: 10) }
        cluster.drop { _ in true }
        // The first campaign may only teach it the others' term.
        for _ in 0..<2 {
            cluster.campaign(id)
            repeat {
                while let next = cluster.network.first {
                    if case .appendRequest = next.message, losing(cluster, next.to) {
                        cluster.drop(at: 0)
                    } else {
                        cluster.deliver(at: 0)
                    }
                }
                for node in cluster.ids { cluster.sync(node) }
            } while !cluster.network.isEmpty
        }
        #expect(cluster.leader == id)
    }

    @Test func stateMachineSafetyNodesApplyTheSameEntries() throws {
        var cluster = try cluster(5)
        for round in 0..<5 {
            let leader = ids[round]
            cluster.run(ticks: 30)
            cluster.step(cluster.leader ?? leader) {
                try? $0.transferLeadership(to: leader, effects: &$1)
            }
            cluster.settle()
            cluster.crash(ids[(round + 1) % 5])
            if let leader = cluster.leader { _ = try cluster.propose(leader, [UInt8(round)]) }
            cluster.settle()
            cluster.restart(ids[(round + 1) % 5])
        }
        cluster.run(ticks: 60)
        #expect(cluster.safety.violations == [])
        #expect(cluster.safety.committed.count >= 9)
        #expect(
            ids.allSatisfy {
                cluster[$0].applied.rawValue == UInt64(cluster.safety.committed.count)
            })
    }

    @Test func twoLeadersOfOneTermStopTheNode() async {
        await #expect(processExitsWith: .failure) {
            var bench = try Bench()
            bench.lead()
            bench.receive(.heartbeat(1), from: 2)
        }
    }

    @Test func replacingACommittedEntryStopsTheNode() async {
        await #expect(processExitsWith: .failure) {
            var bench = try Bench(terms: [1, 1], committed: 2)
            bench.receive(.append(2, after: at(1, 1), [2]), from: 2)
        }
    }

    @Test func aCommitBeyondTheLogStopsTheNode() async {
        await #expect(processExitsWith: .failure) {
            var bench = try Bench(terms: [1])
            bench.receive(.heartbeat(1, commit: 2), from: 2)
        }
    }

    @Test func aReportOfAWriteThatWasNeverMadeStopsTheNode() async {
        await #expect(processExitsWith: .failure) {
            var bench = try Bench()
            bench.sync(upTo: 1)
        }
    }
}
