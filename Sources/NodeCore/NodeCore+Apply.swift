import Inventory
import Primitives
import Raft
import Wire

extension NodeCore {
    /// No step of the node's thread may take more than a few milliseconds.
    private static let entriesPerStepMax = 64

    /// A follower whose storage thread is behind pauses here; it goes on acknowledging.
    var mustPauseApplying: Bool {
        !isLeading && writeBehind.backlogRows > configuration.writeBehindRowsMax
    }

    mutating func applyCommitted(_ effects: inout Effects) {
        guard appliedIndex < raft.commitIndex, !mustPauseApplying, effects.halt == nil else {
            return
        }
        let last = min(raft.commitIndex, appliedIndex.advanced(by: Self.entriesPerStepMax))
        for entry in raft.entries(from: appliedIndex.next, through: last) {
            precondition(
                entry.index == appliedIndex.next,
                "INV-31: entry \(entry.index) follows \(appliedIndex) at apply")
            guard apply(entry, &effects) else { return }
            appliedIndex = entry.index
            digests.record(entry.index, digest: nodeDigest)
        }
        raft.releaseEntries(upTo: appliedIndex)
        freshness.applied(through: appliedIndex)
    }

    /// - Returns: false when this version can't read the entry; the node halts before it.
    private mutating func apply(_ entry: Entry, _ effects: inout Effects) -> Bool {
        switch entry.kind {
        case .noop, .configuration:
            inventory.passEntry(entry.index)
            return true
        case .commands:
            break
        }
        let batch: CommandBatch
        do {
            batch = try CommandBatch(decoding: entry.data)
        } catch {
            effects.halt = .unreadableEntry(entry.index, reason: "\(error)")
            return false
        }
        let waiters = proposals.settle(entry.position)
        inventory.beginEntry(entry.index, stamp: batch.stamp)
        for (place, command) in batch.commands.enumerated() {
            let outcome = inventory.apply(command)
            follow(command, outcome, &effects)
            if let waiters { deliver(outcome, to: waiters[place], &effects) }
        }
        inventory.endEntry()
        appliedStamp = max(appliedStamp, batch.stamp)
        return true
    }

    mutating func deliver(_ outcome: Outcome, to waiter: Waiter, _ effects: inout Effects) {
        switch waiter {
        case .nobody:
            break
        case .provider(let request):
            answer(request, .outcome(.done), &effects)
        case .client(let request):
            guard case .payment(let attempt, _) = outcome, attempt.status.isOpen else {
                answer(request, .outcome(outcome), &effects)
                return
            }
            paymentWaiters.append(
                request, attempt: attempt.id,
                until: now.monotonic + configuration.commitPatience)
        }
    }

    /// Rows leave only when their entries are on this node's own disk: what a file of a shard
    /// holds, the log behind it holds too.
    mutating func handOverRows(_ effects: inout Effects) {
        guard raft.durableIndex >= appliedIndex,
            let idle = writeBehind.due(
                pendingRows: inventory.pendingChangeCount, at: now.monotonic, configuration)
        else { return }
        for shard in shardIDs {
            if let delta = inventory.takeDelta(of: shard, idle: idle),
                writeBehind.isNews(delta)
            {
                effects.deltas.append(delta)
            }
        }
        effects.flushMarks.append(contentsOf: writeBehind.flushes)
        writeBehind.flushes.removeAll()
    }
}

extension AttemptStatus {
    /// Whether the provider's last word is still awaited.
    var isOpen: Bool {
        switch self {
        case .pending, .cancelling: true
        case .succeeded, .declined, .cancelled: false
        }
    }
}
