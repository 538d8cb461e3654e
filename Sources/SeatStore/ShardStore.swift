package import Inventory
package import Primitives

/// One shard's SQLite file: what memory decided, written behind it and checked against the rows.
/// One thread at a time uses it.
package final class ShardStore {
    package let shard: ShardID
    /// The last log entry whose changes are in the rows; a crash of the machine may take some back.
    package private(set) var appliedIndex: LogIndex
    /// The last log entry whose changes survive a crash of the machine: the log may be cut up to
    /// here. Zero from the opening until a checkpoint is complete.
    package private(set) var durableIndex = LogIndex.zero
    private var clock: WallTime

    private let connection: Connection
    private let meta: MetaTable
    private let tables: Tables
    private let begin: Statement
    private let commit: Statement

    private enum Tables {
        case events(EventShardTables)
        case system(SystemShardTables)
    }

    /// Opens the shard's file, in a directory that exists. Throws `wrongFile` when the file is
    /// somebody else's.
    package init(
        path: String, shard: ShardID, identity: StoreIdentity, mode: StoreMode
    ) throws(StoreError) {
        let connection = try ShardFile.open(
            path: path, shard: shard, identity: identity, mode: mode)
        let progress = try MetaTable.progress(connection)
        self.shard = shard
        self.connection = connection
        appliedIndex = progress.appliedIndex
        clock = progress.clock
        meta = try MetaTable(connection)
        tables =
            if shard.isSystem {
                .system(try SystemShardTables(connection))
            } else {
                .events(try EventShardTables(connection))
            }
        begin = try connection.prepare("BEGIN IMMEDIATE")
        commit = try connection.prepare("COMMIT")
    }

    /// Writes a stretch of the shard's history in one transaction, all of it or, when it throws,
    /// nothing. Deltas stand in apply order; an idle shard's carries no changes. Throws
    /// `disagreement` when the rows are not what the changes started from.
    package func write(_ deltas: [ShardDelta]) throws(StoreError) {
        guard let first = deltas.first, let last = deltas.last else { return }
        checkOrder(deltas)
        let flush = Flush(
            connection: connection, shard: shard,
            indexes: first.appliedIndex...last.appliedIndex)
        do throws(StoreError) {
            try begin.run()
            switch tables {
            case .events(let tables): try tables.write(deltas, flush)
            case .system(let tables): try tables.write(deltas)
            }
            try meta.write(last, after: appliedIndex, flush)
            try commit.run()
        } catch {
            connection.rollBack()
            throw flush.named(error)
        }
        appliedIndex = last.appliedIndex
        clock = last.clock
    }

    private func checkOrder(_ deltas: [ShardDelta]) {
        var index = appliedIndex
        var time = clock
        for delta in deltas {
            invariant(
                delta.shard == shard, "a delta of shard \(delta.shard.name) for \(shard.name)")
            invariant(
                delta.appliedIndex > index && delta.clock >= time,
                "INV-80: \(shard.name) at \(index) \(time) got \(delta.appliedIndex) \(delta.clock)"
            )
            let foreign =
                shard.isSystem
                ? delta.changes.count - delta.changes.systemRowCount : delta.changes.systemRowCount
            invariant(foreign == 0, "\(foreign) rows that \(shard.name) has no table for")
            index = delta.appliedIndex
            time = delta.clock
        }
    }

    /// Everything that the file holds, checked: values in their ranges, every event's seats there,
    /// `booked_seats` in accord with seats and orders. The digest of the content, and what else the
    /// rows say of each other, is for the state machine to check.
    package func load() throws(StoreError) -> ShardImage {
        try connection.execute("BEGIN")
        // Nothing was written: there is nothing that ending the transaction could lose.
        defer { connection.rollBack() }
        let progress = try MetaTable.progress(connection)
        var image = ShardImage(
            shard: shard, appliedIndex: progress.appliedIndex, clock: progress.clock,
            digest: progress.digest)
        switch tables {
        case .events: try EventShardTables.load(into: &image, connection)
        case .system: try SystemShardTables.load(into: &image, connection)
        }
        return image
    }

    /// Moves the WAL's pages into the database as far as readers allow, waiting for nobody, and
    /// raises `durableIndex` when all of them are there.
    ///
    /// A PASSIVE checkpoint syncs the WAL before it copies, and syncs the database once every
    /// frame is copied (sqlite.org/c3ref/wal_checkpoint_v2.html, sqlite.org/wal.html §2.1). Then,
    /// and only then, is everything durable that was committed before the call.
    package func checkpoint() throws(StoreError) -> CheckpointReport {
        let committed = appliedIndex
        switch try connection.checkpoint() {
        case .frames(let total, let backfilled) where total == backfilled:
            durableIndex = committed
            return CheckpointReport(outcome: .complete, walFrames: total, framesLeft: 0)
        case .frames(let total, let backfilled):
            return CheckpointReport(
                outcome: .heldByReader, walFrames: total, framesLeft: total - backfilled)
        case .checkpointedByAnother:
            return CheckpointReport(
                outcome: .checkpointedByAnother, walFrames: nil, framesLeft: nil)
        }
    }
}

/// How far a checkpoint came.
package struct CheckpointReport: Hashable, Sendable {
    /// Why it came no further, if it did not.
    package enum Outcome: Sendable {
        /// Every frame is in the database and synced.
        case complete
        /// Another process reads an older state, and holds the WAL by that. The next call goes on.
        case heldByReader
        /// Another process was at a checkpoint of this file. The next call goes on.
        case checkpointedByAnother
    }
    /// Only `complete` raises the durable index.
    package var outcome: Outcome
    /// Pages in the WAL, of 4 KiB; nil where the checkpoint did not run.
    package var walFrames: Int?
    /// Pages that the database still lacks; nil where the checkpoint did not run.
    package var framesLeft: Int?
    /// Bytes in the WAL: its header, and a header for each page (sqlite.org/fileformat2.html §4.1).
    package var walBytes: Int? { walFrames.map { $0 == 0 ? 0 : 32 + $0 * (24 + 4_096) } }
    package init(outcome: Outcome, walFrames: Int?, framesLeft: Int?) {
        self.outcome = outcome
        self.walFrames = walFrames
        self.framesLeft = framesLeft
    }
}
