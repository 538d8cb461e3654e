import Primitives

/// What this process has asked of its log, and how much of that is on disk.
///
/// Everything that one call into `Raft` changes goes out as one write. Completions are matched by
/// `WriteID`, and truncation lowers what earlier writes may still claim, so the completion of an
/// entry that was since rewritten proves nothing (etcd-io/raft's "ABA race").
struct WriteLedger: Sendable {
    private struct Append: Sendable {
        let write: WriteID
        var last: LogIndex
    }
    private var issued = WriteID.zero
    private var synced = WriteID.zero
    private var hardStateWrite = WriteID.zero
    /// Appends not yet synced, in order, each with the last of its entries that still stands.
    private var appends: [Append] = []
    private var staged: LogWrite?
    /// The log is on disk, as it stands, up to here.
    private(set) var durableIndex: LogIndex

    init(durableIndex: LogIndex) {
        self.durableIndex = durableIndex
    }

    /// Once this write is synced, everything asked for until now is on disk.
    var horizon: WriteID { staged?.id ?? issued }
    var isSynced: Bool { synced == horizon }
    var isHardStateSynced: Bool { hardStateWrite <= synced }

    mutating func stage(_ hardState: HardState) {
        var write = takeStaged()
        write.hardState = hardState
        hardStateWrite = write.id
        staged = write
    }

    mutating func stage(truncateFrom index: LogIndex) {
        var write = takeStaged()
        invariant(write.entries.isEmpty && write.truncateFrom == nil, "INV-10: \(write)")
        write.truncateFrom = index
        staged = write
        durableIndex = min(durableIndex, index.previous)
        if Mutant.staleCompletionCounts.isPlanted { return }
        for slot in appends.indices { appends[slot].last = min(appends[slot].last, index.previous) }
    }

    /// The entries must follow the log's last.
    mutating func stage(_ entries: [Entry]) {
        guard let last = entries.last?.index else { return }
        var write = takeStaged()
        if write.entries.isEmpty { write.entries = entries } else { write.entries += entries }
        appends.append(Append(write: write.id, last: last))
        staged = write
    }

    private mutating func takeStaged() -> LogWrite {
        staged.take()
            ?? LogWrite(id: issued.next, hardState: nil, truncateFrom: nil, entries: [])
    }

    /// The write that carries out what was staged; nil when nothing was.
    mutating func issue() -> LogWrite? {
        guard let write = staged.take() else { return nil }
        issued = write.id
        return write
    }

    mutating func record(_ report: DurabilityReport) {
        invariant(report.upTo <= issued, "INV-08: \(report.upTo) synced of \(issued)")
        synced = max(synced, report.upTo)
        let done = appends.prefix { $0.write <= synced }
        if let last = done.last { durableIndex = last.last }
        appends.removeFirst(done.count)
    }
}
