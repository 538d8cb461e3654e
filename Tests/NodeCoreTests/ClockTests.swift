import Inventory
import NodeCore
import Primitives
import Raft
import Simulation
import Testing

/// The clock of the log, in a cluster whose members' clocks differ. That stamps never fall is
/// checked after every input of every test.
@Suite struct ClockTests {
    private static func saw(
        _ cluster: NodeCluster, _ id: NodeID, _ isMeant: (NodeEvent) -> Bool
    ) -> Bool {
        cluster[id].events.contains(where: isMeant)
    }

    @Test func aNodeWhoseClockIsWrongNeverLeads() {
        for seed in 1...5 as ClosedRange<UInt64> {
            var cluster = NodeCluster(nodes: 3, seed: seed)
            cluster[NodeID(2)].skew = .seconds(10)
            for _ in 0..<40 {
                cluster.run(for: Milliseconds(100))
                #expect(!cluster.core(NodeID(2)).isLeading)
            }
            #expect(cluster.leader != nil)
            #expect(
                Self.saw(cluster, NodeID(2)) {
                    if case .clockDisagrees(let offset) = $0 {
                        offset <= .seconds(-9)
                    } else {
                        false
                    }
                })
        }
    }

    @Test func aLeaderWhoseClockJumpsStepsDownAndComesBack() {
        for jump in [Milliseconds.seconds(3_600), Milliseconds(-3_600_000)] {
            var cluster = NodeCluster(nodes: 3)
            let sale = cluster.openSale()
            guard let old = cluster.leader else { return }
            cluster[old].skew = jump
            cluster.run(for: .seconds(3))
            cluster.elect()
            #expect(cluster.leader != old)
            #expect(cluster.answer(to: sale.hold([0], key: "k", number: 1)).word == "held")
            let clock = cluster.core(old).inventory.clock - NodeCluster.epoch
            #expect(clock < .seconds(30))
            cluster[old].skew = .zero
            cluster.run(for: .seconds(3))
            #expect(Self.saw(cluster, old) { $0 == .clockAgrees })
            for id in cluster.ids where id != old { cluster.isolate(id) }
            cluster.healNetwork()
            #expect(cluster.safety.violations == [])
        }
    }

    /// A clock that jumps just before its node is elected must not carry the log's clock away.
    @Test func nobodyIsElectedWithAClockThatHasJustJumped() {
        for delay in stride(from: 200, through: 500, by: 20) as StrideThrough<Int64> {
            var cluster = NodeCluster(nodes: 3)
            _ = cluster.openSale()
            guard let old = cluster.leader else { return }
            cluster.crash(old)
            cluster.run(for: Milliseconds(delay))
            for id in cluster.ids where id != old && cluster.leader == nil {
                cluster[id].skew = .seconds(3_600)
                break
            }
            cluster.run(for: .seconds(2))
            for id in cluster.ids where id != old {
                let clock = cluster.core(id).inventory.clock
                #expect(clock - NodeCluster.epoch < .seconds(60))
            }
        }
    }

    @Test func withoutAQuorumOfNearClocksNobodyLeads() {
        var cluster = NodeCluster(nodes: 3)
        cluster[NodeID(2)].skew = .seconds(10)
        cluster[NodeID(3)].skew = .seconds(20)
        cluster.run(for: .seconds(5))
        #expect(cluster.leader == nil)
        cluster[NodeID(3)].skew = .zero
        cluster.run(for: .seconds(3))
        #expect(cluster.leader != nil)
    }

    /// Who has heard no quorum's clocks has nothing to say about the time, and does not stand.
    @Test func aNodeThatHasHeardNoOtherClockDoesNotCampaign() {
        var cluster = NodeCluster(nodes: 3)
        for id in cluster.ids { cluster.isolate(id) }
        for _ in 0..<30 {
            cluster.run(for: Milliseconds(100))
            #expect(cluster.ids.allSatisfy { cluster.core($0).roleName == .follower })
        }
    }

    /// A stamp counts as soon as it is in the log, applied or not: here all clocks have gone back,
    /// and the next leader's log ends with an entry that it doesn't know to be committed.
    @Test func aReignBeginsNoEarlierThanTheLastStampInItsLog() {
        // Elections so quick that the time they take doesn't make up for it.
        var cluster = NodeCluster(nodes: 3) {
            $0.raft.heartbeatTicks = 3
            $0.raft.electionTicksMin = 9
            $0.raft.electionTicksMax = 18
        }
        let sale = cluster.openSale()
        cluster.run(for: .seconds(1))
        guard let old = cluster.leader else { return }
        for id in cluster.ids { cluster[id].skew = Milliseconds(-450) }
        cluster.run(for: .seconds(1))
        for id in cluster.ids where id != old { cluster.cut(from: id, to: old) }
        cluster.submit(sale.hold([0], key: "a", number: 1), to: old)
        cluster.run(for: Milliseconds(20))
        cluster.crash(old)
        cluster.run(atMost: .seconds(3)) { $0.leader != nil }
        guard let new = cluster.leader else {
            Issue.record("no leader")
            return
        }
        let entries = cluster.core(new).raft.lastPosition.index
        #expect(entries > cluster.core(new).appliedIndex.next)
        let request = cluster.submit(sale.hold([1], key: "b", number: 2), to: new)
        cluster.run(for: .seconds(1))
        #expect(cluster.replies[request]?.answer.word == "held")
        #expect(cluster.safety.violations == [])
    }

    @Test func clocksWithinTheBoundDoNotMatter() {
        var cluster = NodeCluster(nodes: 3)
        cluster[NodeID(1)].skew = Milliseconds(-200)
        cluster[NodeID(3)].skew = Milliseconds(200)
        let sale = cluster.openSale()
        for number in 1...6 {
            #expect(
                cluster.answer(to: sale.hold([number], key: "\(number)", number: number)).word
                    == "held")
            guard let leader = cluster.leader else { return }
            cluster.crash(leader)
            cluster.run(for: .seconds(2))
            cluster.start(leader)
            cluster.elect()
        }
        #expect(cluster.safety.violations == [])
    }

    /// A pause of the leader is a silence to the others, and no leap of anybody's stamps.
    @Test func aPausedLeaderComesBackAsAFollower() {
        var cluster = NodeCluster(nodes: 3)
        let sale = cluster.openSale()
        guard let old = cluster.leader else { return }
        cluster.pause(old)
        cluster.run(for: .seconds(20))
        let answer = cluster.answer(to: sale.hold([0], key: "k", number: 1))
        #expect(answer.word == "held")
        cluster.resume(old)
        cluster.run(for: .seconds(2))
        #expect(!cluster.core(old).isLeading)
        #expect(
            cluster.core(old).inventory.digest
                == cluster.core(cluster.leader ?? old).inventory.digest)
        let skew =
            cluster.core(old).inventory.clock - NodeCluster.epoch
            - Milliseconds(cluster.milliseconds)
        #expect(skew <= Milliseconds(500))
        #expect(cluster.safety.violations == [])
    }

    @Test func aSingleNodeFollowsItsClockForwardAndNeverBack() {
        var cluster = NodeCluster(nodes: 1)
        let sale = cluster.openSale()
        let id = NodeID(1)
        cluster[id].skew = .seconds(100)
        cluster.run(for: .seconds(1))
        #expect(
            Self.saw(cluster, id) {
                if case .clockStepped(let step) = $0 { step >= .seconds(90) } else { false }
            })
        #expect(cluster.answer(to: sale.hold([0], key: "a", number: 1)).word == "held")
        let ahead = cluster.core(id).inventory.clock
        #expect(ahead - NodeCluster.epoch >= .seconds(100))
        cluster[id].skew = .zero
        cluster.run(for: .seconds(1))
        #expect(cluster.answer(to: sale.hold([1], key: "b", number: 2)).word == "held")
        #expect(cluster.core(id).inventory.clock > ahead)
        #expect(cluster.safety.violations == [])
    }

    /// A hold's time goes on through a change of leaders: neither reset (etcd #17132) nor cut.
    @Test func aHoldsTimeOutlivesItsLeader() {
        var cluster = NodeCluster(nodes: 3)
        let sale = cluster.openSale()
        let hold = cluster.answer(to: sale.hold([0], key: "a", ttlSeconds: 5, number: 1))?.hold
        guard let old = cluster.leader, let hold else { return }
        cluster.crash(old)
        cluster.run(for: .seconds(3))
        cluster.elect()
        #expect(
            cluster.answer(to: sale.hold([0], key: "b", number: 2)).word == "seats unavailable")
        cluster.run(for: .seconds(3))
        #expect(cluster.answer(to: sale.hold([0], key: "b", number: 2)).word == "held")
        #expect(hold.expiresAt - hold.createdAt == .seconds(5))
    }
}
