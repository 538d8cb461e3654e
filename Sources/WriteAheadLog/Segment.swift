import Primitives
import Raft

/// One file of the log, as memory knows it.
struct Segment {
    let number: SegmentNumber
    let file: FileHandle
    let base: LogPosition
    /// The index of the first live entry here, that of `entries[0]`.
    private(set) var first: LogIndex
    /// Where each live entry is; the others here were truncated later.
    private(set) var entries: [EntryPlace] = []
    /// Whether `base` still is an entry of the log. A truncation at or below it, in this segment or
    /// a later one, ends that for good; then the log can't begin here.
    private(set) var baseIsLive = true
    /// Where the next record goes.
    var end: Int = SegmentHeader.bytes

    init(number: SegmentNumber, file: FileHandle, base: LogPosition) {
        self.number = number
        self.file = file
        self.base = base
        first = base.index.next
    }

    /// The index after the last live entry.
    var endIndex: LogIndex { first.advanced(by: entries.count) }

    mutating func append(_ index: LogIndex, at place: EntryPlace) {
        if entries.isEmpty { first = index }
        invariant(index == endIndex, "entry \(index) after \(endIndex) in \(number)")
        entries.append(place)
    }

    mutating func truncate(from index: LogIndex) {
        if index <= base.index { baseIsLive = false }
        guard index < endIndex else { return }
        let kept = index > first ? index.distance(from: first) : 0
        entries.removeSubrange(kept...)
    }
}

/// Where an entry's record starts, and how much data the entry has: 8 bytes an entry.
struct EntryPlace {
    var offset: UInt32
    var dataBytes: UInt32

    init(offset: Int, dataBytes: Int) {
        self.offset = UInt32(offset)
        self.dataBytes = UInt32(dataBytes)
    }

    /// The bytes of the segment that hold the record.
    var range: Range<Int> {
        Int(offset)..<Int(offset) + LogRecord.entryBytes(data: Int(dataBytes))
    }
}
