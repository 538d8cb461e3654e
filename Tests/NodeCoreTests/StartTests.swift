import Inventory
import NodeCore
import Primitives
import Simulation
import Testing

/// How a cluster comes to have a leader.
@Suite struct StartTests {
    @Test func aFreshClusterElectsALeaderWithinTwoElectionTimeouts() {
        for seed in 1...20 as ClosedRange<UInt64> {
            var cluster = NodeCluster(nodes: 3, seed: seed)
            cluster.run(for: Milliseconds(1_200))
            #expect(cluster.leader != nil)
            #expect(cluster.safety.violations == [])
        }
    }

    @Test func aSingleNodeLeadsAtOnce() {
        var cluster = NodeCluster(nodes: 1)
        cluster.run(for: Milliseconds(30))
        #expect(cluster.leader == NodeID(1))
    }

    @Test func aSaleCanBeOpened() {
        var cluster = NodeCluster(nodes: 3)
        let sale = cluster.openSale()
        let answer = cluster.answer(to: sale.hold([0, 1], key: "k", number: 1))
        guard case .outcome(.hold(let hold, .first))? = answer else {
            Issue.record("\(answer as Any)")
            return
        }
        #expect(hold.id == sale.holdID(1))
        #expect(cluster.safety.violations == [])
    }
}
