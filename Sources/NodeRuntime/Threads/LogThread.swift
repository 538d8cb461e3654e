import Primitives
import Raft
import SystemIO
import Telemetry
import WriteAheadLog

/// What the log's thread is asked for.
enum LogTask: Sendable {
    case write(LogWrite)
    case fetch(LogFetch)
}

/// The thread that writes the log. It takes whatever has gathered while the disk was busy, writes
/// and syncs it once, and reports: that is the whole of group commit.
enum LogThread {
    /// How long nothing must come before the log uses the time for itself.
    private static let idleAfter = Milliseconds(20)

    static func start(
        _ log: consuming WriteAheadLog<PosixDisk>, inbox: Mailbox<LogTask>,
        outbox: Mailbox<NodeMessage>, metrics: StorageMetrics
    ) throws(SystemError) -> Thread {
        let handedOver = HandOver(log)
        return try Thread.start(name: "holdfast-log") {
            guard var log = handedOver.take() else { return }
            do throws(WALError) {
                try run(&log, inbox, outbox, metrics)
            } catch {
                _ = outbox.offer(.logFailed(error))
            }
        }
    }

    private static func run(
        _ log: inout WriteAheadLog<PosixDisk>, _ inbox: Mailbox<LogTask>,
        _ outbox: Mailbox<NodeMessage>, _ metrics: StorageMetrics
    ) throws(WALError) {
        var tasks: [LogTask] = []
        var hasIdleWork = true
        metrics.show(log)
        while true {
            switch inbox.wait(into: &tasks, atMost: hasIdleWork ? idleAfter : nil) {
            case .messages:
                hasIdleWork = true
                try carryOut(tasks, &log, outbox, metrics)
            case .timedOut:
                hasIdleWork = try useIdleTime(&log)
            case .closed:
                return
            }
        }
    }

    private static func carryOut(
        _ tasks: [LogTask], _ log: inout WriteAheadLog<PosixDisk>,
        _ outbox: Mailbox<NodeMessage>, _ metrics: StorageMetrics
    ) throws(WALError) {
        var hasWrites = false
        for case .write(let write) in tasks {
            log.append(write)
            hasWrites = true
        }
        if hasWrites {
            let start = SystemClock.monotonicNow()
            let report = try log.sync()
            metrics.logFsync.observe(
                nanoseconds: SystemClock.monotonicNow().nanoseconds - start.nanoseconds)
            post(.durable(report), to: outbox)
            metrics.show(log)
        }
        for case .fetch(let fetch) in tasks {
            post(
                .fetched(fetch, try log.read(from: fetch.from, bytesMax: fetch.bytesMax)),
                to: outbox)
        }
    }

    /// - Returns: whether there is more to do.
    private static func useIdleTime(
        _ log: inout WriteAheadLog<PosixDisk>
    ) throws(WALError) -> Bool {
        try log.appendIdleMark()
        switch try log.prepareSpare() {
        case .more: return true
        // A nearly full disk: the log asks again after the next write.
        case .ready, .refused: return false
        }
    }

    /// The node's mailbox holds more than its requests and answers can be.
    private static func post(_ message: NodeMessage, to outbox: Mailbox<NodeMessage>) {
        let taken = outbox.offer(message)
        invariant(taken, "INV-70: the node's mailbox is full: \(outbox.capacity)")
    }
}

extension StorageMetrics {
    fileprivate func show(_ log: borrowing WriteAheadLog<PosixDisk>) {
        logBytes.set(Int64(log.bytes))
        logSegments.set(Int64(log.segmentCount))
    }
}
