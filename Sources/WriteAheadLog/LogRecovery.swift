import Primitives
import Raft
import Wire

/// The steps from files to a log that can be appended to.
struct LogRecovery<D: Disk> {
    /// A segment's file, opened, and its sound header.
    struct Found {
        var header: SegmentHeader
        var file: FileHandle
    }

    /// The newest segment's file and its bytes.
    struct Newest {
        var file: FileHandle
        var bytes: [UInt8]
    }

    /// Zeros are written in pieces of this size, where something else stands.
    private static var pieceBytes: Int { 1_024 * 1_024 }

    var disk: D
    let directory: String
    let identity: NodeIdentity

    /// All segments, oldest first, without a gap.
    mutating func findSegments() throws(WALError) -> [Found] {
        var found: [Found] = []
        for number in try segmentNumbers() {
            let (file, bytes) = try onDisk { () throws(DiskError) in
                let file = try disk.open(directory + "/" + number.fileName, mode: .existing)
                return (file, try disk.read(file, at: 0, count: SegmentHeader.bytes))
            }
            let header = try SegmentHeader.decode(bytes, of: number, expecting: identity)
            if let before = found.last, before.header.number.next != number {
                throw .damaged(number, offset: 0, .previousSegmentMissing)
            }
            found.append(Found(header: header, file: file))
        }
        guard !found.isEmpty else { throw .missing }
        return found
    }

    private mutating func segmentNumbers() throws(WALError) -> [SegmentNumber] {
        try onDisk { () throws(DiskError) in try disk.list(directory: directory) }
            .compactMap { SegmentNumber(fileName: $0) }.sorted()
    }

    /// Reads the segments. When the oldest can't be the log's beginning, because an interrupted cut
    /// has removed what it rests on, the one after it is tried.
    mutating func scan(_ found: [Found]) throws(WALError) -> (LogScan, Newest) {
        for oldest in found.indices {
            if let scanned = try scan(found[oldest...]) { return scanned }
        }
        throw .damaged(found[0].header.number, offset: 0, .previousSegmentMissing)
    }

    /// Nil when the log can't begin with the first of these segments.
    private mutating func scan(
        _ found: ArraySlice<Found>
    ) throws(WALError) -> (LogScan, Newest)? {
        var scan = LogScan(oldest: found[found.startIndex].header)
        for index in found.indices {
            let (header, file) = (found[index].header, found[index].file)
            let bytes = try onDisk { () throws(DiskError) in
                try disk.read(file, at: 0, count: try disk.size(file))
            }
            if index + 1 == found.endIndex {
                try scan.scanNewest(bytes, of: header, file: file)
                return scan.baseIsLive ? (scan, Newest(file: file, bytes: bytes)) : nil
            }
            try scan.scan(bytes, of: header, file: file, before: found[index + 1].header)
            guard scan.baseIsLive else { return nil }
        }
        return nil
    }

    /// Overwrites everything behind the log's end with zeros, so that no stale record can follow
    /// records that are yet to be written, and makes the segment durable.
    mutating func cutTail(of newest: Newest, at end: Int) throws(WALError) {
        try onDisk { () throws(DiskError) in
            for start in stride(from: end, to: newest.bytes.count, by: Self.pieceBytes) {
                let piece = newest.bytes[start..<min(start + Self.pieceBytes, newest.bytes.count)]
                guard piece.contains(where: { $0 != 0 }) else { continue }
                try disk.write(newest.file, at: start, [UInt8](repeating: 0, count: piece.count))
            }
            try disk.sync(newest.file)
        }
    }

    /// Removes what an interrupted preparation or cut has left, oldest first.
    mutating func removeLeftovers(before oldest: SegmentNumber) throws(WALError) {
        try onDisk { () throws(DiskError) in
            for name in try disk.list(directory: directory) {
                let number = SegmentNumber(fileName: name)
                let isLeftover = number.map { $0 < oldest } ?? (name == SpareSegment.fileName)
                guard isLeftover else { continue }
                try disk.remove(directory + "/" + name)
                try disk.sync(directory: directory)
            }
            try disk.sync(directory: directory)
        }
    }
}

extension LogScan {
    /// Refuses a log that lacks an entry known to be committed, or one that is yet to be applied.
    func requireReaching(_ committed: LogIndex) throws(WALError) {
        let newest = segments[segments.count - 1]
        guard outline.lastIndex >= committed else {
            throw .damaged(newest.number, offset: newest.end, .committedEntryMissing(committed))
        }
        guard outline.base.index <= committed else {
            throw .damaged(
                segments[0].number, offset: 0, .uncommittedEntryMissing(committed.next))
        }
    }
}
