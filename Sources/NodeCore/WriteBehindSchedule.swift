package import Inventory
package import Primitives

/// When changed rows go to the storage thread, and who waits for them to be in the files.
package struct WriteBehindSchedule: Sendable {
    /// Rows handed over and not yet written, as the storage thread says.
    package var backlogRows = 0
    /// Requests that wait for everything applied so far to be in the shards' files.
    package var flushes: [RequestID] = []

    private var handedOverAt: MonotonicTime
    private var stampedAt: MonotonicTime

    package init(at now: MonotonicTime) {
        handedOverAt = now
        stampedAt = now
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
