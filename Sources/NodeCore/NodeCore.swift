package import Inventory
package import Primitives
package import Raft

/// The whole node as one machine: consensus, inventory, and everybody who waits. It takes inputs
/// and says what is to be done; it knows no clock, thread, file or socket.
package struct NodeCore: Sendable {
    package let configuration: NodeCoreConfiguration
    package internal(set) var raft: Raft
    package internal(set) var inventory: Inventory
    var raftEffects = RaftEffects()

    var proposals = ProposalQueue()
    var reads = ReadQueue()
    var payments: PaymentDriver
    var paymentWaiters = PaymentWaiters()

    /// The stamp's clock; nil while this node does not lead.
    var logClock: LogClock?
    var clockSamples: ClockSamples
    var clockAgreement = ClockSamples.Agreement.unknown
    var digests: StateDigests
    var writeBehind: WriteBehindSchedule
    var expiry: ExpirySchedule
    var freshness = Freshness()

    /// The last entry whose commands are in `inventory`.
    package internal(set) var appliedIndex: LogIndex
    /// The latest stamp in `inventory`.
    var appliedStamp: WallTime
    /// Every shard, in a fixed order.
    let shardIDs: [ShardID]
    var seenRole: RoleName = .follower
    var seenTerm: Term
    var seenLeader: NodeID?
    var lastTickAt: MonotonicTime
    var lastGossipAt: MonotonicTime
    var now: Instant

    /// - Parameters:
    ///   - inventory: restored from the shards' files; entries above each shard's index are
    ///     applied again from the log.
    package init(
        _ configuration: NodeCoreConfiguration, inventory: Inventory, log: RestoredLog,
        random: PRNG, at now: Instant
    ) {
        self.configuration = configuration
        self.inventory = inventory
        raft = Raft(configuration.raft, restored: log, random: random)
        let peers = configuration.raft.membership.members.filter { $0 != configuration.raft.id }
        clockSamples = ClockSamples(peers: peers, skewMax: configuration.clockSkewMax)
        digests = StateDigests(peers: peers)
        payments = PaymentDriver(firstCall: ProviderCallID(0))
        writeBehind = WriteBehindSchedule(at: now.monotonic)
        expiry = ExpirySchedule(at: now.monotonic)
        appliedIndex = inventory.lowestIndex
        shardIDs = inventory.shardIDs
        appliedStamp = inventory.shardIDs.reduce(.zero) {
            max($0, inventory.position(of: $1).clock)
        }
        seenTerm = raft.term
        lastTickAt = now.monotonic
        lastGossipAt = now.monotonic
        self.now = now
        raft.start(effects: &raftEffects)
    }

    /// The node's one entry point.
    package mutating func handle(_ input: Input, at now: Instant, effects: inout Effects) {
        self.now = now
        switch input {
        case .message(let message, let peer, let clock):
            clockSamples.record(clock, from: peer, at: now)
            raft.receive(message, from: peer, effects: &raftEffects)
        case .gossip(let gossip, let peer, let clock):
            clockSamples.record(clock, from: peer, at: now)
            digests.claim(gossip, by: peer)
            freshness.note(gossip, from: peer, leader: raft.leader, at: now.monotonic)
        case .request(let request):
            submit(request, &effects)
        case .durable(let report):
            raft.durable(report, effects: &raftEffects)
        case .fetched(let fetch, let entries):
            raft.fetched(fetch, entries: entries, effects: &raftEffects)
        case .provider(let call, let result):
            receive(result, of: call, &effects)
        case .writeBehindBacklog(let rows):
            writeBehind.backlogRows = rows
        case .flushed(let request):
            answer(request, .outcome(.done), &effects)
        case .turn:
            turn(&effects)
        }
        settleRaft(&effects)
    }

    /// Whether there is work that needs no further input: give another `.turn` without waiting.
    package var hasWorkLeft: Bool {
        appliedIndex < raft.commitIndex && !mustPauseApplying
    }

    /// Requests anywhere between their arrival and their answer.
    package var requestsUnderWay: Int {
        proposals.count + reads.count + paymentWaiters.count
    }

    private mutating func turn(_ effects: inout Effects) {
        tick(&effects)
        settleRaft(&effects)
        propose()
        if let read = reads.next(at: now.monotonic) {
            raft.requestRead(read, effects: &raftEffects)
        }
        settleRaft(&effects)
        handOverRows(&effects)
    }

    /// Carries Raft's effects on until nothing more follows from them.
    private mutating func settleRaft(_ effects: inout Effects) {
        noteRole(&effects)
        for outcome in raftEffects.reads {
            giveUp(reads.resolve(outcome), &effects)
        }
        effects.messages.append(contentsOf: raftEffects.messages)
        effects.writes.append(contentsOf: raftEffects.writes)
        effects.fetches.append(contentsOf: raftEffects.fetches)
        raftEffects.removeAll()
        applyCommitted(&effects)
        for work in reads.ready(appliedThrough: appliedIndex) { perform(work, &effects) }
    }

    mutating func answer(_ request: RequestID, _ answer: Answer, _ effects: inout Effects) {
        effects.replies.append(Reply(id: request, answer: answer, staleness: staleness))
    }
}
