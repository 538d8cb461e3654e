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
        watchClock(&effects)
        watchLog(&effects)
        watchState(&effects)
        judgeFitness()
        for _ in 0..<min(Int(ticks), Self.ticksPerTurnMax) { raft.tick(effects: &raftEffects) }
        noteRole(&effects)
        expireReads(&effects)
        expirePatience(&effects)
        expireProposals(&effects)
        proposeExpiries(&effects)
        gossip(&effects)
    }

    /// Without a quorum of clocks near its own a node does not lead (DESIGN: time).
    private mutating func watchClock(_ effects: inout Effects) {
        let before = fitness.clock
        fitness.clock = clockSamples.agreement(at: now)
        switch (before, fitness.clock) {
        case (.disagreed, .disagreed): break
        case (_, .disagreed(let offset)): effects.events.append(.clockDisagrees(offset))
        case (.disagreed, _): effects.events.append(.clockAgrees)
        case (_, _): break
        }
        if case .agreed(let offset) = fitness.clock {
            adjustLogClock(to: now.wall + offset, &effects)
        }
    }

    private mutating func watchLog(_ effects: inout Effects) {
        let delay = logWatch.delay(at: now.monotonic)
        let isStalled = delay >= configuration.logStallMax
        if isStalled != fitness.isLogStalled {
            effects.events.append(isStalled ? .logStalled(delay) : .logRecovered)
        }
        fitness.isLogStalled = isStalled
    }

    private mutating func watchState(_ effects: inout Effects) {
        switch digests.judge() {
        case .nothing:
            fitness.isDisputed = false
        case .disputed(let index):
            if !fitness.isDisputed { effects.events.append(.stateDisputed(index)) }
            fitness.isDisputed = true
        case .diverged(let index, let own, let others):
            halt(.stateDiverged(index, own: own, others: others), &effects)
        }
    }

    mutating func judgeFitness() {
        switch fitness.verdict {
        case .fit: raft.eligibility = .full
        case .mayNotCampaign: raft.eligibility = .votesOnly
        case .mustStepDown:
            raft.eligibility = .votesOnly
            if isLeading { raft.stepDown(effects: &raftEffects) }
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

    private mutating func proposeExpiries(_ effects: inout Effects) {
        guard let clock = logClock, raft.hasCommittedInTerm else { return }
        let due = expiry.due(
            in: &inventory, by: clock.stamp(at: now.monotonic), now: now.monotonic,
            every: configuration.expiryInterval)
        for shard in due {
            let step = ExpireDue(limit: configuration.expiryStepMax)
            let command: Command =
                shard.isSystem ? .system(.expireDue(step)) : .shard(shard, .expireDue(step))
            enqueue(command, &effects)
        }
    }

    /// At once after the start: nobody can be elected before clocks have been compared.
    private mutating func gossip(_ effects: inout Effects) {
        if let lastGossipAt,
            now.monotonic.milliseconds(since: lastGossipAt) < configuration.gossipInterval
        {
            return
        }
        lastGossipAt = now.monotonic
        effects.gossip = Gossip(appliedIndex: appliedIndex, digest: inventory.digest)
    }

    /// Time since this node last matched the leader's commit index; nil: not yet.
    var staleness: Milliseconds? {
        reads.freshAsOf.map { now.monotonic.milliseconds(since: $0) }
    }
}
