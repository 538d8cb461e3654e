package import Inventory
package import Primitives

/// When changed rows go to the storage thread, and who waits for them to be in the files.
package struct WriteBehindSchedule: Sendable {
    /// Rows handed over and not yet written, as the storage thread says.
    package var backlogRows = 0
    /// Requests that wait for everything applied so far to be in the shards' files.
    package var flushes: [RequestID] = []

    /// The index of each shard's last delta, by the shard's number.
    private var handedOver: [LogIndex]
    private var handedOverAt: MonotonicTime
    private var stampedAt: MonotonicTime

    package init(_ inventory: Inventory, at now: MonotonicTime) {
        handedOver = [LogIndex](repeating: .zero, count: Int(UInt8.max) + 1)
        for shard in inventory.shards {
            handedOver[Int(shard.rawValue)] = inventory.position(of: shard).appliedIndex
        }
        handedOverAt = now
        stampedAt = now
    }

    /// Whether the delta takes its shard further than the last one did; notes that it was handed
    /// over.
    package mutating func isNews(_ delta: ShardDelta) -> Bool {
        let slot = Int(delta.shard.rawValue)
        guard delta.appliedIndex > handedOver[slot] else { return false }
        handedOver[slot] = delta.appliedIndex
        return true
    }

    /// How shards are handed over now; nil: not yet. Shards without changes are stamped less
    /// often, so that their index keeps up at little cost.
    package mutating func due(
        pendingRows: Int, at now: MonotonicTime, _ configuration: NodeCoreConfiguration
    ) -> IdleShard? {
        let mayStamp = now.milliseconds(since: stampedAt) >= configuration.idleStampInterval
        if mayStamp || !flushes.isEmpty {
            stampedAt = now
            handedOverAt = now
            return .stamp
        }
        let isLate = now.milliseconds(since: handedOverAt) >= configuration.writeBehindInterval
        guard pendingRows >= configuration.writeBehindRowsEarly || (pendingRows > 0 && isLate)
        else { return nil }
        handedOverAt = now
        return .skip
    }
}
