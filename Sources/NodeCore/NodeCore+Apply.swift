import Inventory
import Primitives
import Raft
import Wire

extension NodeCore {
    /// No step of the node's thread may take more than a few milliseconds: one entry, and more
    /// while their bytes stay below this.
    private static let bytesPerStep = 256 * 1_024
    private static let entriesPerStepMax = 64

    /// A follower whose storage thread is behind pauses here; it goes on acknowledging.
    var mustPauseApplying: Bool {
        !isLeading && writeBehind.backlogRows > configuration.writeBehindRowsMax
    }

    mutating func applyCommitted(_ effects: inout Effects) {
        guard appliedIndex < raft.commitIndex, !mustPauseApplying, halted == nil else { return }
        let last = min(raft.commitIndex, appliedIndex.advanced(by: Self.entriesPerStepMax))
        var bytes = 0
        for entry in raft.entries(from: appliedIndex.next, through: last) {
            invariant(
                entry.index == appliedIndex.next,
                "INV-31: entry \(entry.index) follows \(appliedIndex) at apply")
            guard apply(entry, &effects) else { return }
            appliedIndex = entry.index
            digests.record(entry.index, digest: inventory.digest)
            bytes += entry.bytes
            if bytes >= Self.bytesPerStep { break }
        }
        raft.releaseEntries(upTo: appliedIndex)
    }

    /// - Returns: false when this version can't read the entry; the node halts before it.
    private mutating func apply(_ entry: Entry, _ effects: inout Effects) -> Bool {
        let waiters = waiters(of: entry.position, &effects)
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
            halt(.unreadableEntry(entry.index, reason: "\(error)"), &effects)
            return false
        }
        guard batch.featureLevel <= CommandBatch.currentFeatureLevel else {
            let reason = "feature level \(batch.featureLevel)"
            halt(.unreadableEntry(entry.index, reason: reason), &effects)
            return false
        }
        invariant(
            waiters.map { $0.count == batch.commands.count } ?? true,
            "INV-32: \(waiters?.count ?? 0) waiters for \(entry.position)'s \(batch.commands.count)"
        )
        inventory.beginEntry(entry.index, stamp: batch.stamp)
        for (place, command) in batch.commands.enumerated() {
            let isKnown = isKnown(command)
            let outcome = inventory.apply(command)
            if !isKnown { follow(command, outcome, &effects) }
            if let waiters { deliver(outcome, to: waiters[place], &effects) }
        }
        inventory.endEntry()
        return true
    }

    /// Whether a command confirms a refund that is confirmed already: nothing follows from it, and
    /// its outcome doesn't say so.
    private func isKnown(_ command: Command) -> Bool {
        guard case .shard(_, .observeRefund(let observation)) = command else { return false }
        return inventory.refund(observation.refund)?.status == .confirmed
    }

    /// Who waits for the commands of the entry at `position`, if this node proposed it. Those who
    /// wait for another entry at its index learn that theirs will never be.
    private mutating func waiters(
        of position: LogPosition, _ effects: inout Effects
    ) -> [Waiter]? {
        let settlement = proposals.settle(position)
        for waiter in settlement.superseded { tell(waiter, notLeading, &effects) }
        return settlement.committed
    }

    mutating func halt(_ reason: HaltReason, _ effects: inout Effects) {
        halted = reason
        effects.halt = reason
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
                request, attempt: attempt.id, until: now.monotonic + configuration.commitPatience)
        }
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
