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
    var payments = PaymentDriver()
    var paymentWaiters = PaymentWaiters()

    /// The stamp's clock; nil while this node does not lead.
    var logClock: LogClock?
    var clockSamples: ClockSamples
    var fitness = Fitness()
    var logWatch = LogWatch()
    var digests: StateDigests
    var writeBehind: WriteBehindSchedule
    var expiry = ExpirySchedule()

    /// The last entry whose commands are in `inventory`.
    package internal(set) var appliedIndex: LogIndex
    var seenRole: RoleName = .follower
    var seenTerm: Term
    var seenLeader: NodeID?
    var lastTickAt: MonotonicTime
    /// Nil: not yet.
    var lastGossipAt: MonotonicTime?
    var now: Instant
    /// Why this node must end; it does nothing more.
    var halted: HaltReason?

    /// - Parameters:
    ///   - inventory: every shard at `log.committed`: restored from the files, and brought there
    ///     by `Inventory.replay`.
    ///   - log: every entry above `log.committed` is in its tail.
    package init(
        _ configuration: NodeCoreConfiguration, inventory: Inventory, log: RestoredLog,
        random: PRNG, at now: Instant
    ) {
        let isEven =
            inventory.smallestAppliedIndex == log.committed
            && inventory.largestAppliedIndex == log.committed
        invariant(
            isEven && log.last.index.distance(from: log.committed) <= log.tail.count,
            "INV-30: shards at \(inventory.smallestAppliedIndex)…\(inventory.largestAppliedIndex),"
                + " committed \(log.committed), \(log.tail.count) entries to \(log.last)")
        self.configuration = configuration
        self.inventory = inventory
        raft = Raft(configuration.raft, restored: log, random: random)
        let peers = configuration.raft.membership.members.filter { $0 != configuration.raft.id }
        clockSamples = ClockSamples(
            peers: peers.filter { configuration.raft.membership.isVoter($0) },
            skewMax: configuration.clockSkewMax)
        digests = StateDigests(peers: peers)
        writeBehind = WriteBehindSchedule(inventory, at: now.monotonic)
        appliedIndex = log.committed
        seenTerm = raft.term
        lastTickAt = now.monotonic
        self.now = now
        // A node that has heard no other clock does not lead; the only one of its cluster does.
        fitness.clock = clockSamples.agreement(at: now)
        judgeFitness()
        raft.start(effects: &raftEffects)
    }

    /// The node's one entry point.
    package mutating func handle(_ input: Input, at now: Instant, effects: inout Effects) {
        effects.halt = halted
        guard halted == nil else { return }
        self.now = now
        switch input {
        case .message(let message, let peer, let clock):
            clockSamples.record(clock, from: peer, at: now.monotonic)
            raft.receive(message, from: peer, effects: &raftEffects)
        case .gossip(let gossip, let peer, let clock):
            clockSamples.record(clock, from: peer, at: now.monotonic)
            digests.claim(gossip, by: peer)
        case .request(let request):
            submit(request, &effects)
        case .durable(let report):
            logWatch.reported(report)
            raft.durable(report, effects: &raftEffects)
        case .fetched(let fetch, let entries):
            raft.fetched(fetch, entries: entries, effects: &raftEffects)
        case .provider(let call, let result):
            receive(result, of: call, &effects)
        case .writeBehindBacklog(let rows):
            writeBehind.rowsBeingWritten = rows
        case .flushed(let request):
            answer(request, .outcome(.done), &effects)
        case .turn:
            beginTurn(&effects)
        }
        settle(&effects)
        if case .turn = input { endTurn(&effects) }
    }

    /// Whether there is work that needs no further input: give another `.turn` without waiting.
    package var hasWorkLeft: Bool {
        appliedIndex < raft.commitIndex && !mustPauseApplying && halted == nil
    }

    /// Requests anywhere between their arrival and their answer.
    package var requestsUnderWay: Int {
        proposals.count + reads.count + paymentWaiters.count
    }

    private mutating func beginTurn(_ effects: inout Effects) {
        tick(&effects)
        if isLeading {
            for call in payments.dueCalls(at: now.monotonic) { reads.append(.providerCall(call)) }
        }
        if let read = reads.next(at: now.monotonic, every: configuration.freshnessInterval) {
            raft.requestRead(read, effects: &raftEffects)
        }
    }

    /// What was judged a moment ago goes into the same entry as what gathered before.
    private mutating func endTurn(_ effects: inout Effects) {
        guard halted == nil else { return }
        propose()
        emitRaftEffects(&effects)
        writeBehind.take(
            from: &inventory, appliedIndex: appliedIndex, at: now.monotonic, configuration)
        writeBehind.handOver(durableIndex: raft.durableIndex, &effects)
    }

    /// Carries Raft's effects on until nothing more follows from them.
    private mutating func settle(_ effects: inout Effects) {
        noteRole(&effects)
        emitRaftEffects(&effects)
        applyCommitted(&effects)
        while let ready = reads.popReady(appliedThrough: appliedIndex) {
            for work in ready { perform(work, &effects) }
        }
    }

    private mutating func emitRaftEffects(_ effects: inout Effects) {
        guard !raftEffects.isEmpty else { return }
        for outcome in raftEffects.reads { giveUp(reads.resolve(outcome), &effects) }
        for write in raftEffects.writes { logWatch.issued(write.id, at: now.monotonic) }
        effects.messages += raftEffects.messages
        effects.writes += raftEffects.writes
        effects.fetches += raftEffects.fetches
        raftEffects.removeAll()
    }

    mutating func answer(_ request: RequestID, _ answer: Answer, _ effects: inout Effects) {
        effects.replies.append(Reply(id: request, answer: answer, staleness: staleness))
    }
}

extension RaftEffects {
    fileprivate var isEmpty: Bool {
        messages.isEmpty && writes.isEmpty && reads.isEmpty && fetches.isEmpty
    }
}
