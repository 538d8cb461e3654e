import Inventory
import NodeCore
import Primitives
import Raft

/// Everything that can happen to a cluster of nodes and to those who buy from it, drawn from one
/// seed: crashes, partitions, pauses, clock jumps, hanging disks and files, a provider that answers
/// late, twice or never, and clients that retry.
package struct NodeChaos {
    package private(set) var cluster: NodeCluster
    private var random: PRNG
    /// Who buys.
    package private(set) var clients: [NodeClient]
    private let sale: NodeSale
    private let steps: Int

    /// Between two steps of the driver.
    private static let stride = Milliseconds(10)

    package init(seed: UInt64, steps: Int = 140) {
        var random = PRNG(seed: seed)
        self.steps = steps
        let nodes = [1, 3, 3, 3, 3, 5][random.next(in: 0...5)]
        let rowsMax = [400_000, 40][random.next(in: 0...1)]
        cluster = NodeCluster(nodes: nodes, seed: seed, shardCount: 2) { node in
            // Quick elections, short patience: a second holds many reigns.
            node.raft.heartbeatTicks = 2
            node.raft.electionTicksMin = 8
            node.raft.electionTicksMax = 16
            node.raft.appendBytesMax = 2_000
            node.raft.tailBytesMax = 20_000
            node.writeBehindInterval = Milliseconds(20)
            node.writeBehindRowsMax = rowsMax
            node.idleStampInterval = Milliseconds(300)
            node.commitPatience = Milliseconds(400)
            node.paymentDeadline = NodeSale.paymentDeadline
            node.readPatience = Milliseconds(400)
            node.fatePatience = Milliseconds(400)
            node.logStallMax = Milliseconds(150)
            node.expiryStepMax = 3
        }
        cluster.timings.providerTimeout = Milliseconds(300)
        cluster.timings.turnNanoseconds = 20_000_000
        cluster.messageForm = random.next(below: 8) == 0 ? .frames : .values
        let sale = cluster.openSale(ttlSeconds: 1)
        clients = (0..<6).map { NodeClient($0, sale) }
        self.sale = sale
        self.random = random
    }

    /// Stops at the first violation.
    package mutating func run() {
        for _ in 0..<steps where cluster.safety.violations.isEmpty {
            cluster.run(for: Self.stride)
            for slot in clients.indices { clients[slot].step(&cluster, &random) }
            if random.next(below: 5) == 0 { misfortune() }
        }
    }

    private mutating func misfortune() {
        let ids = cluster.ids
        let id = ids[random.next(in: 0...(ids.count - 1))]
        let other = ids[random.next(in: 0...(ids.count - 1))]
        switch random.next(below: 36) {
        case 0: if let leader = cluster.leader { cluster.crash(leader) }
        case 1...2: if cluster[id].core != nil { cluster.crash(id) }
        case 3...8: startAll()
        case 9: cluster.pause(id)
        case 10...12: cluster.resume(id)
        case 13...14: if id != other { cluster.cut(from: id, to: other) }
        case 15: cluster.isolate(cluster.leader ?? id)
        case 16...19: cluster.healNetwork()
        case 20: cluster[id].skew = jump()
        case 21...22: cluster[id].skew = .zero
        case 23: cluster[id].logSyncing = .manual
        case 24: cluster.sync(id, writes: random.next(in: 0...3))
        case 25...26: cluster.syncByItself(id)
        case 27: cluster[id].isStoreStalled = true
        case 28: cluster[id].isStoreStalled = false
        case 29...30: cluster.checkpoint(id, shardAt: random.next(in: 0...2))
        case 31: cluster.provider.isDown.toggle()
        case 32: drawLosses()
        case 33:
            cluster.submit(
                .administer(.transferLeadership(to: nil)), to: cluster.leader ?? id)
        case 34: cluster.submit(.administer(.flush), to: id)
        default: deliverWebhook(to: id)
        }
    }

    private mutating func startAll() {
        for id in cluster.ids where cluster[id].core == nil {
            cluster.start(id, tailEntriesMax: random.next(in: 0...10))
        }
    }

    private mutating func jump() -> Milliseconds {
        let sizes: [Int64] = [100, 400, 900, 20_000, 3_600_000]
        let size = sizes[random.next(in: 0...4)]
        return Milliseconds(random.next(below: 2) == 0 ? size : -size)
    }

    private mutating func drawLosses() {
        cluster.timings.lostPermille = [0, 20, 200][random.next(in: 0...2)]
        cluster.timings.repeatedPermille = [0, 50][random.next(in: 0...1)]
        cluster.timings.callsLostPermille = [0, 300][random.next(in: 0...1)]
        cluster.timings.answersLostPermille = [0, 300][random.next(in: 0...1)]
        cluster.timings.linkMicroseconds = [100...400, 100...30_000][random.next(in: 0...1)]
    }

    /// What the provider would tell of any payment, sent to any node.
    private mutating func deliverWebhook(to id: NodeID) {
        let attempts = cluster.provider.payments.keys.sorted()
        guard !attempts.isEmpty else { return }
        let attempt = attempts[random.next(in: 0...(attempts.count - 1))]
        guard let intent = cluster.provider.intent(of: attempt, at: cluster.time) else { return }
        let notice = ProviderNotice(
            provider: NodeSale.provider, subject: .payment(attempt, intent), body: [],
            bodyHash: attempt.bits, refundBits: 0)
        cluster.submit(.webhook(notice), to: id)
    }

    /// Ends all misfortune and gives the cluster time: afterwards everyone must agree, and nobody
    /// waits.
    package mutating func heal() {
        cluster.healNetwork()
        cluster.provider.isDown = false
        let (timeout, turn) = (
            cluster.timings.providerTimeout, cluster.timings.turnNanoseconds
        )
        cluster.timings = NodeTimings()
        cluster.timings.providerTimeout = timeout
        cluster.timings.turnNanoseconds = turn
        startAll()
        for id in cluster.ids {
            cluster.resume(id)
            cluster[id].skew = .zero
            cluster[id].isStoreStalled = false
            cluster.syncByItself(id)
        }
        for _ in 0..<400 where !Self.hasConverged(cluster) { cluster.run(for: Milliseconds(50)) }
        if !Self.hasConverged(cluster) { cluster.safety.violate("the cluster does not converge") }
    }

    private static func hasConverged(_ cluster: NodeCluster) -> Bool {
        guard let leader = cluster.leader, let core = cluster[leader].core,
            core.raft.hasCommittedInTerm, core.inventory.openAttempts().isEmpty,
            core.inventory.dueRefunds().isEmpty
        else { return false }
        return cluster.machines.allSatisfy { machine in
            machine.core?.appliedIndex == core.raft.lastPosition.index
                && machine.core?.requestsUnderWay == 0
                && machine.core?.inventory.digest == core.inventory.digest
        }
    }
}
