package import Primitives
package import Raft

extension WriteAheadLog {
    /// Entries from `index` on, in order, as many as fit `bytesMax` with 40 bytes of overhead each,
    /// but at least one; none when the log ends before `index`. Throws `compacted` when they were
    /// cut away, and `damaged` when the medium no longer holds what was written.
    package mutating func read(
        from index: LogIndex, bytesMax: Int
    ) throws(WALError) -> [Entry] {
        try requireRunning()
        guard index > outline.base.index else { throw .compacted(outline.base) }
        var entries: [Entry] = []
        var next = index
        var budget = bytesMax
        while let window = window(from: next, bytesMax: budget, mustAdvance: entries.isEmpty) {
            try read(window, into: &entries)
            next = next.advanced(by: window.places.count)
            budget -= window.range.count
        }
        return entries
    }

    /// Consecutive entries that lie near one another in one segment.
    private struct Window {
        var segment: Int
        var first: LogIndex
        var places: ArraySlice<EntryPlace>
        /// From the first record's start to the last one's end.
        var range: Range<Int>
    }

    private func window(from index: LogIndex, bytesMax: Int, mustAdvance: Bool) -> Window? {
        let holder = segments.lastIndex { !$0.entries.isEmpty && $0.first <= index }
        guard let holder, index < segments[holder].endIndex else { return nil }
        let segment = segments[holder]
        let start = index.distance(from: segment.first)
        var range = segment.entries[start].range
        guard mustAdvance || range.count <= bytesMax else { return nil }
        var end = start + 1
        while end < segment.entries.count,
            segment.entries[end].range.upperBound - range.lowerBound <= bytesMax
        {
            range = range.lowerBound..<segment.entries[end].range.upperBound
            end += 1
        }
        return Window(
            segment: holder, first: index, places: segment.entries[start..<end], range: range)
    }

    private mutating func read(
        _ window: Window, into entries: inout [Entry]
    ) throws(WALError) {
        let segment = segments[window.segment]
        let seed = LogRecord.seed(of: segment.number)
        let bytes: [UInt8]
        do {
            bytes = try disk.read(
                segment.file, at: window.range.lowerBound, count: window.range.count)
        } catch {
            throw .disk(error)
        }
        var index = window.first
        for place in window.places {
            let record = LogRecord.decode(
                bytes, at: place.range.lowerBound - window.range.lowerBound, in: segment.number,
                seed: seed)
            guard let record, let head = record.entryHead(in: bytes), head.position.index == index
            else {
                throw .damaged(segment.number, offset: place.range.lowerBound, .record)
            }
            entries.append(
                Entry(
                    index: index, term: head.position.term, kind: head.kind,
                    data: Array(bytes[head.data])))
            index = index.next
        }
    }
}
