import Inventory
import NodeCore
import Primitives
import Simulation
import Testing

/// Everything at once, from one seed. A failure names its seed: `NodeChaos(seed: N)` replays it.
@Suite struct ChaosTests {
    @Test(arguments: 0..<8)
    func whateverHappensNoPromiseIsBroken(_ part: Int) {
        for seed in UInt64(part * 25)..<UInt64(part * 25 + 25) {
            var chaos = NodeChaos(seed: seed)
            chaos.run()
            chaos.heal()
            let violations = Self.violations(of: chaos)
            #expect(violations == [], "seed \(seed)")
        }
    }

    private static func violations(of chaos: NodeChaos) -> [String] {
        let cluster = chaos.cluster
        var violations = cluster.safety.violations
        guard violations.isEmpty, let leader = cluster.leader else { return violations }
        let oracle = NodeOracle(
            cluster.history, log: cluster.safety.committed, shardCount: cluster.shardCount)
        violations += oracle.violations.prefix(3)
        let inventory = cluster.core(leader).inventory
        if oracle.inventory.digest != inventory.digest { violations.append("replay differs") }
        violations += NodeBooks(cluster.provider, inventory).violations.prefix(3)
        for machine in cluster.machines {
            violations += machine.files.flatMap(\.disagreements).map { "\($0)" }
        }
        for client in chaos.clients {
            for (key, holds) in client.holdsByKey where holds.count > 1 {
                violations.append("key \(key) has \(holds.count) holds")
            }
        }
        return violations
    }

    /// The seeds above are worth something only if things happen in them.
    @Test func theSeedsAreNotIdle() {
        var (judged, reigns, charges, refunds, crashes) = (0, 0, 0, 0, 0)
        for seed in 0..<10 as Range<UInt64> {
            var chaos = NodeChaos(seed: seed)
            chaos.run()
            chaos.heal()
            let cluster = chaos.cluster
            judged +=
                NodeOracle(
                    cluster.history, log: cluster.safety.committed, shardCount: cluster.shardCount
                ).judged
            for machine in cluster.machines {
                reigns += machine.events.count {
                    if case .becameLeader = $0 { true } else { false }
                }
                crashes += machine.starts - 1
            }
            charges += cluster.provider.charges.count
            refunds += cluster.provider.refunds.count
        }
        #expect(judged > 400)
        #expect(reigns > 15)
        #expect(charges > 20)
        #expect(refunds > 2)
        #expect(crashes > 10)
    }

    @Test func theSameSeedIsTheSameRun() {
        let digests = (0..<2).map { _ in
            var chaos = NodeChaos(seed: 4)
            chaos.run()
            return [
                chaos.cluster.safety.committed.count, chaos.cluster.replies.count,
                chaos.cluster.provider.log.count,
                chaos.cluster.machines.reduce(0) { $0 + $1.events.count },
            ]
        }
        #expect(digests[0] == digests[1])
    }
}
