import Inventory
import Primitives
import Raft

extension NodeCore {
    /// A pause of the process must not look like a hundred silent ticks of the others.
    private static let ticksPerTurnMax = 3

    mutating func tick(_ effects: inout Effects) {
        let elapsed = now.monotonic.milliseconds(since: lastTickAt).rawValue
        let ticks = elapsed / NodeCoreConfiguration.tick.rawValue
        guard ticks > 0 else { return }
        lastTickAt =
            ticks > Self.ticksPerTurnMax
            ? now.monotonic
            : lastTickAt + Milliseconds(ticks * NodeCoreConfiguration.tick.rawValue)
        judgeClock(&effects)
        for _ in 0..<min(Int(ticks), Self.ticksPerTurnMax) { raft.tick(effects: &raftEffects) }
        noteRole(&effects)
        expireReads(&effects)
        expirePatience(&effects)
        if isLeading {
            proposeExpiries()
            for call in payments.dueCalls(at: now.monotonic) { reads.append(.providerCall(call)) }
        }
        gossip(&effects)
        if let divergence = digests.divergence() { effects.halt = divergence }
    }

    /// Without a quorum of clocks near its own a node does not lead (DESIGN: time).
    private mutating func judgeClock(_ effects: inout Effects) {
        let before = clockAgreement
        clockAgreement = clockSamples.agreement(at: now.monotonic)
        switch clockAgreement {
        case .agreed(let offset):
            raft.eligibility = .full
            if case .disagreed = before { effects.events.append(.clockAgrees) }
            adjustLogClock(to: now.wall + offset, &effects)
        case .disagreed(let offset):
            raft.eligibility = .votesOnly
            if isLeading { raft.stepDown(effects: &raftEffects) }
            if case .disagreed = before { return }
            effects.events.append(.clockDisagrees(offset))
        case .unknown:
            raft.eligibility = .votesOnly
        }
    }

    private mutating func adjustLogClock(to median: WallTime, _ effects: inout Effects) {
        if configuration.raft.membership.members.count == 1 {
            if let step = logClock?.follow(now.wall, now: now.monotonic) {
                effects.events.append(.clockStepped(step))
            }
        } else {
            logClock?.aim(at: median, now: now.monotonic)
        }
    }

    /// The time by which a request is judged here: applied state's clock, or, on a leader, the
    /// stamp that a proposal would get now.
    var judgementTime: WallTime {
        let stamp = logClock?.stamp(at: now.monotonic) ?? .zero
        return max(appliedStamp, stamp)
    }

    private mutating func proposeExpiries() {
        guard let clock = logClock, raft.hasCommittedInTerm else { return }
        let due = expiry.due(
            in: &inventory, by: clock.stamp(at: now.monotonic), now: now.monotonic,
            every: configuration.expiryInterval)
        for shard in due {
            let step = ExpireDue(limit: configuration.expiryStepMax)
            enqueue(
                shard.isSystem ? .system(.expireDue(step)) : .shard(shard, .expireDue(step)),
                .nobody)
        }
    }

    private mutating func gossip(_ effects: inout Effects) {
        guard now.monotonic.milliseconds(since: lastGossipAt) >= configuration.gossipInterval
        else { return }
        lastGossipAt = now.monotonic
        let gossip = digests.latest ?? Gossip(appliedIndex: appliedIndex, digest: nodeDigest)
        effects.gossip = gossip
    }

    /// The digest of all shards together, independent of their order.
    package var nodeDigest: UInt64 {
        shardIDs.reduce(0) { sum, shard in
            sum &+ mix64(inventory.position(of: shard).digest ^ UInt64(shard.rawValue) << 56)
        }
    }

    /// Time since this node last matched the leader's commit index.
    var staleness: Milliseconds? {
        if isLeading && raft.hasCommittedInTerm { return .zero }
        return freshness.staleness(at: now.monotonic)
    }
}
