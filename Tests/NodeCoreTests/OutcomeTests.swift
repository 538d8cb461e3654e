import Inventory
import NodeCore
import Primitives
import Raft
import Simulation
import Testing

/// Who is told what, and when.
@Suite struct OutcomeTests {
    @Test func nothingIsAcknowledgedBeforeAMajorityHasItOnDisk() {
        var cluster = NodeCluster(nodes: 3)
        let sale = cluster.openSale()
        guard let leader = cluster.leader else { return }
        for id in cluster.ids { cluster[id].logSyncing = .manual }
        let request = cluster.submit(sale.hold([0], key: "k", number: 1), to: leader)
        cluster.run(for: Milliseconds(100))
        #expect(cluster.replies[request] == nil)
        cluster.sync(leader)
        cluster.run(for: Milliseconds(100))
        #expect(cluster.replies[request] == nil)
        guard let follower = cluster.ids.first(where: { $0 != leader }) else { return }
        cluster.sync(follower)
        cluster.run(for: Milliseconds(100))
        #expect(cluster.replies[request]?.answer.word == "held")
    }

    @Test func theLeadersOwnDiskIsNotNeededForACommit() {
        var cluster = NodeCluster(nodes: 3)
        let sale = cluster.openSale()
        guard let leader = cluster.leader else { return }
        cluster[leader].logSyncing = .manual
        let request = cluster.submit(sale.hold([0], key: "k", number: 1), to: leader)
        cluster.run(for: Milliseconds(100))
        #expect(cluster.replies[request]?.answer.word == "held")
    }

    /// The entry is in the old leader's log only: when another takes its place in the log, the
    /// client may be told that nothing was done, never another's outcome.
    @Test func anotherTermsEntryAtTheSameIndexAnswersNobody() {
        var cluster = NodeCluster(nodes: 3)
        let sale = cluster.openSale()
        guard let old = cluster.leader else { return }
        cluster.isolate(old)
        let lost = cluster.submit(sale.hold([0], key: "a", number: 1), to: old)
        cluster.run(atMost: .seconds(3)) { $0.leader != old && $0.leader != nil }
        cluster.elect()
        guard let new = cluster.leader, new != old else { return }
        cluster.run(atMost: .seconds(2)) { $0.core(new).raft.hasCommittedInTerm }
        let won = cluster.answer(to: sale.hold([0], key: "b", number: 2))
        #expect(won?.hold?.id == sale.holdID(2))
        cluster.healNetwork()
        cluster.run(for: .seconds(3))
        #expect(
            ["unknown outcome", "not leader", "noLeader"].contains(
                cluster.replies[lost]?.answer.word))
        #expect(cluster.safety.violations == [])
    }

    /// The entry reached the followers, and the next leader commits it: the old leader learns so.
    @Test func aProposalThatTheNextLeaderCommitsIsAnsweredByTheOldOne() {
        var cluster = NodeCluster(nodes: 3)
        let sale = cluster.openSale()
        guard let old = cluster.leader else { return }
        for id in cluster.ids where id != old { cluster.cut(from: id, to: old) }
        let request = cluster.submit(sale.hold([0], key: "k", number: 1), to: old)
        cluster.run(atMost: .seconds(3)) { $0.leader != old && $0.leader != nil }
        #expect(cluster.replies[request] == nil)
        cluster.healNetwork()
        cluster.run(for: .seconds(1))
        #expect(cluster.replies[request]?.answer.word == "held")
        #expect(cluster.safety.violations == [])
    }

    @Test func aProposalWhoseFateStaysUnknownIsAnsweredSo() {
        var cluster = NodeCluster(nodes: 3)
        let sale = cluster.openSale()
        guard let old = cluster.leader else { return }
        cluster.isolate(old)
        let request = cluster.submit(sale.hold([0], key: "k", number: 1), to: old)
        cluster.run(for: .seconds(5))
        #expect(cluster.replies[request]?.answer.word == "unknown outcome")
    }

    /// While a transfer is under way nothing is proposed; what gathered is refused as never done.
    @Test func whatWasNeverAppendedIsSafeToRetryElsewhere() {
        var cluster = NodeCluster(nodes: 3)
        let sale = cluster.openSale()
        guard let old = cluster.leader else { return }
        let transfer = cluster.submit(.administer(.transferLeadership(to: nil)), to: old)
        let request = cluster.submit(sale.hold([0], key: "k", number: 1), to: old)
        cluster.run(for: .seconds(1))
        #expect(cluster.replies[transfer]?.answer.word == "done")
        #expect(cluster.leader != old)
        #expect(
            ["not leader", "noLeader"].contains(cluster.replies[request]?.answer.word))
        #expect(
            cluster.answer(to: sale.hold([0], key: "k", number: 2))?.hold?.id
                == sale.holdID(2))
    }

    @Test func aWriteAtAFollowerNamesTheLeaderAndItsTerm() {
        var cluster = NodeCluster(nodes: 3)
        let sale = cluster.openSale()
        guard let leader = cluster.leader,
            let follower = cluster.ids.first(where: { $0 != leader })
        else { return }
        let answer = cluster.answer(
            to: .write(sale.hold([0], key: "k", number: 1)), at: follower)
        guard case .notLeader(let hint)? = answer else {
            Issue.record("\(answer.word)")
            return
        }
        #expect(hint == LeaderHint(leader: leader, term: cluster.core(leader).raft.term))
    }

    @Test func aNodeNeverNamesItself() {
        var cluster = NodeCluster(nodes: 3)
        let sale = cluster.openSale()
        guard let old = cluster.leader else { return }
        cluster.isolate(old)
        cluster.run(for: .seconds(2))
        let answer = cluster.answer(to: .write(sale.hold([0], key: "k", number: 1)), at: old)
        #expect(answer.word == "noLeader")
    }

    /// The entry was replaced, and the node that learns it leads again: whoever asked it is not
    /// sent to where he already is.
    @Test func aNodeThatLeadsAgainDoesNotNameItself() {
        var cluster = NodeCluster(nodes: 3)
        let sale = cluster.openSale()
        cluster.run(for: .seconds(1))
        guard let old = cluster.leader,
            let third = cluster.ids.last(where: { $0 != old })
        else { return }
        // It votes, and with such a clock it never leads.
        cluster[third].skew = .seconds(10)
        cluster.isolate(old)
        let lost = cluster.submit(sale.hold([0], key: "a", number: 1), to: old)
        cluster.run(atMost: .seconds(3)) { $0.leader != old && $0.leader != nil }
        guard let new = cluster.leader, new != old else {
            Issue.record("no new leader")
            return
        }
        let term = cluster.core(new).raft.term
        cluster.healNetwork()
        // Its first entry reaches the old leader before anybody knows it to be committed.
        cluster.cut(from: third, to: new)
        cluster.run(atMost: .seconds(1)) { $0[old].disk.entries.last?.term == term }
        cluster.crash(new)
        cluster.cut(from: new, to: old)
        cluster.run(atMost: .seconds(2)) { $0.core(old).isLeading }
        #expect(cluster.core(old).isLeading)
        #expect(cluster.replies[lost] == nil)
        cluster.run(for: Milliseconds(300))
        #expect(cluster.replies[lost]?.answer.word == "noLeader")
        #expect(cluster.safety.violations == [])
    }

    @Test func aRetryThroughALeaderChangeReturnsTheSameHold() {
        var cluster = NodeCluster(nodes: 3)
        let sale = cluster.openSale()
        guard let old = cluster.leader else { return }
        let first = cluster.answer(to: sale.hold([0, 1], key: "k", number: 1))
        cluster.crash(old)
        cluster.run(atMost: .seconds(3)) { $0.leader != nil }
        cluster.elect()
        let again = cluster.answer(to: sale.hold([0, 1], key: "k", number: 2))
        #expect(again.word == "held again")
        #expect(again?.hold?.id == first?.hold?.id)
    }
}
