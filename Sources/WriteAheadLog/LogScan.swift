import Primitives
import Raft

/// Reads segments, oldest first, and collects what they say.
struct LogScan {
    private(set) var outline: LogOutline
    private(set) var segments: [Segment] = []
    /// The last record's checksum, or the header's before the first.
    private(set) var chain: UInt32 = 0
    /// Whether an entry at or below the base was truncated: then the log can't begin with the first
    /// segment read. Such a one is left when a cut of several segments was interrupted.
    private(set) var baseIsLive = true

    /// Begins with the segment of this header.
    init(oldest header: SegmentHeader) {
        outline = LogOutline(base: header.base, hardState: header.hardState)
    }

    /// Reads a segment that another follows: all of it was synced before the other began.
    mutating func scan(
        _ bytes: [UInt8], of header: SegmentHeader, file: FileHandle, before next: SegmentHeader
    ) throws(WALError) {
        try begin(header, file: file)
        let seed = LogRecord.seed(of: header.number)
        var offset = SegmentHeader.bytes
        while offset < next.previousEnd {
            let record = LogRecord.decode(bytes, at: offset, in: header.number, seed: seed)
            guard let record, record.previous == chain, record.end <= next.previousEnd else {
                throw .damaged(header.number, offset: offset, .record)
            }
            try apply(record, at: offset, in: bytes)
            offset = record.end
        }
        guard offset == next.previousEnd, chain == next.previousChecksum else {
            throw .damaged(header.number, offset: offset, .wrongEnd)
        }
        guard !baseIsLive || outline.last == next.base, outline.hardState == next.hardState else {
            throw .damaged(next.number, offset: 0, .disorder)
        }
    }

    /// Reads the newest segment up to its first unsound record. That is the log's end, unless a
    /// later record states that more was synced: then it is damage.
    mutating func scanNewest(
        _ bytes: [UInt8], of header: SegmentHeader, file: FileHandle
    ) throws(WALError) {
        try begin(header, file: file)
        let seed = LogRecord.seed(of: header.number)
        var offset = SegmentHeader.bytes
        while let record = LogRecord.decode(bytes, at: offset, in: header.number, seed: seed),
            record.previous == chain
        {
            try apply(record, at: offset, in: bytes)
            offset = record.end
        }
        guard
            Mutant.damageTakenForTail.isPlanted
                || !Self.states(bytes, syncedBeyond: offset, in: header.number, seed: seed)
        else {
            throw .damaged(header.number, offset: offset, .record)
        }
    }

    /// Whether a sound record behind `end` states that the segment was synced beyond `end`.
    private static func states(
        _ bytes: [UInt8], syncedBeyond end: Int, in number: SegmentNumber, seed: UInt32
    ) -> Bool {
        for offset in stride(from: end + 8, to: bytes.count - LogRecord.headBytes + 1, by: 8)
        where LogRecord.mayStart(at: offset, of: bytes) {
            let record = LogRecord.decode(bytes, at: offset, in: number, seed: seed)
            if let record, record.synced > end { return true }
        }
        return false
    }

    private mutating func begin(_ header: SegmentHeader, file: FileHandle) throws(WALError) {
        segments.append(Segment(number: header.number, file: file, base: header.base))
        chain = header.checksum
    }

    private mutating func apply(
        _ record: LogRecord, at offset: Int, in bytes: [UInt8]
    ) throws(WALError) {
        let current = segments.count - 1
        let disorder = WALError.damaged(segments[current].number, offset: offset, .disorder)
        switch record.kind {
        case .mark: break
        case .hardState:
            guard let state = record.hardState(in: bytes), outline.precedes(state) else {
                throw disorder
            }
            outline.hardState = state
        case .truncation:
            guard let index = record.truncation(in: bytes), index > .zero else { throw disorder }
            truncate(from: index)
        case .entry:
            guard let head = record.entryHead(in: bytes) else { throw disorder }
            // Without a base there is nothing to compare with, and the scan will begin again.
            if baseIsLive {
                guard outline.precedes(head.position) else { throw disorder }
                outline.append(head.position)
                segments[current].append(
                    head.position.index,
                    at: EntryPlace(offset: offset, dataBytes: head.data.count))
            }
        }
        segments[current].end = record.end
        chain = record.checksum
    }

    private mutating func truncate(from index: LogIndex) {
        guard index > outline.base.index else {
            baseIsLive = false
            return
        }
        outline.truncate(from: index)
        for segment in segments.indices { segments[segment].truncate(from: index) }
    }
}
