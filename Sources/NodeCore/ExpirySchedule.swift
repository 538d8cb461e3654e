package import Inventory
package import Primitives

/// When the leader looks for what is due, and which shards wait for a step already proposed.
package struct ExpirySchedule: Sendable {
    private var lookedAt: MonotonicTime
    private var underWay: [ShardID] = []

    package init(at now: MonotonicTime) {
        lookedAt = now
    }

    /// The shards in which something is due by `stamp` and no step is under way.
    package mutating func due(
        in inventory: inout Inventory, by stamp: WallTime, now: MonotonicTime,
        every interval: Milliseconds
    ) -> [ShardID] {
        guard now.milliseconds(since: lookedAt) >= interval else { return [] }
        lookedAt = now
        var due: [ShardID] = []
        for shard in inventory.shardIDs where !underWay.contains(shard) {
            if let time = inventory.nextDue(shard), time <= stamp { due.append(shard) }
        }
        underWay.append(contentsOf: due)
        return due
    }

    /// The shard's step has been applied.
    package mutating func stepped(_ shard: ShardID) { underWay.removeAll { $0 == shard } }

    /// Leadership changed hands: nothing of ours is under way.
    package mutating func reset() { underWay.removeAll() }
}
