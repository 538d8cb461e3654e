import Inventory
import NodeCore
import Primitives
import Raft
import Simulation
import Testing

/// Consensus as a whole node's clients see it, in networks that are half broken.
@Suite struct ConsensusTests {
    private static func terms(_ cluster: NodeCluster) -> [Term] {
        cluster.ids.map { cluster.core($0).raft.term }
    }

    /// Whoever was cut off campaigns in vain, and raises nobody's term.
    @Test func aNodeThatComesBackDeposesNobody() {
        var cluster = NodeCluster(nodes: 3)
        let sale = cluster.openSale()
        guard let leader = cluster.leader,
            let follower = cluster.ids.first(where: { $0 != leader })
        else { return }
        let term = cluster.core(leader).raft.term
        cluster.isolate(follower)
        cluster.run(for: .seconds(5))
        cluster.healNetwork()
        cluster.run(for: .seconds(2))
        #expect(cluster.leader == leader)
        #expect(Set(Self.terms(cluster)) == [term])
        #expect(cluster.answer(to: sale.hold([0], key: "k", number: 1)).word == "held")
    }

    /// A leader that is heard and hears nobody must go (Cloudflare's switch, 2020).
    @Test func aLeaderThatHearsNobodyIsReplaced() {
        var cluster = NodeCluster(nodes: 3)
        let sale = cluster.openSale()
        guard let old = cluster.leader else { return }
        for id in cluster.ids where id != old { cluster.cut(from: id, to: old) }
        cluster.run(for: .seconds(3))
        #expect(!cluster.core(old).isLeading)
        guard let new = cluster.leader else {
            Issue.record("no leader")
            return
        }
        let answer = cluster.answer(to: .write(sale.hold([0], key: "k", number: 1)), at: new)
        #expect(answer.word == "held")
    }

    /// openraft #2080: two nodes that see each other only through the third.
    @Test func aBridgeKeepsTheClusterGoing() {
        for seed in 1...5 as ClosedRange<UInt64> {
            var cluster = NodeCluster(nodes: 3, seed: seed)
            let sale = cluster.openSale()
            guard let leader = cluster.leader else { return }
            let others = cluster.ids.filter { $0 != leader }
            cluster.cut(from: leader, to: others[0])
            cluster.cut(from: others[0], to: leader)
            cluster.run(for: .seconds(4))
            #expect(cluster.elect() != nil)
            let answer = cluster.answer(to: sale.hold([0], key: "k", number: 1))
            #expect(answer.word == "held")
            #expect(cluster.safety.violations == [])
        }
    }

    /// Everything under way to one follower is lost, under load.
    @Test func aFollowerThatLostAFullWindowCatchesUp() {
        var cluster = NodeCluster(nodes: 3) {
            $0.raft.inflightMessagesMax = 4
            $0.raft.appendBytesMax = 1_000
        }
        _ = cluster.openSale()
        guard let leader = cluster.leader,
            let follower = cluster.ids.first(where: { $0 != leader })
        else { return }
        cluster.cut(from: leader, to: follower)
        for number in 0..<100 {
            cluster.submitEvent(number, to: leader)
            cluster.run(for: Milliseconds(2))
        }
        cluster.healNetwork()
        cluster.run(for: .seconds(2))
        #expect(cluster.core(follower).appliedIndex == cluster.core(leader).appliedIndex)
        #expect(cluster.safety.violations == [])
    }

    @Test func fiveNodesLoseTwoAndGoOn() {
        var cluster = NodeCluster(nodes: 5)
        let sale = cluster.openSale()
        for number in 1...2 {
            guard let leader = cluster.leader else { return }
            cluster.crash(leader)
            cluster.run(for: .seconds(2))
            cluster.elect()
            let answer = cluster.answer(to: sale.hold([number], key: "k\(number)", number: number))
            #expect(answer.word == "held")
        }
        guard let leader = cluster.leader else { return }
        cluster.crash(leader)
        cluster.run(for: .seconds(3))
        #expect(cluster.leader == nil)
    }

    /// The real frames carry everything that the values do.
    @Test func theWiresFramesWillDo() {
        var cluster = NodeCluster(nodes: 3)
        cluster.messageForm = .frames
        cluster.timings.repeatedPermille = 200
        let sale = cluster.openSale()
        #expect(cluster.answer(to: sale.hold([0], key: "k", number: 1)).word == "held")
        guard let leader = cluster.leader else { return }
        cluster.crash(leader)
        cluster.run(for: .seconds(2))
        cluster.start(leader)
        cluster.elect()
        #expect(cluster.answer(to: sale.hold([0], key: "k", number: 2)).word == "held again")
        cluster.run(for: .seconds(1))
        #expect(Set(cluster.ids.map { cluster.core($0).inventory.digest }).count == 1)
        #expect(cluster.safety.violations == [])
    }

    @Test func theStatusSaysWhoIsWhoAndHow() {
        var cluster = NodeCluster(nodes: 3)
        _ = cluster.openSale()
        cluster.run(for: .seconds(1))
        guard let leader = cluster.leader,
            let lost = cluster.ids.first(where: { $0 != leader })
        else { return }
        cluster.crash(lost)
        cluster.run(for: .seconds(3))
        for id in cluster.ids where id != lost {
            guard
                case .status(let status)? = cluster.answer(
                    to: .administer(.status), at: id)
            else {
                Issue.record("no status")
                return
            }
            #expect(status.id == id)
            #expect(status.leader == leader)
            #expect(status.role == (id == leader ? .leader : .follower))
            #expect(status.members.map(\.id) == cluster.ids)
            #expect(status.members.map(\.isHealthy) == cluster.ids.map { $0 != lost })
            #expect(status.members.first { $0.id == leader }?.role == .leader)
            #expect(status.digest == cluster.core(id).inventory.digest)
            #expect(
                status.members.first { $0.id == id }?.matchIndex
                    == cluster.core(id).raft.durableIndex)
        }
    }
}
