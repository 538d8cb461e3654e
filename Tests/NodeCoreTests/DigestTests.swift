import Inventory
import NodeCore
import Primitives
import Raft
import Simulation
import Testing
import Wire

/// Nodes that differ are found out, and what can't be read is not skipped.
@Suite struct DigestTests {
    private static func lie(_ cluster: inout NodeCluster, to id: NodeID, from peers: [NodeID]) {
        let index = cluster.core(id).appliedIndex
        for peer in peers {
            cluster.handle(
                .gossip(
                    Gossip(appliedIndex: index, digest: 666), from: peer, clock: cluster.wall(id)),
                at: id)
        }
    }

    @Test func aNodeThatDiffersFromTheMajorityStops() {
        var cluster = NodeCluster(nodes: 3)
        _ = cluster.openSale()
        cluster.run(for: .seconds(1))
        guard let odd = cluster.ids.first(where: { $0 != cluster.leader }) else { return }
        cluster.isolate(odd)
        cluster.run(for: .seconds(1))
        let index = cluster.core(odd).appliedIndex
        Self.lie(&cluster, to: odd, from: cluster.ids.filter { $0 != odd })
        cluster.run(for: Milliseconds(100))
        guard case .stateDiverged(index, _, 666)? = cluster[odd].halted else {
            Issue.record("\(cluster[odd].halted as Any)")
            return
        }
        #expect(cluster.leader != nil)
    }

    @Test func oneThatDiffersAloneIsNotBelieved() {
        var cluster = NodeCluster(nodes: 3)
        let sale = cluster.openSale()
        cluster.run(for: .seconds(1))
        guard let leader = cluster.leader,
            let odd = cluster.ids.first(where: { $0 != leader })
        else { return }
        cluster.crash(odd)
        cluster.run(for: Milliseconds(200))
        Self.lie(&cluster, to: leader, from: [odd])
        cluster.run(for: .seconds(1))
        #expect(cluster.leader == leader)
        #expect(cluster.answer(to: sale.hold([0], key: "k", number: 1)).word == "held")
    }

    /// One against one: nobody can say who is right, so nobody sells.
    @Test func withoutAMajorityOfEqualStatesNobodyLeads() {
        var cluster = NodeCluster(nodes: 2)
        _ = cluster.openSale()
        cluster.run(for: .seconds(1))
        guard let leader = cluster.leader,
            let other = cluster.ids.first(where: { $0 != leader })
        else { return }
        cluster.isolate(other)
        cluster.run(for: Milliseconds(100))
        Self.lie(&cluster, to: leader, from: [other])
        Self.lie(&cluster, to: other, from: [leader])
        cluster.healNetwork()
        cluster.run(for: Milliseconds(20))
        cluster.isolate(other)
        cluster.run(for: Milliseconds(80))
        #expect(
            cluster[leader].events.contains { if case .stateDisputed = $0 { true } else { false } })
        #expect(cluster.leader == nil)
        #expect(cluster[leader].halted == nil)
    }

    private static func core(readingEntry data: [UInt8]) -> NodeCore {
        let id = NodeID(1)
        guard let membership = try? Membership(voters: [id]) else {
            preconditionFailure("one voter")
        }
        let entry = Entry(index: LogIndex(1), term: Term(1), kind: .commands, data: data)
        let log = RestoredLog(
            hardState: HardState(term: Term(1), vote: nil), base: .zero,
            termRuns: [TermRun(term: Term(1), first: LogIndex(1))], last: entry.position,
            tail: [entry], committed: .zero)
        return NodeCore(
            NodeCoreConfiguration(raft: RaftConfiguration(id: id, membership: membership)),
            inventory: Inventory(shardCount: 1, replayWindow: .seconds(60)), log: log,
            random: PRNG(seed: 1), at: instant(0))
    }

    private static func instant(_ milliseconds: Int64) -> Instant {
        Instant(
            monotonic: MonotonicTime(nanoseconds: UInt64(milliseconds) * 1_000_000),
            wall: WallTime(milliseconds))
    }

    /// A node that meets what it doesn't know stops; it doesn't skip.
    @Test func anUnknownCommandOrLevelStopsTheNode() {
        let unknownCommand = CommandBatch(stamp: WallTime(1), commands: []).encoded() + [99, 0, 0]
        let unknownLevel = CommandBatch(
            stamp: WallTime(1), featureLevel: CommandBatch.currentFeatureLevel + 1, commands: []
        ).encoded()
        for data in [unknownCommand, unknownLevel] {
            var core = Self.core(readingEntry: data)
            var effects = Effects()
            var halts = 0
            for tick in 1...20 as ClosedRange<Int64> {
                core.handle(.turn, at: Self.instant(tick * 10), effects: &effects)
                if let write = effects.writes.last {
                    effects.removeAll()
                    core.handle(
                        .durable(DurabilityReport(syncedUpTo: write.id)),
                        at: Self.instant(tick * 10), effects: &effects)
                }
                if let write = effects.writes.last {
                    core.handle(
                        .durable(DurabilityReport(syncedUpTo: write.id)),
                        at: Self.instant(tick * 10), effects: &effects)
                }
                if case .unreadableEntry(LogIndex(1), _)? = effects.halt { halts += 1 }
                effects.removeAll()
            }
            // It says so every time that it is asked to do anything.
            #expect(halts > 10)
            #expect(core.appliedIndex == .zero)
            #expect(!core.hasWorkLeft)
        }
    }
}
