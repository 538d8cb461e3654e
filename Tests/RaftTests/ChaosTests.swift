import Primitives
import Raft
import Simulation
import Testing

/// Seeded disasters. A failure names its seed; `RaftChaos(seed:)` replays it.
struct ChaosTests {
    @Test(arguments: 0..<20)
    func raftKeepsItsPromisesWhateverHappens(tens: Int) {
        for seed in UInt64(tens * 10)..<UInt64(tens * 10 + 10) {
            var chaos = RaftChaos(seed: seed)
            chaos.run(steps: 3_000)
            #expect(chaos.cluster.safety.violations == [], "seed \(seed)")
            chaos.heal()
            #expect(chaos.cluster.safety.violations == [], "seed \(seed), healing")
            expectAgreement(chaos, seed)
        }
    }

    private func expectAgreement(_ chaos: RaftChaos, _ seed: UInt64) {
        let cluster = chaos.cluster
        #expect(cluster.leader != nil, "seed \(seed): no leader after healing")
        for id in cluster.ids {
            let raft = cluster.raft(id)
            let committed = cluster.safety.committed
            #expect(
                raft.commitIndex.rawValue == UInt64(committed.count)
                    && raft.lastPosition == committed.last?.position
                    && cluster[id].disk.entries == committed,
                "seed \(seed): node \(id) has \(raft.lastPosition), \(raft.commitIndex)")
        }
    }
}
