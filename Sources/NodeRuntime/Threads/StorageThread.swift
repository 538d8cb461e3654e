import Inventory
import NodeCore
import Primitives
import SeatStore
import SystemIO
import Telemetry

/// What the storage thread is asked for.
enum StorageTask: Sendable {
    case write(ShardDelta)
    /// Everything before this is in the files when it is answered.
    case mark(RequestID)
}

/// The thread that writes rows behind: everything that gathered goes into one transaction a shard.
/// It runs at low priority, because nobody waits for it.
enum StorageThread {
    /// One shard is checkpointed each time this has passed, in turn.
    private static let checkpointInterval = Milliseconds(500)

    static func start(
        _ store: HandOver<SeatStore>, inbox: Mailbox<StorageTask>,
        outbox: Mailbox<NodeMessage>, metrics: StorageMetrics
    ) throws(SystemError) -> Thread {
        return try Thread.start(name: "holdfast-store", priority: .low) {
            guard let store = store.take() else { return }
            do throws(StoreError) {
                try run(store, inbox, outbox, metrics)
            } catch {
                _ = outbox.offer(.storeFailed(error))
            }
        }
    }

    private static func run(
        _ store: SeatStore, _ inbox: Mailbox<StorageTask>, _ outbox: Mailbox<NodeMessage>,
        _ metrics: StorageMetrics
    ) throws(StoreError) {
        var tasks: [StorageTask] = []
        var nextCheckpoint = 0
        var checkpointAt = SystemClock.monotonicNow() + checkpointInterval
        while true {
            switch inbox.wait(into: &tasks, atMost: checkpointInterval) {
            case .messages: try carryOut(tasks, store, outbox)
            case .timedOut: break
            case .closed: return
            }
            let now = SystemClock.monotonicNow()
            guard now >= checkpointAt else { continue }
            checkpointAt = now + checkpointInterval
            metrics.show(try store.shards[nextCheckpoint].checkpoint(), of: nextCheckpoint)
            nextCheckpoint = (nextCheckpoint + 1) % store.shards.count
        }
    }

    private static func carryOut(
        _ tasks: [StorageTask], _ store: SeatStore, _ outbox: Mailbox<NodeMessage>
    ) throws(StoreError) {
        var deltas: [ShardDelta] = []
        var marks: [RequestID] = []
        var rows = 0
        for task in tasks {
            switch task {
            case .write(let delta):
                deltas.append(delta)
                rows += delta.changes.count
            case .mark(let request):
                marks.append(request)
            }
        }
        try store.write(deltas)
        // A node that is full of messages is about to end: nothing is lost with these.
        _ = outbox.offer(.stored(rows: rows))
        for mark in marks { _ = outbox.offer(.flushed(mark)) }
    }
}

extension StorageMetrics {
    /// What a checkpoint that did not run would have found is not known.
    fileprivate func show(_ report: CheckpointReport, of shard: Int) {
        if let bytes = report.walBytes { sqliteWALBytes[shard].set(Int64(bytes)) }
        switch report.outcome {
        case .complete: sqliteWALHeld[shard].set(0)
        case .heldByReader: sqliteWALHeld[shard].set(1)
        case .checkpointedByAnother: break
        }
    }
}
