package import Primitives
package import Raft

/// A cluster of `Raft` values in one thread, without a clock: nothing happens until the test says
/// so. After every step `safety` compares what happened with what Raft promises.
package struct RaftCluster: Sendable {
    /// A node: its algorithm, while it runs, and its disk.
    package struct Node: Sendable {
        package let configuration: RaftConfiguration
        /// Nil while the node is down.
        package fileprivate(set) var raft: Raft?
        package fileprivate(set) var disk = RaftDisk()
        /// Applied by the host, which keeps up with the commit index.
        package fileprivate(set) var applied = LogIndex.zero
        package fileprivate(set) var fetches: [LogFetch] = []
        package fileprivate(set) var reads: [ReadOutcome] = []
        /// A stalled disk syncs only when told to.
        package var isDiskStalled = false
        fileprivate var starts: UInt64 = 0
        fileprivate var effects = RaftEffects()
    }

    /// A message on its way.
    package struct Envelope: Hashable, Sendable {
        package let from: NodeID
        package let to: NodeID
        package let message: Message
    }

    /// Sorted.
    package let ids: [NodeID]
    /// In the order of `ids`.
    package private(set) var nodes: [Node]
    /// On their way, oldest first.
    package private(set) var network: [Envelope] = []
    package private(set) var safety: RaftSafety
    private var cutLinks: Set<Link> = []
    private let seed: UInt64

    private struct Link: Hashable {
        let from: NodeID
        let to: NodeID
    }

    /// All members, started on empty disks.
    package init(
        _ membership: Membership, seed: UInt64 = 1,
        configure: (inout RaftConfiguration) -> Void = { _ in }
    ) {
        self.seed = seed
        ids = membership.members
        safety = RaftSafety(membership)
        nodes = membership.members.map { id in
            var configuration = RaftConfiguration(id: id, membership: membership)
            configuration.heartbeatTicks = 2
            configuration.electionTicksMin = 10
            configuration.electionTicksMax = 20
            configure(&configuration)
            return Node(configuration: configuration)
        }
        for id in membership.members { restart(id) }
    }

    /// One node's algorithm; the node must be running.
    package subscript(id: NodeID) -> Node { nodes[slot(id)] }

    /// The Raft of a node that is up.
    package func raft(_ id: NodeID) -> Raft {
        guard let raft = self[id].raft else { invariantFailure("node \(id) is down") }
        return raft
    }

    /// The leader of the highest term, if there is any.
    package var leader: NodeID? {
        nodes.compactMap(\.raft).filter { $0.role == .leader }.max { $0.term < $1.term }?.id
    }

    private func slot(_ id: NodeID) -> Int {
        guard let slot = ids.firstIndex(of: id) else {
            invariantFailure("no node \(id)")
        }
        return slot
    }
}

// What a host does.
extension RaftCluster {
    /// Nothing, on a node that is down.
    package mutating func step(
        _ id: NodeID, _ body: (inout Raft, inout RaftEffects) -> Void
    ) {
        let slot = slot(id)
        guard nodes[slot].raft != nil else { return }
        perform(slot, body)
    }

    /// One tick of a node's clock.
    package mutating func tick(_ id: NodeID, times: Int = 1) {
        for _ in 0..<times { step(id) { $0.tick(effects: &$1) } }
    }

    /// Makes a node campaign.
    package mutating func campaign(_ id: NodeID) {
        step(id) { $0.campaign(effects: &$1) }
    }

    /// Proposes at a node.
    package mutating func propose(
        _ id: NodeID, _ data: [UInt8] = [1]
    ) throws(ProposeRefusal) -> LogPosition {
        var result = Result<LogPosition, ProposeRefusal>.failure(.notLeader(leader: nil))
        step(id) { raft, effects in
            do throws(ProposeRefusal) {
                result = .success(try raft.propose(data, effects: &effects))
            } catch { result = .failure(error) }
        }
        return try result.get()
    }

    /// Asks a node for a linearizable read.
    package mutating func requestRead(_ id: NodeID, _ read: ReadID) {
        guard nodes[slot(id)].raft != nil else { return }
        safety.readBegins(read, at: id)
        step(id) { $0.requestRead(read, effects: &$1) }
    }

    /// Finishes the oldest `count` writes of a node, whether its disk is stalled or not.
    package mutating func sync(_ id: NodeID, writes count: Int = .max) {
        let slot = slot(id)
        guard nodes[slot].raft != nil, let report = nodes[slot].disk.sync(count) else { return }
        perform(slot) { $0.durable(report, effects: &$1) }
    }

    /// Answers a node's oldest fetch from what is on its disk.
    package mutating func answerFetch(_ id: NodeID) {
        let slot = slot(id)
        guard nodes[slot].raft != nil, !nodes[slot].fetches.isEmpty else { return }
        let fetch = nodes[slot].fetches.removeFirst()
        var bytes = 0
        let entries = nodes[slot].disk.entries.dropFirst(Int(fetch.from.rawValue) - 1).prefix {
            bytes += $0.bytes
            return bytes <= fetch.bytesMax || $0.index == fetch.from
        }
        perform(slot) { $0.fetched(fetch, entries: Array(entries), effects: &$1) }
    }

    /// Ends a node's life. Of its unsynced writes the oldest `surviving` are on disk all the same.
    package mutating func crash(_ id: NodeID, survivingWrites surviving: Int = 0) {
        let slot = slot(id)
        nodes[slot].raft = nil
        nodes[slot].disk.crash(surviving: surviving)
        nodes[slot].fetches = []
        nodes[slot].effects = RaftEffects()
        safety.crashed(id, disk: nodes[slot].disk)
    }

    /// Loses the end of a log that was synced. The node must be down.
    package mutating func damage(_ id: NodeID, keepingEntries count: Int) {
        let slot = slot(id)
        invariant(nodes[slot].raft == nil, "node \(id) is up")
        nodes[slot].disk.damage(keepingEntries: count)
        safety.crashed(id, disk: nodes[slot].disk)
    }

    /// Starts a node on what its disk holds. `committed` is what its shards had applied.
    package mutating func restart(
        _ id: NodeID, committed: LogIndex = .zero, tailEntriesMax: Int = .max,
        eligibility: Eligibility = .full
    ) {
        let slot = slot(id)
        invariant(nodes[slot].raft == nil, "node \(id) is up")
        nodes[slot].starts += 1
        nodes[slot].applied = committed
        let stream = mix64(seed) &+ UInt64(id.rawValue) << 32 &+ nodes[slot].starts
        nodes[slot].raft = Raft(
            nodes[slot].configuration,
            restored: nodes[slot].disk.restored(
                committed: committed, tailEntriesMax: tailEntriesMax),
            random: PRNG(seed: stream))
        step(id) { raft, effects in
            raft.eligibility = eligibility
            raft.start(effects: &effects)
        }
    }

    /// Calls into a node that is up, and does what a host does with the effects.
    private mutating func perform(
        _ slot: Int, _ body: (inout Raft, inout RaftEffects) -> Void
    ) {
        guard var raft = nodes[slot].raft.take() else { return }
        var effects = nodes[slot].effects
        body(&raft, &effects)
        let id = raft.id
        for write in effects.writes {
            nodes[slot].disk.enqueue(write)
            safety.wrote(write, by: raft)
        }
        for outbound in effects.messages {
            safety.sent(outbound, by: raft, disk: nodes[slot].disk)
            if !cutLinks.contains(Link(from: id, to: outbound.to)) {
                network.append(Envelope(from: id, to: outbound.to, message: outbound.message))
            }
        }
        for outcome in effects.reads { safety.readEnds(outcome, at: id) }
        nodes[slot].reads += effects.reads
        nodes[slot].fetches += effects.fetches
        effects.removeAll()
        nodes[slot].effects = effects
        let news = raft.commitIndex.rawValue > UInt64(safety.committed.count)
        safety.changed(raft, disks: news ? nodes.map { ($0.configuration.id, $0.disk) } : [])
        nodes[slot].applied = max(nodes[slot].applied, raft.commitIndex)
        raft.releaseEntries(upTo: nodes[slot].applied)
        nodes[slot].raft = raft
    }
}

// What a network does.
extension RaftCluster {
    /// Hands over one message; what is sent to a node that is down is lost.
    package mutating func deliver(at position: Int) {
        let envelope = network.remove(at: position)
        inject(envelope.message, from: envelope.from, to: envelope.to)
    }

    /// Hands a node any message, as if the network had carried it.
    package mutating func inject(_ message: Message, from: NodeID, to: NodeID) {
        step(to) { $0.receive(message, from: from, effects: &$1) }
    }

    /// Loses messages on their way.
    package mutating func drop(at position: Int) { network.remove(at: position) }
    /// Doubles messages on their way.
    package mutating func duplicate(at position: Int) { network.append(network[position]) }
    /// Loses one message.
    package mutating func drop(where matches: (Envelope) -> Bool) {
        network.removeAll(where: matches)
    }

    /// Loses everything one node sends another, from now on and on its way.
    package mutating func cut(from: NodeID, to: NodeID) {
        cutLinks.insert(Link(from: from, to: to))
        drop { $0.from == from && $0.to == to }
    }

    /// Cuts a node off from all others, both ways.
    package mutating func isolate(_ id: NodeID) {
        for other in ids where other != id {
            cut(from: id, to: other)
            cut(from: other, to: id)
        }
    }

    /// Every link carries everything again.
    package mutating func healNetwork() { cutLinks = [] }

    /// Delivers and syncs, in order, until nothing is left to do. Stalled disks stay so.
    package mutating func settle() {
        while true {
            while !network.isEmpty { deliver(at: 0) }
            for id in ids where !self[id].isDiskStalled { sync(id) }
            for id in ids where !self[id].fetches.isEmpty { answerFetch(id) }
            let idle = nodes.allSatisfy {
                $0.raft == nil
                    || $0.fetches.isEmpty && ($0.isDiskStalled || $0.disk.pending.isEmpty)
            }
            if idle && network.isEmpty { return }
        }
    }

    /// Makes a node campaign and settles.
    package mutating func elect(_ id: NodeID) {
        campaign(id)
        settle()
    }

    /// One tick everywhere, and everything that follows from it, `times` over.
    package mutating func run(ticks times: Int) {
        for _ in 0..<times {
            for id in ids { tick(id) }
            settle()
        }
    }

    /// A node's disk completes nothing until it is resumed.
    package mutating func stallDisk(_ id: NodeID) { nodes[slot(id)].isDiskStalled = true }
    /// A stalled disk completes what waits.
    package mutating func resumeDisk(_ id: NodeID) { nodes[slot(id)].isDiskStalled = false }
}
