package import Primitives
package import Raft
import Wire

/// One Raft group's durable stream: term, vote, truncations and entries, in the order in which they
/// were appended, in segment files. One thread owns it; calls block. After a refused write or sync
/// every call throws `stopped`: nothing is retried, because the kernel may have dropped what it
/// could not write (Rebello et al., ATC 2020).
package struct WriteAheadLog<D: Disk> {
    package internal(set) var disk: D
    let directory: String
    let identity: NodeIdentity
    let options: WALOptions

    var outline: LogOutline
    /// Oldest first, never empty; records go to the last.
    var segments: [Segment]
    var spare = SpareSegment.none

    /// Where the checksums of the current segment's records start.
    var seed: UInt32
    /// The checksum of the newest record, or of the header before the first.
    var chain: UInt32
    /// Up to where the current segment is durable.
    var synced: Int
    /// Records not yet written; they end at the current segment's `end`.
    private var gathered = ByteWriter()
    /// Whether the newest record states that all records before it were synced.
    private var isMarked = false
    private var pending: [LogWrite] = []
    private var lastWrite = WriteID.zero
    private var failure: DiskError?

    /// A log whose last segment is durable up to its end.
    init(
        disk: D, directory: String, identity: NodeIdentity, options: WALOptions,
        outline: LogOutline, segments: [Segment], chain: UInt32
    ) {
        invariant(!segments.isEmpty, "a log without segments")
        self.disk = disk
        self.directory = directory
        self.identity = identity
        self.options = options
        self.outline = outline
        self.segments = segments
        self.chain = chain
        seed = LogRecord.seed(of: segments[segments.count - 1].number)
        synced = segments[segments.count - 1].end
    }

    /// The last entry that `sync` has taken.
    package var last: LogPosition { outline.last }
    /// The position before the oldest entry.
    package var base: LogPosition { outline.base }
    /// Bytes of all segments.
    package var bytes: Int { segments.reduce(0) { $0 + $1.end } }
    /// Files with records.
    package var segmentCount: Int { segments.count }

    /// Takes a write, to be carried out by the next `sync`. Ids must rise.
    package mutating func append(_ write: LogWrite) {
        invariant(
            write.id > lastWrite, "INV-20: write \(write.id) after \(lastWrite): ids must rise")
        lastWrite = write.id
        pending.append(write)
    }

    /// Writes all that was appended and makes it durable: one write and one sync, more only where a
    /// segment ends.
    package mutating func sync() throws(WALError) -> DurabilityReport {
        try stopping { (log) throws(DiskError) in
            for write in log.pending { try log.encode(write) }
            log.pending.removeAll(keepingCapacity: true)
            try log.flush()
        }
        return DurabilityReport(syncedUpTo: lastWrite)
    }

    /// States durably that everything before was synced, unless that is stated already. To be
    /// called when nothing waits: without it damage to the newest batch would pass for a torn tail.
    package mutating func appendIdleMark() throws(WALError) {
        guard !isMarked, pending.isEmpty else { return }
        try stopping { (log) throws(DiskError) in
            try log.encode(.mark, bodyBytes: 0) { _ in }
            try log.flush()
        }
        isMarked = true
    }

    /// Closes the files. What was appended and not synced is lost.
    package consuming func close() {
        for segment in segments { disk.close(segment.file) }
        if let file = spare.file { disk.close(file) }
    }

    /// Runs what writes to the disk, and stops the log for good when the disk refuses.
    mutating func stopping<Result>(
        _ body: (inout Self) throws(DiskError) -> Result
    ) throws(WALError) -> Result {
        try requireRunning()
        do {
            return try body(&self)
        } catch {
            if Mutant.failedWriteRetried.isPlanted { return try stopping(body) }
            failure = error
            throw .disk(error)
        }
    }

    func requireRunning() throws(WALError) {
        if let failure { throw .stopped(failure) }
    }

    /// Writes the gathered records and syncs them.
    mutating func flush() throws(DiskError) {
        guard gathered.count > 0 else { return }
        let current = segments[segments.count - 1]
        try disk.write(current.file, at: current.end - gathered.count, gathered.bytes)
        gathered.removeAll()
        if !Mutant.logNotSynced.isPlanted { try disk.sync(current.file) }
        synced = current.end
        isMarked = false
    }

    private mutating func encode(_ write: LogWrite) throws(DiskError) {
        if let state = write.hardState { try encode(state) }
        if let index = write.truncateFrom { try encodeTruncation(from: index) }
        for entry in write.entries { try encode(entry) }
    }

    private mutating func encode(_ state: HardState) throws(DiskError) {
        invariant(
            outline.precedes(state), "INV-21: \(state) after \(outline.hardState) in one log")
        try encode(.hardState, bodyBytes: 10) { LogRecord.encodeBody(of: state, into: &$0) }
        outline.hardState = state
    }

    private mutating func encodeTruncation(from index: LogIndex) throws(DiskError) {
        invariant(
            index > outline.base.index, "INV-22: truncation from \(index), base \(outline.base)")
        try encode(.truncation, bodyBytes: 8) {
            LogRecord.encodeBody(ofTruncationFrom: index, into: &$0)
        }
        outline.truncate(from: index)
        for segment in segments.indices { segments[segment].truncate(from: index) }
    }

    private mutating func encode(_ entry: Entry) throws(DiskError) {
        invariant(
            outline.precedes(entry.position), "INV-23: \(entry.position) after \(outline.last)")
        let bytes = LogRecord.entryBytes(data: entry.data.count)
        try encode(.entry, bodyBytes: LogRecord.entryBodyBytes(data: entry.data.count)) {
            LogRecord.encodeBody(of: entry, into: &$0)
        }
        outline.append(entry.position)
        let current = segments.count - 1
        segments[current].append(
            entry.index,
            at: EntryPlace(
                offset: segments[current].end - bytes, dataBytes: entry.data.count))
    }

    /// Gathers one record, after a new segment was begun if this one has no room for it.
    private mutating func encode(
        _ kind: RecordKind, bodyBytes: Int, body: (inout ByteWriter) -> Void
    ) throws(DiskError) {
        let bytes = LogRecord.bytes(body: bodyBytes)
        var current = segments.count - 1
        if segments[current].end > SegmentHeader.bytes,
            segments[current].end + bytes > options.segmentBytes
        {
            try rollOver()
            current += 1
        }
        chain = LogRecord.encode(
            kind, in: segments[current].number, seed: seed, synced: synced, previous: chain,
            into: &gathered, body: body)
        segments[current].end += bytes
    }
}

extension WriteAheadLog: Sendable where D: Sendable {}
