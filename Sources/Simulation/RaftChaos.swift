import Primitives
import Raft

/// Everything that can happen to a cluster of Rafts, drawn from one seed: loss, repetition and
/// reordering of messages, cut links, slow disks, crashes that lose unsynced writes.
package struct RaftChaos: Sendable {
    package private(set) var cluster: RaftCluster
    package private(set) var proposals = 0
    private var random: PRNG
    /// Begin anew with each life of a node, as a careless host would number them.
    private var reads: [NodeID: UInt64] = [:]

    package init(seed: UInt64) {
        var random = PRNG(seed: seed)
        let membership = Self.membership(&random)
        // Small limits: every window fills, every cache overflows.
        let inflight = random.next(in: 1...4)
        let (bytes, tail) = (random.next(in: 40...400), random.next(in: 1...600))
        cluster = RaftCluster(membership, seed: seed) {
            $0.heartbeatTicks = 1
            $0.electionTicksMin = 4
            $0.electionTicksMax = 8
            $0.inflightMessagesMax = inflight
            $0.appendBytesMax = bytes
            $0.inflightBytesMax = 2 * bytes
            $0.tailBytesMax = tail
            $0.uncommittedBytesMax = 2_000
        }
        self.random = random
    }

    private static func membership(_ random: inout PRNG) -> Membership {
        let voters = (1...random.next(in: 1...5)).map { NodeID(UInt16($0)) }
        let joint = random.next(below: 4) == 0
        let outgoing = joint ? [1, 6, 7].map { NodeID($0) } : []
        let learners = random.next(below: 3) == 0 ? [NodeID(9)] : []
        do {
            return try Membership(
                voters: voters, outgoingVoters: outgoing, learners: learners)
        } catch { invariantFailure("\(error)") }
    }

    /// Stops at the first violation.
    package mutating func run(steps: Int) {
        for _ in 0..<steps where cluster.safety.violations.isEmpty { step() }
    }

    private mutating func step() {
        let id = cluster.ids[random.next(in: 0...(cluster.ids.count - 1))]
        switch random.next(below: 1_000) {
        case ..<560: network(id)
        case ..<680: cluster.tick(id)
        case ..<860: cluster.sync(id, writes: random.next(in: 1...4))
        case ..<920: propose(id)
        case ..<950: read(id)
        case ..<980: cluster.answerFetch(id)
        default: misfortune(id)
        }
    }

    private mutating func network(_ id: NodeID) {
        guard !cluster.network.isEmpty else { return cluster.tick(id) }
        // Mostly in order, or nothing would ever succeed.
        let near = min(cluster.network.count, random.next(below: 8) == 0 ? 50 : 3)
        let position = random.next(in: 0...(near - 1))
        switch random.next(below: 40) {
        case 0: cluster.drop(at: position)
        case 1: cluster.duplicate(at: position)
        default: cluster.deliver(at: position)
        }
        while cluster.network.count > 300 { cluster.drop(at: 0) }
    }

    /// To a node that may have lost its leadership without knowing; else to the newest leader.
    private mutating func propose(_ id: NodeID) {
        let believes = cluster[id].raft?.role == .leader
        guard let leader = believes ? id : cluster.leader else { return }
        let data = [UInt8](repeating: UInt8(truncatingIfNeeded: proposals), count: proposals % 40)
        if (try? cluster.propose(leader, data)) != nil { proposals += 1 }
    }

    private mutating func read(_ id: NodeID) {
        let number = reads[id, default: 0]
        reads[id] = number + 1
        cluster.requestRead(id, ReadID(number))
    }

    private mutating func misfortune(_ id: NodeID) {
        let other = cluster.ids[random.next(in: 0...(cluster.ids.count - 1))]
        switch random.next(below: 40) {
        case 0...4: crash(id)
        case 5...18: restart(id)
        case 19...22: if id != other { cluster.cut(from: id, to: other) }
        case 23: cluster.isolate(id)
        case 24...31: cluster.healNetwork()
        case 32: cluster.step(id) { $0.stepDown(effects: &$1) }
        case 33...34:
            let eligibility = [Eligibility.full, .full, .votesOnly][random.next(in: 0...2)]
            cluster.step(id) { raft, _ in raft.eligibility = eligibility }
        case 35...36: cluster.campaign(id)
        default:
            cluster.step(id) { try? $0.transferLeadership(to: other, effects: &$1) }
        }
    }

    private mutating func crash(_ id: NodeID) {
        guard cluster[id].raft != nil else { return }
        cluster.crash(
            id, survivingWrites: random.next(in: 0...cluster[id].disk.pending.count))
    }

    private mutating func restart(_ id: NodeID) {
        let node = cluster[id]
        guard node.raft == nil else { return }
        reads[id] = 0
        let known = min(Int(node.applied.rawValue), node.disk.entries.count)
        cluster.restart(
            id, committed: LogIndex(UInt64(random.next(in: 0...known))),
            tailEntriesMax: random.next(in: 0...8))
    }

    /// Ends all misfortune and gives the cluster time: afterwards everyone must agree.
    package mutating func heal() {
        cluster.healNetwork()
        for id in cluster.ids {
            restart(id)
            cluster.step(id) { raft, _ in raft.eligibility = .full }
        }
        cluster.settle()
        cluster.run(ticks: 80)
        propose(cluster.ids[0])
        cluster.run(ticks: 10)
    }
}
