import Inventory
import NodeCore
import Primitives
import Raft
import Simulation
import Wire

/// The core of a node that leads a cluster of its own, with a disk that is never slow, a provider
/// that answers at once, and two witnesses of its state: an inventory that replays the log's bytes,
/// and the rows that it hands over.
struct FuzzedNode {
    static let shardCount = 2
    static let owner = "boss"
    static let venue = VenueID.derived(owner: owner, key: "venue")
    static let event = EventID.derived(owner: owner, key: "event", shardCount: shardCount)
    private static let replayWindow = Milliseconds.seconds(60)
    private static let epoch = WallTime(1_795_343_730_000)

    private(set) var core: NodeCore
    private(set) var replies: [Reply] = []
    private var provider = NodeProvider()
    private var replica = Inventory(shardCount: shardCount, replayWindow: replayWindow)
    private var files: [NodeShardFile]
    private var lastIndex = LogIndex.zero
    private var milliseconds: Int64 = 0
    private var effects = Effects()

    /// A node in its first term, without venues or events.
    init(_ membership: Membership) throws(BrokenProperty) {
        var configuration = NodeCoreConfiguration(
            raft: RaftConfiguration(id: NodeID(1), membership: membership))
        configuration.commitPatience = Milliseconds(100)
        configuration.paymentDeadline = .seconds(5)
        let empty = Inventory(shardCount: Self.shardCount, replayWindow: Self.replayWindow)
        files = empty.shards.map { NodeShardFile($0, emptyDigest: empty.position(of: $0).digest) }
        core = NodeCore(
            configuration, inventory: empty,
            log: RestoredLog(
                hardState: .initial, base: .zero, termRuns: [], last: .zero, tail: [],
                committed: .zero),
            random: PRNG(seed: 1), at: Self.instant(0))
        try run { $0.core.isLeading && $0.core.raft.hasCommittedInTerm }
    }

    var now: Instant { Self.instant(milliseconds) }

    private static func instant(_ milliseconds: Int64) -> Instant {
        Instant(
            monotonic: MonotonicTime(nanoseconds: UInt64(milliseconds) * 1_000_000),
            wall: epoch + Milliseconds(milliseconds))
    }

    /// Hands a request in and runs until it is answered, which is to be soon.
    mutating func reply(
        to operation: Operation, as id: RequestID
    ) throws(BrokenProperty) -> Reply {
        replies = []
        try handle(.request(ClientRequest(id: id, operation: operation)))
        try run { !$0.replies.isEmpty }
        try require(
            replies.count == 1 && replies[0].id == id, "a request is answered, and once")
        return replies[0]
    }

    /// Lets time pass at once, as for a process that was stopped, and what follows from it happen.
    mutating func pass(_ span: Milliseconds) throws(BrokenProperty) {
        milliseconds += span.rawValue
        for _ in 0..<40 { try turn() }
        try run { $0.core.isLeading && $0.core.raft.hasCommittedInTerm }
    }

    private mutating func run(
        until condition: (FuzzedNode) -> Bool
    ) throws(BrokenProperty) {
        for _ in 0..<1_000 {
            if condition(self) { return }
            try turn()
        }
        throw BrokenProperty("what is waited for comes within 10 seconds")
    }

    private mutating func turn() throws(BrokenProperty) {
        milliseconds += 10
        try handle(.turn)
    }

    private mutating func handle(_ input: Input) throws(BrokenProperty) {
        core.handle(input, at: now, effects: &effects)
        let done = effects
        effects.removeAll()
        try require(done.halt == nil, "no client ends a node: \(done.halt.map { "\($0)" } ?? "")")
        try require(done.messages.isEmpty && done.fetches.isEmpty, "a node alone asks nobody")
        replies += done.replies
        for delta in done.deltas { try write(delta) }
        for flush in done.flushMarks { try handle(.flushed(flush)) }
        for write in done.writes {
            try append(write)
            try handle(.durable(DurabilityReport(syncedUpTo: write.id)))
        }
        for call in done.providerCalls {
            let result = provider.perform(call, at: UInt64(milliseconds) * 1_000_000)
            try handle(.provider(call.id, result))
        }
    }

    /// The log's bytes, applied a second time.
    private mutating func append(_ write: LogWrite) throws(BrokenProperty) {
        for entry in write.entries {
            if entry.kind == .commands {
                let batch = try? CommandBatch(decoding: entry.data)
                try require(batch?.encoded() == entry.data, "an entry's bytes are a batch's")
            }
            do throws(CommandCodecError) { try replica.replay(entry) } catch {
                throw BrokenProperty("an entry can be replayed: \(error)")
            }
            lastIndex = entry.index
        }
    }

    private mutating func write(_ delta: ShardDelta) throws(BrokenProperty) {
        let slot = try require(
            files.firstIndex { $0.shard == delta.shard }, "a delta is of a shard that is there")
        files[slot].write(delta)
        try require(files[slot].disagreements.isEmpty, "rows agree with memory")
    }

    /// Both witnesses have the node's own state.
    mutating func checkWitnesses() throws(BrokenProperty) {
        try run { $0.core.appliedIndex == $0.lastIndex }
        try require(core.inventory.digest == replica.digest, "the log replays to the same state")
        var restored = Inventory(
            shardCount: Self.shardCount, replayWindow: Self.replayWindow)
        // The system shard first: events name venues.
        for file in files.reversed() {
            do throws(InventoryRestoreError) { try restored.restore(file.image()) } catch {
                throw BrokenProperty("a shard's rows are its state: \(error)")
            }
        }
    }
}
