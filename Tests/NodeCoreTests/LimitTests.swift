import Inventory
import NodeCore
import Primitives
import Raft
import Simulation
import Testing

/// Limits: what is too much is shed at once, and no step is long.
@Suite struct LimitTests {
    @Test func aFullQueueAnswersOverloadedAtOnce() {
        var cluster = NodeCluster(nodes: 3) { $0.queueDepthMax = 4 }
        let sale = cluster.openSale()
        guard let leader = cluster.leader else { return }
        cluster.run(for: .seconds(1))
        cluster.isolate(leader)
        let requests = (0..<6).map { number in
            cluster.submit(sale.hold([number], key: "\(number)", number: number), to: leader)
        }
        let words = requests.map { (cluster.replies[$0]?.answer).word }
        #expect(words == ["none", "none", "none", "none", "overloaded", "overloaded"])
        #expect(cluster.core(leader).requestsUnderWay == 4)
        // Operators and local readers are not kept out.
        let status = cluster.submit(.administer(.status), to: leader)
        #expect(cluster.replies[status]?.answer.word == "status")
        let map = cluster.submit(Operation.read(.seatMap(sale.event), .local), to: leader)
        #expect(cluster.replies[map]?.answer.word == "seat map")
    }

    @Test func aLeaderWhoseFilesAreBehindShedsWrites() {
        var cluster = NodeCluster(nodes: 3) { $0.writeBehindRowsMax = 3 }
        let sale = cluster.openSale()
        guard let leader = cluster.leader else { return }
        cluster.run(for: .seconds(1))
        cluster[leader].isStoreStalled = true
        for number in 1...3 {
            #expect(
                cluster.answer(to: sale.hold([number], key: "\(number)", number: number)).word
                    == "held")
        }
        cluster.run(for: Milliseconds(300))
        let shed = cluster.submit(sale.hold([9], key: "9", number: 9), to: leader)
        #expect(cluster.replies[shed]?.answer.word == "overloaded")
        let read = cluster.answer(
            to: .read(.hold(sale.holdID(1)), .linearizable), at: leader)
        #expect(read.word == "held")
        cluster[leader].isStoreStalled = false
        cluster.run(for: .seconds(1))
        #expect(cluster.answer(to: sale.hold([9], key: "9", number: 9)).word == "held")
    }

    @Test func aFollowerWhoseFilesAreBehindPausesAndGoesOnAcknowledging() {
        var cluster = NodeCluster(nodes: 3) { $0.writeBehindRowsMax = 3 }
        let sale = cluster.openSale()
        cluster.run(for: .seconds(1))
        guard let leader = cluster.leader else { return }
        let followers = cluster.ids.filter { $0 != leader }
        for id in followers { cluster[id].isStoreStalled = true }
        for number in 0..<12 {
            #expect(
                cluster.answer(to: sale.hold([number], key: "\(number)", number: number)).word
                    == "held")
            cluster.run(for: Milliseconds(200))
        }
        for id in followers {
            #expect(cluster.core(id).appliedIndex < cluster.core(leader).appliedIndex)
            #expect(cluster.core(id).raft.durableIndex == cluster.core(leader).raft.durableIndex)
            #expect(!cluster.core(id).hasWorkLeft)
            cluster[id].isStoreStalled = false
        }
        cluster.run(for: .seconds(1))
        for id in followers {
            #expect(cluster.core(id).appliedIndex == cluster.core(leader).appliedIndex)
        }
    }

    /// Commands that gathered while entries were under way go out as full entries.
    @Test func manyCommandsMakeFewEntriesAndEachIsAnswered() {
        var cluster = NodeCluster(nodes: 3)
        _ = cluster.openSale()
        guard let leader = cluster.leader else { return }
        let before = cluster.core(leader).raft.lastPosition.index
        let requests = (0..<1_500).map { cluster.submitEvent($0, to: leader) }
        cluster.run(for: .seconds(1))
        #expect(requests.allSatisfy { cluster.replies[$0]?.answer.word == "event" })
        let entries = cluster.core(leader).raft.lastPosition.index.distance(from: before)
        #expect(2...10 ~= entries)
        #expect(cluster.core(leader).requestsUnderWay == 0)
    }

    @Test func aCommandThatNoEntryCanCarryIsRefused() {
        var cluster = NodeCluster(nodes: 1)
        let sale = cluster.openSale()
        guard case .createEvent(var event) = NodeSale.newEvent(sale.event, ttlSeconds: 60) else {
            return
        }
        event.event = NodeSale(shardCount: 2, key: "huge").event
        event.name = String(repeating: "x", count: 300_000)
        #expect(cluster.answer(to: .createEvent(event)).word == "overloaded")
        #expect(cluster.answer(to: sale.hold([0], key: "k", number: 1)).word == "held")
    }

    @Test func aLongCatchUpIsTakenInSteps() {
        var cluster = NodeCluster(nodes: 3)
        _ = cluster.openSale()
        guard let leader = cluster.leader,
            let follower = cluster.ids.first(where: { $0 != leader })
        else { return }
        cluster.crash(follower)
        for number in 0..<300 {
            cluster.submitEvent(number, to: leader)
            cluster.run(for: Milliseconds(3))
        }
        let goal = cluster.core(leader).appliedIndex
        cluster.start(follower, tailEntriesMax: 5)
        var applied = cluster.core(follower).appliedIndex
        let missing = goal.distance(from: applied)
        var longest = 0
        let hasCaughtUp = cluster.run(atMost: .seconds(5)) { cluster in
            let now = cluster.core(follower).appliedIndex
            longest = max(longest, now.distance(from: applied))
            applied = now
            return applied >= goal
        }
        #expect(hasCaughtUp)
        #expect(missing > 200)
        #expect(1...64 ~= longest)
        #expect(cluster.safety.violations == [])
    }

    /// Heartbeats go on while the disk hangs; leadership must not (hashicorp/raft #503).
    @Test func aLeaderWhoseDiskHangsStepsDown() {
        var cluster = NodeCluster(nodes: 3)
        let sale = cluster.openSale()
        guard let old = cluster.leader else { return }
        cluster[old].logSyncing = .manual
        #expect(cluster.answer(to: sale.hold([0], key: "a", number: 1)).word == "held")
        cluster.run(for: .seconds(3))
        cluster.elect()
        #expect(cluster.leader != old)
        #expect(cluster[old].events.contains { if case .logStalled = $0 { true } else { false } })
        #expect(cluster.answer(to: sale.hold([1], key: "b", number: 2)).word == "held")
        cluster.syncByItself(old)
        cluster.run(for: .seconds(1))
        #expect(cluster[old].events.contains(.logRecovered))
        #expect(cluster.core(old).raft.eligibility == .full)
    }

    @Test func aTransferGoesToTheBestMemberOrSaysWhyNot() {
        var cluster = NodeCluster(nodes: 3)
        let sale = cluster.openSale()
        guard let old = cluster.leader else { return }
        let transfer = Operation.administer(.transferLeadership(to: nil))
        #expect(cluster.answer(to: transfer, at: old).word == "done")
        cluster.run(for: Milliseconds(300))
        #expect(cluster.leader != old)
        #expect(cluster.answer(to: transfer, at: old).word == "not leader")
        #expect(cluster.answer(to: sale.hold([0], key: "k", number: 1)).word == "held")
        var single = NodeCluster(nodes: 1)
        single.elect()
        #expect(single.answer(to: transfer, at: NodeID(1)).word == "transfer refused")
    }
}
