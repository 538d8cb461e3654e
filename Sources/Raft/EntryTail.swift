import Primitives

extension Entry {
    /// What an entry costs besides its data, in memory and in a message; an upper bound.
    package static let overheadBytes = 32

    /// The entry's share of every limit in bytes.
    package var bytes: Int { data.count + Self.overheadBytes }
}

/// The newest entries of a log, consecutive, in memory. Grows and is cut at the back, and gives up
/// its oldest entries at the front.
struct EntryTail: Sendable {
    /// Slots before `head` are given up and hold no data.
    private var slots: [Entry]
    private var head = 0
    private(set) var bytes: Int
    /// The index after the newest entry.
    private(set) var end: LogIndex

    init(_ entries: [Entry], end: LogIndex) {
        slots = entries
        bytes = entries.reduce(0) { $0 + $1.bytes }
        self.end = end
    }

    /// The oldest entry's index; `end` when there is none.
    var first: LogIndex { LogIndex(end.rawValue - UInt64(slots.count - head)) }

    func contains(_ index: LogIndex) -> Bool { index >= first && index < end }

    /// Must be within the tail, or empty at its end.
    subscript(from: LogIndex, upTo: LogIndex) -> ArraySlice<Entry> {
        slots[slot(of: from)..<slot(of: upTo)]
    }

    mutating func append(_ entry: Entry) {
        slots.append(entry)
        bytes += entry.bytes
        end = end.next
    }

    mutating func truncate(from index: LogIndex) {
        while end > index {
            if let entry = slots.count > head ? slots.popLast() : nil { bytes -= entry.bytes }
            end = end.previous
        }
    }

    /// Gives up the oldest entry. Must not be empty.
    mutating func dropFirst() {
        let vacant = Entry(index: .zero, term: .zero, kind: .noop, data: [])
        bytes -= slots[head].bytes
        slots[head] = vacant
        head += 1
        // Moving the rest is paid for by as many drops before.
        if head >= 64, head * 2 >= slots.count {
            slots.removeFirst(head)
            head = 0
        }
    }

    /// As many entries from `from` on as fit, but at least one; empty at the end of the log.
    func batch(from: LogIndex, bytesMax: Int) -> [Entry] {
        let start = slot(of: from)
        var (stop, size) = (start, 0)
        while stop < slots.count {
            size += slots[stop].bytes
            if size > bytesMax, stop > start { break }
            stop += 1
        }
        return Array(slots[start..<stop])
    }

    private func slot(of index: LogIndex) -> Int {
        invariant(index >= first && index <= end, "\(index) outside \(first)..<\(end)")
        return slots.count - end.distance(from: index)
    }
}
