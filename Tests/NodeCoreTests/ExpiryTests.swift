import Inventory
import NodeCore
import Primitives
import Simulation
import Testing
import Wire

/// Expiry is a proposal, not an action, and it is written in time.
@Suite struct ExpiryTests {
    private static func status(_ cluster: NodeCluster, _ hold: HoldID) -> HoldStatus? {
        guard let leader = cluster.leader else { return nil }
        return cluster.core(leader).inventory.hold(hold, at: .zero)?.status
    }

    @Test func aLapsedHoldsExpiryIsWrittenWithinASecond() {
        var cluster = NodeCluster(nodes: 3)
        let sale = cluster.openSale()
        let hold = cluster.answer(to: sale.hold([0], key: "k", ttlSeconds: 3, number: 1))?.hold
        guard let hold, let leader = cluster.leader else { return }
        cluster.run(for: hold.expiresAt - cluster.wall(leader) - Milliseconds(20))
        #expect(Self.status(cluster, hold.id) == .held)
        cluster.run(for: .seconds(1))
        #expect(Self.status(cluster, hold.id) == .expired)
        #expect(cluster.core(leader).inventory.counts(of: sale.event)?.held == 0)
    }

    @Test func manyHoldsThatLapseTogetherAreWrittenWithinASecond() {
        var cluster = NodeCluster(nodes: 3) { $0.expiryStepMax = 1 }
        let sale = cluster.openSale()
        for seat in 0..<NodeSale.seatCount {
            cluster.submit(
                sale.hold([seat], key: "\(seat)", ttlSeconds: 3, number: seat),
                to: cluster.leader ?? NodeID(1))
        }
        cluster.run(for: Milliseconds(2_900))
        guard let leader = cluster.leader else { return }
        #expect(cluster.core(leader).inventory.activeHolds == NodeSale.seatCount)
        cluster.run(for: Milliseconds(1_200))
        #expect(cluster.core(leader).inventory.activeHolds == 0)
    }

    /// A step proposed by a leader that is gone must not keep the next one from proposing its own.
    @Test func expiryGoesOnUnderTheNextLeader() {
        var cluster = NodeCluster(nodes: 3)
        let sale = cluster.openSale()
        let hold = cluster.answer(to: sale.hold([0], key: "k", ttlSeconds: 2, number: 1))?.hold
        guard let old = cluster.leader, let hold else { return }
        cluster.run(for: Milliseconds(1_900))
        cluster.isolate(old)
        cluster.run(for: .seconds(3))
        cluster.healNetwork()
        cluster.elect()
        cluster.run(for: .seconds(1))
        #expect(Self.status(cluster, hold.id) == .expired)
        #expect(cluster.safety.violations == [])
    }

    /// Without a leader nothing expires, whatever the clocks say (etcd #15247).
    @Test func nobodyExpiresAHoldOnItsOwn() {
        var cluster = NodeCluster(nodes: 3)
        let sale = cluster.openSale()
        let hold = cluster.answer(to: sale.hold([0], key: "k", ttlSeconds: 2, number: 1))?.hold
        guard let hold else { return }
        cluster.run(for: .seconds(1))
        for id in cluster.ids { cluster.isolate(id) }
        cluster.run(for: .seconds(10))
        for id in cluster.ids {
            #expect(cluster.core(id).inventory.hold(hold.id, at: .zero)?.status == .held)
        }
    }

    /// A hold that lapsed is free for the next buyer by the stamp, written or not; and a commit
    /// that comes first in the log wins.
    @Test func theLogsOrderDecidesBetweenExpiryAndCommit() {
        for (wait, commit) in [
            (Milliseconds(-30), "order confirmed"), (Milliseconds(30), "hold expired"),
        ] {
            var cluster = NodeCluster(nodes: 3) { $0.expiryInterval = .seconds(60) }
            let sale = cluster.openSale()
            let hold = cluster.answer(
                to: sale.hold([0], key: "k", ttlSeconds: 2, number: 1))?.hold
            guard let hold, let leader = cluster.leader else { return }
            cluster.run(for: hold.expiresAt - cluster.wall(leader) + wait)
            #expect(Self.status(cluster, hold.id) == .held)
            let answer = cluster.answer(to: sale.commit(hold.id, key: "c", number: 2))
            #expect(answer.word == commit)
        }
    }

    @Test func aLapsedSeatIsSoldBeforeItsExpiryIsWritten() {
        var cluster = NodeCluster(nodes: 3) { $0.expiryInterval = .seconds(60) }
        let sale = cluster.openSale()
        let hold = cluster.answer(to: sale.hold([0], key: "k", ttlSeconds: 2, number: 1))?.hold
        guard let hold, let leader = cluster.leader else { return }
        cluster.run(for: hold.expiresAt - cluster.wall(leader) + Milliseconds(30))
        #expect(cluster.answer(to: sale.hold([0], key: "l", number: 2)).word == "held")
        #expect(Self.status(cluster, hold.id) == .expired)
    }
}
