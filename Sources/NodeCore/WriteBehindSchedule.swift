package import Inventory
package import Primitives

/// When each shard's changes go to the storage thread.
package struct WriteBehindSchedule: Sendable {
    private struct Shard {
        var id: ShardID
        var handedOverAt: MonotonicTime
        var index: LogIndex = .zero
    }

    private var shards: [Shard]
    /// Rows handed over and not yet written, as the storage thread says.
    package var backlogRows = 0

    package init(shards: [ShardID], at now: MonotonicTime) {
        self.shards = shards.map { Shard(id: $0, handedOverAt: now) }
    }

    /// The shards that are to be handed over now: changed ones after the interval or when much has
    /// gathered, idle ones after the idle interval, so that their index keeps up.
    package func due(
        in inventory: Inventory, at now: MonotonicTime, _ configuration: NodeCoreConfiguration
    ) -> [ShardID] {
        shards.filter { shard in
            let rows = inventory.pendingChangeCount(shard.id)
            let waited = now.milliseconds(since: shard.handedOverAt)
            if rows >= configuration.writeBehindRowsEarly { return true }
            if rows > 0 { return waited >= configuration.writeBehindInterval }
            return waited >= configuration.idleStampInterval
                && inventory.appliedIndex(shard.id) > shard.index
        }.map(\.id)
    }

    package mutating func handedOver(_ id: ShardID, through index: LogIndex, at now: MonotonicTime) {
        guard let slot = shards.firstIndex(where: { $0.id == id }) else { return }
        shards[slot].handedOverAt = now
        shards[slot].index = index
    }
}

/// Requests that wait for everything applied to be in the shards' files.
package struct FlushQueue: Sendable {
    package var requests: [RequestID] = []
    package init() {}
}
