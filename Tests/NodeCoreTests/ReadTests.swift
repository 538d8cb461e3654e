import Inventory
import NodeCore
import Primitives
import Raft
import Simulation
import Testing

/// Reads: linearizable by read index on any node, local ones bounded in their staleness.
@Suite struct ReadTests {
    private static func hold(_ sale: NodeSale, _ number: Int = 1) -> Operation {
        .read(.hold(sale.holdID(number)), .linearizable)
    }

    @Test func anyNodeReadsWhatWasAcknowledgedBefore() {
        var cluster = NodeCluster(nodes: 3)
        cluster.timings.linkMicroseconds = 1_000...20_000
        let sale = cluster.openSale()
        for number in 1...20 {
            let written = cluster.answer(
                to: sale.hold([number], key: "k\(number)", number: number))
            #expect(written.word == "held")
            for id in cluster.ids {
                #expect(cluster.answer(to: Self.hold(sale, number), at: id).word == "held")
            }
        }
    }

    /// A new leader doesn't know what is committed before its own entry is.
    @Test func aNewLeaderAnswersNoReadBeforeItsFirstEntryIsCommitted() {
        var cluster = NodeCluster(nodes: 3)
        let sale = cluster.openSale()
        #expect(cluster.answer(to: sale.hold([0], key: "k", number: 1)).word == "held")
        guard let old = cluster.leader else { return }
        cluster.crash(old)
        cluster.run(atMost: .seconds(3)) { cluster in cluster.leader != nil }
        guard let new = cluster.leader else {
            Issue.record("no leader")
            return
        }
        for id in cluster.ids { cluster[id].logSyncing = .manual }
        let read = cluster.submit(Self.hold(sale), to: new)
        cluster.run(for: Milliseconds(200))
        #expect(!cluster.core(new).raft.hasCommittedInTerm)
        #expect(cluster.replies[read] == nil)
        for id in cluster.ids { cluster.syncByItself(id) }
        cluster.run(for: Milliseconds(200))
        #expect(cluster.replies[read]?.answer.word == "held")
    }

    /// It may have been deposed long ago; what it remembers is no answer.
    @Test func aLeaderThatIsCutOffAnswersNoLinearizableRead() {
        var cluster = NodeCluster(nodes: 3)
        let sale = cluster.openSale()
        guard let old = cluster.leader else { return }
        cluster.isolate(old)
        let read = cluster.submit(Self.hold(sale), to: old)
        cluster.run(for: .seconds(3))
        #expect(cluster.replies[read]?.answer.word == "noLeader")
    }

    /// SIGSTOP between the leader's last word and the read (etcd #20418).
    @Test func aLeaderThatWasPausedDoesNotReadFromMemory() {
        var cluster = NodeCluster(nodes: 3)
        let sale = cluster.openSale()
        #expect(cluster.answer(to: sale.hold([0], key: "k", number: 1)).word == "held")
        guard let old = cluster.leader else { return }
        cluster.run(for: .seconds(1))
        cluster.pause(old)
        cluster.run(for: .seconds(3))
        cluster.elect()
        guard let new = cluster.leader, new != old else {
            Issue.record("no new leader")
            return
        }
        let release = cluster.answer(to: .write(.releaseHold(sale.holdID(1))), at: new)
        #expect(release.word == "released")
        cluster.resume(old)
        let linearizable = cluster.submit(Self.hold(sale), to: old)
        let local = cluster.submit(
            Operation.read(.hold(sale.holdID(1)), .local), to: old)
        guard let stale = cluster.replies[local] else {
            Issue.record("a local read waits")
            return
        }
        #expect(stale.answer.word == "held")
        #expect(stale.staleness.map { $0 >= .seconds(3) } == true)
        cluster.run(for: .seconds(3))
        #expect(
            ["released", "noLeader"].contains(
                cluster.replies[linearizable]?.answer.hold.map { "\($0.status)" }
                    ?? cluster.replies[linearizable]?.answer.word))
    }

    @Test func aLocalReadTellsItsStalenessAndIsRefusedAboveTheBound() {
        var cluster = NodeCluster(nodes: 3)
        let sale = cluster.openSale()
        #expect(cluster.answer(to: sale.hold([0], key: "k", number: 1)).word == "held")
        cluster.run(for: .seconds(1))
        guard let follower = cluster.ids.first(where: { $0 != cluster.leader }) else { return }
        let local = Operation.read(.hold(sale.holdID(1)), .local)
        let fresh = cluster.submit(local, to: follower)
        #expect(cluster.replies[fresh]?.staleness.map { $0 < Milliseconds(250) } == true)
        cluster.isolate(follower)
        cluster.run(for: .seconds(4))
        let stale = cluster.submit(local, to: follower)
        #expect(cluster.replies[stale]?.answer.word == "held")
        #expect(cluster.replies[stale]?.staleness.map { $0 >= .seconds(3) } == true)
        cluster.run(for: .seconds(2))
        #expect(cluster.answer(to: local, at: follower).word == "stale")
    }

    @Test func aNodeThatHasJustStartedReadsNothingUntilItHasCaughtUp() {
        var cluster = NodeCluster(nodes: 3)
        let sale = cluster.openSale()
        #expect(cluster.answer(to: sale.hold([0], key: "k", number: 1)).word == "held")
        guard let follower = cluster.ids.first(where: { $0 != cluster.leader }) else { return }
        cluster.crash(follower)
        cluster.run(for: .seconds(1))
        cluster.start(follower)
        let local = Operation.read(.hold(sale.holdID(1)), .local)
        #expect(cluster.answer(to: local, at: follower).word == "stale")
        cluster.run(for: .seconds(2))
        #expect(cluster.answer(to: local, at: follower).word == "held")
    }

    @Test func aReadAskedOfALostLeaderIsAskedOfTheNext() {
        var cluster = NodeCluster(nodes: 3)
        let sale = cluster.openSale()
        #expect(cluster.answer(to: sale.hold([0], key: "k", number: 1)).word == "held")
        guard let leader = cluster.leader,
            let follower = cluster.ids.first(where: { $0 != leader })
        else { return }
        cluster.crash(leader)
        let read = cluster.submit(Self.hold(sale), to: follower)
        cluster.run(for: Milliseconds(1_900))
        #expect(cluster.replies[read]?.answer.word == "held")
    }

    @Test func aReadWhoseIndexIsNeverAppliedIsGivenUp() {
        var cluster = NodeCluster(nodes: 3) { $0.writeBehindRowsMax = 0 }
        let sale = cluster.openSale()
        guard let follower = cluster.ids.first(where: { $0 != cluster.leader }) else { return }
        cluster.run(for: .seconds(1))
        cluster[follower].isStoreStalled = true
        #expect(cluster.answer(to: sale.hold([1], key: "j", number: 2)).word == "held")
        cluster.run(for: .seconds(1))
        #expect(cluster.answer(to: sale.hold([0], key: "k", number: 1)).word == "held")
        let read = cluster.submit(Self.hold(sale), to: follower)
        cluster.run(for: Milliseconds(1_500))
        #expect(cluster.replies[read] == nil)
        cluster.run(for: .seconds(1))
        #expect(cluster.replies[read]?.answer.word == "noLeader")
        #expect(cluster.core(follower).requestsUnderWay == 0)
    }

    @Test func theCatalogIsReadInPages() {
        var cluster = NodeCluster(nodes: 1)
        let sale = cluster.openSale()
        for number in 1...4 {
            let event = NodeSale(shardCount: 2, key: "more\(number)").event
            #expect(
                cluster.answer(to: NodeSale.newEvent(event, ttlSeconds: 60)).word == "event")
        }
        var seen: [EventID] = []
        var after: EventPosition?
        repeat {
            let query = EventQuery(from: nil, to: nil, words: [], after: after, limit: 2)
            guard
                case .events(let page)? = cluster.answer(
                    to: .read(.events(query), .linearizable), at: NodeID(1))
            else {
                Issue.record("no page")
                return
            }
            seen += page.events.map(\.content.event.event)
            after = page.next
        } while after != nil
        #expect(seen.count == 5)
        #expect(Set(seen).count == 5)
        #expect(seen.contains(sale.event))
    }
}
