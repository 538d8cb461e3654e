package import Inventory
package import Primitives

/// When the leader looks for what is due, and which shards wait for a step already proposed.
package struct ExpirySchedule: Sendable {
    /// Nil: at once.
    private var lookedAt: MonotonicTime?
    private var underWay: [ShardID] = []

    package init() {}

    /// The shards in which something is due by `stamp` and no step is under way.
    package mutating func due(
        in inventory: inout Inventory, by stamp: WallTime, now: MonotonicTime,
        every interval: Milliseconds
    ) -> [ShardID] {
        if let lookedAt, now.milliseconds(since: lookedAt) < interval { return [] }
        lookedAt = now
        var due: [ShardID] = []
        for shard in inventory.shards where !underWay.contains(shard) {
            if let time = inventory.nextDue(shard), time <= stamp { due.append(shard) }
        }
        underWay += due
        return due
    }

    /// The shard's step has been applied. When thousands of holds end together, one step is not
    /// enough: the next look is taken at once.
    package mutating func stepped(_ shard: ShardID) {
        guard let place = underWay.firstIndex(of: shard) else { return }
        underWay.remove(at: place)
        lookedAt = nil
    }

    /// Leadership changed hands: nothing of ours is under way.
    package mutating func reset() { self = ExpirySchedule() }
}
