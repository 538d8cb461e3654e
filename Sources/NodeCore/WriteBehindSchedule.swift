package import Inventory
package import Primitives

/// When changed rows go to the storage thread, and who waits for them to be in the files.
///
/// Rows are taken from the inventory when their time has come, and leave once their entries are on
/// this node's own disk: what a shard's file holds, the log behind it holds too. Waiting for both
/// at once would never end on a leader whose disk is slower than its followers'.
package struct WriteBehindSchedule: Sendable {
    /// Taken at one moment.
    private struct Batch {
        var appliedIndex: LogIndex
        var deltas: [ShardDelta]
        var rows: Int
        var flushes: [RequestID]
    }

    /// Rows handed over and not yet written, as the storage thread says.
    package var rowsBeingWritten = 0
    private var flushes: [RequestID] = []
    private var staged = Queue<Batch>()
    private var rowsStaged = 0
    /// The index of each shard's last delta, by the shard's number: an idle shard is not stamped
    /// twice at one index.
    private var takenIndexes: [LogIndex]
    private var takenAt: MonotonicTime
    private var stampedAt: MonotonicTime
    private var stampedIndex = LogIndex.zero

    /// Begins with an inventory as a start has made it: a shard whose file was behind may have
    /// row changes already.
    package init(_ inventory: Inventory, at now: MonotonicTime) {
        takenIndexes = [LogIndex](repeating: .zero, count: Int(UInt8.max) + 1)
        for shard in inventory.shards {
            takenIndexes[Int(shard.rawValue)] = inventory.position(of: shard).appliedIndex
        }
        takenAt = now
        stampedAt = now
    }

    /// Rows taken from the inventory that are not yet in the files.
    package var backlogRows: Int { rowsBeingWritten + rowsStaged }

    /// The request is answered once everything applied by now is in the files.
    package mutating func flush(_ request: RequestID) { flushes.append(request) }

    /// Takes the rows whose time has come. Shards without changes are stamped less often, so that
    /// their index keeps up at little cost.
    package mutating func take(
        from inventory: inout Inventory, appliedIndex: LogIndex, at now: MonotonicTime,
        _ configuration: NodeCoreConfiguration
    ) {
        guard let idle = due(inventory.pendingChangeCount, appliedIndex, now, configuration)
        else { return }
        takenAt = now
        if idle == .stamp {
            stampedAt = now
            stampedIndex = appliedIndex
        }
        var batch = Batch(appliedIndex: appliedIndex, deltas: [], rows: 0, flushes: flushes)
        flushes = []
        for shard in inventory.shards {
            guard let delta = inventory.takeDelta(of: shard, idle: idle),
                delta.changes.count > 0
                    || delta.appliedIndex > takenIndexes[Int(shard.rawValue)]
            else { continue }
            takenIndexes[Int(shard.rawValue)] = delta.appliedIndex
            batch.rows += delta.changes.count
            batch.deltas.append(delta)
        }
        rowsStaged += batch.rows
        staged.append(batch)
    }

    /// How rows are to be taken now; nil: not yet.
    private func due(
        _ pendingRows: Int, _ appliedIndex: LogIndex, _ now: MonotonicTime,
        _ configuration: NodeCoreConfiguration
    ) -> IdleShard? {
        if !flushes.isEmpty { return .stamp }
        if appliedIndex > stampedIndex,
            now.milliseconds(since: stampedAt) >= configuration.idleStampInterval
        {
            return .stamp
        }
        let isLate = now.milliseconds(since: takenAt) >= configuration.writeBehindInterval
        let isMuch = pendingRows >= configuration.writeBehindRowsEarly
        return isMuch || (pendingRows > 0 && isLate) ? .skip : nil
    }

    /// Hands over what was applied from entries that are safe by now.
    package mutating func handOver(durableIndex: LogIndex, _ effects: inout Effects) {
        while let first = staged.first,
            first.appliedIndex <= durableIndex || Mutant.rowsBeforeLog.isPlanted
        {
            _ = staged.popFirst()
            rowsStaged -= first.rows
            rowsBeingWritten += first.rows
            effects.deltas += first.deltas
            effects.flushMarks += first.flushes
        }
    }
}
