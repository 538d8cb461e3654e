import Inventory
import NodeCore
import Primitives
import Raft
import Simulation
import Testing

/// Rows behind the log: what files hold, logs hold; and what a start makes of both.
@Suite struct FileTests {
    private static func indexes(_ cluster: NodeCluster, _ id: NodeID) -> [LogIndex] {
        cluster[id].files.map(\.appliedIndex)
    }

    @Test func aFlushIsAnsweredOnceTheFilesHoldWhatWasApplied() {
        var cluster = NodeCluster(nodes: 3) { $0.writeBehindInterval = .seconds(3_600) }
        let sale = cluster.openSale()
        #expect(cluster.answer(to: sale.hold([0], key: "k", number: 1)).word == "held")
        for id in cluster.ids {
            cluster.run(for: Milliseconds(200))
            let applied = cluster.core(id).appliedIndex
            cluster[id].isStoreStalled = true
            let flush = cluster.submit(.administer(.flush), to: id)
            cluster.run(for: Milliseconds(200))
            #expect(cluster.replies[flush] == nil)
            cluster[id].isStoreStalled = false
            cluster.run(for: Milliseconds(200))
            #expect(cluster.replies[flush]?.answer.word == "done")
            #expect(Self.indexes(cluster, id).allSatisfy { $0 >= applied })
        }
    }

    @Test func aFlushWaitsForTheNodesOwnLog() {
        var cluster = NodeCluster(nodes: 3)
        let sale = cluster.openSale()
        guard let leader = cluster.leader else { return }
        cluster[leader].logSyncing = .manual
        #expect(cluster.answer(to: sale.hold([0], key: "k", number: 1)).word == "held")
        let flush = cluster.submit(.administer(.flush), to: leader)
        cluster.run(for: Milliseconds(300))
        #expect(cluster.replies[flush] == nil)
        cluster.syncByItself(leader)
        cluster.run(for: Milliseconds(300))
        #expect(cluster.replies[flush]?.answer.word == "done")
    }

    /// Under load a slow disk is always a little behind what its node has applied.
    @Test func rowsLeaveEvenWhenTheOwnLogNeverCatchesUp() {
        var cluster = NodeCluster(nodes: 3)
        _ = cluster.openSale()
        guard let leader = cluster.leader else { return }
        cluster[leader].logSyncing = .manual
        let before = Self.indexes(cluster, leader)
        for number in 0..<60 {
            cluster.submitEvent(number, to: leader)
            cluster.run(for: Milliseconds(20))
            cluster.sync(leader, writes: max(0, cluster[leader].disk.pending.count - 1))
            #expect(
                cluster.core(leader).raft.durableIndex < cluster.core(leader).appliedIndex)
        }
        let gained = zip(before, Self.indexes(cluster, leader)).contains {
            $1.distance(from: $0) > 30
        }
        #expect(gained)
        #expect(cluster.safety.violations == [])
    }

    @Test func anIdleClusterWritesNothing() {
        var cluster = NodeCluster(nodes: 3)
        _ = cluster.openSale()
        cluster.run(for: .seconds(5))
        let writes = cluster.ids.map { cluster[$0].transactions }
        let entries = cluster.core(NodeID(1)).raft.lastPosition
        cluster.run(for: .seconds(10))
        #expect(cluster.ids.map { cluster[$0].transactions } == writes)
        #expect(cluster.core(NodeID(1)).raft.lastPosition == entries)
        // Idle shards were stamped all the same.
        for id in cluster.ids {
            #expect(Set(Self.indexes(cluster, id)) == [cluster.core(id).appliedIndex])
        }
    }

    /// Each shard's file loses what it likes since its last checkpoint; the log makes up for it.
    @Test func aStartAppliesToEachShardWhatItLacks() {
        for seed in 1...10 as ClosedRange<UInt64> {
            var cluster = NodeCluster(nodes: 3, seed: seed, shardCount: 4) {
                $0.writeBehindInterval = Milliseconds(5)
            }
            let sales = (0..<4).map { NodeSale(shardCount: 4, key: "event\($0)") }
            _ = cluster.openSale()
            for sale in sales {
                #expect(
                    cluster.answer(to: NodeSale.newEvent(sale.event, ttlSeconds: 60)).word
                        == "event")
            }
            for number in 0..<20 {
                let held = cluster.answer(
                    to: sales[number % 4].hold([number], key: "k", number: number))
                #expect(["held", "key reused"].contains(held.word))
                cluster.checkpoint(NodeID(2), shardAt: number % 5)
            }
            let digest = cluster.core(cluster.leader ?? NodeID(1)).inventory.digest
            for id in cluster.ids { cluster.crash(id) }
            for id in cluster.ids { cluster.start(id) }
            cluster.elect()
            cluster.run(for: .seconds(1))
            for id in cluster.ids { #expect(cluster.core(id).inventory.digest == digest) }
            #expect(cluster.safety.violations == [])
        }
    }

    /// Up to the highest index in any file everything is known to be committed; the rest waits for
    /// a leader.
    @Test func aLoneNodeOfThreeAppliesNothingNew() {
        var cluster = NodeCluster(nodes: 3) { $0.writeBehindInterval = .seconds(3_600) }
        let sale = cluster.openSale()
        #expect(cluster.answer(to: sale.hold([0], key: "k", number: 1)).word == "held")
        let id = NodeID(1)
        for id in cluster.ids { cluster.crash(id) }
        // What was on its way is lost as well.
        cluster.run(for: Milliseconds(10))
        cluster.start(id)
        let applied = cluster.core(id).appliedIndex
        cluster.run(for: .seconds(3))
        #expect(cluster.core(id).appliedIndex == applied)
        #expect(cluster.core(id).raft.lastPosition.index > applied)
        let read = cluster.answer(to: .read(.event(sale.event), .local), at: id)
        #expect(read.word == "stale")
        cluster.start(NodeID(2))
        cluster.elect()
        cluster.run(for: .seconds(1))
        #expect(cluster.core(id).inventory.hold(sale.holdID(1), at: .zero)?.status == .held)
    }
}
