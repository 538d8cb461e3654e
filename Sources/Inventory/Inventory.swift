package import Primitives

/// Every shard of the inventory in memory: the authoritative working set. Committed entries go
/// in, one after the other, as `beginEntry`, `apply` for each command, `endEntry`; outcomes and
/// row changes come out. Equal logs make equal inventories, wherever a restart has put each shard.
package struct Inventory: Sendable {
    package let shardCount: Int
    /// Every shard's id, the system shard last.
    package let shards: [ShardID]
    private let replayWindow: Milliseconds
    var system = SystemShard()
    /// By `ShardID.rawValue`.
    var eventShards: [EventShard]
    var catalog = Catalog()
    private var entry: OpenEntry?
    /// The last entry that was ended.
    private var lastIndex = LogIndex.zero

    private struct OpenEntry: Sendable {
        var index: LogIndex
        var stamp: WallTime
    }

    /// An empty inventory of 1…64 event shards and the system shard. An ended hold is remembered
    /// for `replayWindow`.
    package init(shardCount: Int, replayWindow: Milliseconds) {
        invariant(1...64 ~= shardCount, "\(shardCount) shards")
        invariant(replayWindow > .zero, "replay window \(replayWindow)")
        self.shardCount = shardCount
        shards = (0..<shardCount).map { ShardID(UInt8($0)) } + [.system]
        self.replayWindow = replayWindow
        eventShards = (0..<shardCount).map {
            EventShard(id: ShardID(UInt8($0)), replayWindow: replayWindow)
        }
    }

    // MARK: the log

    /// Starts an entry. A shard that is already beyond it skips its commands.
    package mutating func beginEntry(_ index: LogIndex, stamp: WallTime) {
        invariant(entry == nil, "INV-44: entry \(index) begins inside another")
        invariant(index > lastIndex, "INV-44: entry \(index) after \(lastIndex)")
        entry = OpenEntry(index: index, stamp: stamp)
    }

    /// Applies the next command of the entry. A shard that is beyond the entry answers `.done`:
    /// whoever waited has been answered before.
    package mutating func apply(_ command: Command) -> Outcome {
        guard let entry else { invariantFailure("INV-44: a command outside of an entry") }
        switch command {
        case .system(let command):
            guard system.appliedIndex < entry.index else { return .done }
            let now = max(system.clock, entry.stamp)
            let outcome = system.apply(command, at: now, index: entry.index)
            if case .venue(_, .first) = outcome { attachLayouts() }
            return outcome
        case .shard(let shard, let command):
            let index = shardIndex(shard)
            guard
                eventShards[index].appliedIndex < entry.index || Mutant.appliedAgain.isPlanted
            else { return .done }
            let now = max(eventShards[index].clock, entry.stamp)
            let scope = EntryScope(index: entry.index, venues: system.venues)
            let outcome = eventShards[index].apply(command, at: now, scope)
            if case .event(let event, .first) = outcome { catalog.insert(event.content.event) }
            return outcome
        }
    }

    /// Ends the entry: every shard, idle ones too, is now at its index and stamp.
    package mutating func endEntry() {
        guard let entry = entry.take() else { invariantFailure("INV-44: no entry to end") }
        lastIndex = entry.index
        if system.appliedIndex < entry.index {
            system.appliedIndex = entry.index
            system.clock = max(system.clock, entry.stamp)
        }
        for index in eventShards.indices where eventShards[index].appliedIndex < entry.index {
            eventShards[index].appliedIndex = entry.index
            eventShards[index].clock = max(eventShards[index].clock, entry.stamp)
        }
    }

    /// An entry without commands (a term's first, a membership): only the indices move.
    package mutating func passEntry(_ index: LogIndex) {
        beginEntry(index, stamp: .zero)
        endEntry()
    }

    /// What the command would be answered at `now` against what is applied: a refusal, a replay,
    /// or "nothing to change". Nil when it would take effect, and so has to be proposed. The rules
    /// are those of `apply`.
    package func judge(_ command: Command, at now: WallTime) -> Outcome? {
        switch command {
        case .system(let command):
            return system.judge(command, at: max(system.clock, now))
        case .shard(let shard, let command):
            let index = shardIndex(shard)
            let scope = EntryScope(index: lastIndex.next, venues: system.venues)
            let moment = max(eventShards[index].clock, now)
            return eventShards[index].judge(command, at: moment, scope)
        }
    }

    // MARK: restart

    /// Replaces a shard by what its file holds, in any order of shards. Its rows must have the
    /// digest that was stored with them.
    package mutating func restore(_ image: ShardImage) throws(InventoryRestoreError) {
        invariant(entry == nil, "INV-44: a restore inside an entry")
        guard !image.shard.isSystem else {
            system = try SystemShard(restoring: image)
            attachLayouts()
            lastIndex = smallestAppliedIndex
            return
        }
        guard image.shard.rawValue < shardCount else { throw .unknownShard(image.shard) }
        let index = shardIndex(image.shard)
        eventShards[index] = try EventShard(restoring: image, replayWindow: replayWindow)
        catalog.removeAll(of: image.shard)
        for event in eventShards[index].events.indices {
            catalog.insert(eventShards[index].events[event].row.content)
        }
        eventShards[index].attachLayouts(system.venues)
        lastIndex = smallestAppliedIndex
    }

    /// Every shard has applied everything up to here; replay begins behind it.
    package var smallestAppliedIndex: LogIndex {
        eventShards.indices.reduce(system.appliedIndex) { min($0, eventShards[$1].appliedIndex) }
    }

    /// No shard has applied anything beyond this; below it reads and digests aren't of one moment.
    package var largestAppliedIndex: LogIndex {
        eventShards.indices.reduce(system.appliedIndex) { max($0, eventShards[$1].appliedIndex) }
    }

    /// Names the seats of events that were restored before their venue.
    private mutating func attachLayouts() {
        for index in eventShards.indices { eventShards[index].attachLayouts(system.venues) }
    }

    // MARK: writing behind

    /// How far the shard has come, and its digest there.
    package func position(of shard: ShardID) -> ShardPosition {
        guard !shard.isSystem else {
            return ShardPosition(
                appliedIndex: system.appliedIndex, clock: system.clock, digest: system.digest)
        }
        let index = shardIndex(shard)
        return ShardPosition(
            appliedIndex: eventShards[index].appliedIndex, clock: eventShards[index].clock,
            digest: eventShards[index].digest)
    }

    /// The latest stamp applied.
    package var clock: WallTime { eventShards.reduce(system.clock) { max($0, $1.clock) } }

    /// The digest of all shards together: comparable between nodes that have applied the same
    /// entries to every shard.
    package var digest: UInt64 {
        var hash = StableHash()
        for shard in eventShards { hash.combine(shard.digest) }
        hash.combine(system.digest)
        return hash.value
    }

    /// Hands out the shard's row changes since the last time. Nil for a shard without any, unless
    /// it is to be stamped.
    package mutating func takeDelta(of shard: ShardID, idle: IdleShard) -> ShardDelta? {
        invariant(entry == nil, "INV-44: a delta inside an entry")
        let changes: RowChanges
        if shard.isSystem {
            changes = system.changes
            system.changes = RowChanges()
        } else {
            changes = eventShards[shardIndex(shard)].takeChanges()
        }
        guard changes.count > 0 || idle == .stamp else { return nil }
        let position = position(of: shard)
        return ShardDelta(
            shard: shard, appliedIndex: position.appliedIndex, clock: position.clock,
            digest: position.digest, changes: changes)
    }

    /// Row changes of all shards that have not been handed out.
    package var pendingChangeCount: Int {
        eventShards.indices.reduce(system.changes.count) { $0 + eventShards[$1].journal.count }
    }

    /// When something of the shard ends next: then `expireDue` is to be proposed. Drops timers
    /// without a reason on its way, hence mutating; no outcome depends on those.
    package mutating func nextDue(_ shard: ShardID) -> WallTime? {
        shard.isSystem ? system.nextDue() : eventShards[shardIndex(shard)].nextDue()
    }

    /// The shard's place in `eventShards`; the id must be that of an event shard of this cluster.
    func shardIndex(_ shard: ShardID) -> Int {
        invariant(shard.rawValue < shardCount, "INV-45: shard \(shard) of \(shardCount)")
        return Int(shard.rawValue)
    }
}
