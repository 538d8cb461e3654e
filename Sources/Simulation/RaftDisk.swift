import Primitives
package import Raft

/// One node's log files as Raft sees them: what is safe, and what was asked for and may be lost.
package struct RaftDisk: Sendable {
    package private(set) var hardState = HardState.initial
    /// Entry 1 first.
    package private(set) var entries: [Entry] = []
    /// Asked for and not synced, in order.
    package private(set) var pending: [LogWrite] = []

    package init() {}

    mutating func enqueue(_ write: LogWrite) { pending.append(write) }

    /// Carries out the oldest `count` writes; nil when there is nothing to do.
    mutating func sync(_ count: Int) -> DurabilityReport? {
        let done = pending.prefix(count)
        guard let last = done.last else { return nil }
        for write in done {
            if let hardState = write.hardState { self.hardState = hardState }
            if let from = write.truncateFrom {
                entries.removeLast(LogIndex(UInt64(entries.count)).next.distance(from: from))
            }
            for entry in write.entries {
                invariant(
                    entry.index == LogIndex(UInt64(entries.count)).next,
                    "a write leaves a gap: \(entry.position) after \(entries.count) entries")
                entries.append(entry)
            }
        }
        pending.removeFirst(done.count)
        return DurabilityReport(syncedUpTo: last.id)
    }

    /// A crash: the oldest `surviving` of the unsynced writes made it, unreported.
    mutating func crash(surviving: Int) {
        _ = sync(surviving)
        pending = []
    }

    mutating func damage(keepingEntries count: Int) {
        entries.removeSubrange(count...)
    }

    /// What a start finds. At most `tailEntriesMax` entries come along, the others must be fetched.
    func restored(committed: LogIndex, tailEntriesMax: Int) -> RestoredLog {
        var runs: [TermRun] = []
        for entry in entries where entry.term != runs.last?.term {
            runs.append(TermRun(term: entry.term, first: entry.index))
        }
        return RestoredLog(
            hardState: hardState, base: .zero, termRuns: runs,
            last: entries.last?.position ?? .zero, tail: Array(entries.suffix(tailEntriesMax)),
            committed: committed)
    }

    func holds(_ position: LogPosition) -> Bool {
        let slot = Int(position.index.rawValue) - 1
        return entries.indices.contains(slot) && entries[slot].term == position.term
    }
}
