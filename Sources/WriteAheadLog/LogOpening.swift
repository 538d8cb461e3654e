package import Primitives
package import Raft
package import Wire

extension WriteAheadLog {
    /// Makes the directory and an empty log in it, when a node is initialised: from then on a log
    /// that is not there was lost. Interrupted, it leaves no log and may be called again.
    package static func create(
        disk: inout D, directory: String, identity: NodeIdentity
    ) throws(WALError) {
        let names = try onDisk { () throws(DiskError) in
            try disk.makeDirectory(directory)
            try disk.sync(directory: parent(of: directory))
            return try disk.list(directory: directory)
        }
        guard !names.contains(where: { SegmentNumber(fileName: $0) != nil }) else {
            throw .exists
        }
        try onDisk { () throws(DiskError) in
            if names.contains(SpareSegment.fileName) {
                try disk.remove(directory + "/" + SpareSegment.fileName)
            }
            let header = SegmentHeader(
                identity: identity, number: .first, base: .zero, hardState: .initial,
                previousEnd: 0, previousChecksum: 0)
            disk.close(try install(header, spare: nil, in: directory, disk: &disk))
        }
    }

    /// Reads the log back, cuts a torn tail off, and makes durable what it found: a process that
    /// was killed may have left it in the page cache only. Entries up to `committed` are known to
    /// be committed, as the shards' files state. Damage and mismatches are found before anything is
    /// changed. The log has the disk from then on.
    package static func open(
        disk: inout D, directory: String, identity: NodeIdentity, options: WALOptions,
        committed: LogIndex
    ) throws(WALError) -> (log: WriteAheadLog, restored: RestoredLog) {
        var recovery = LogRecovery(disk: disk, directory: directory, identity: identity)
        defer { disk = recovery.disk }
        let found = try recovery.findSegments()
        let (scan, newest) = try recovery.scan(found)
        try scan.requireReaching(committed)
        try recovery.cutTail(of: newest, at: scan.segments[scan.segments.count - 1].end)
        try recovery.removeLeftovers(before: scan.segments[0].number)
        var log = WriteAheadLog(
            disk: recovery.disk, directory: directory, identity: identity, options: options,
            outline: scan.outline, segments: scan.segments, chain: scan.chain)
        let restored = try log.restored(committed: committed)
        return (log, restored)
    }

    /// What Raft starts from: the newest entries, and all those not known to be committed.
    private mutating func restored(committed: LogIndex) throws(WALError) -> RestoredLog {
        var start = outline.lastIndex.next
        var room = options.tailBytesMax
        scan: for segment in segments.reversed() {
            for place in segment.entries.reversed() {
                room -= Int(place.dataBytes)
                guard room >= 0 || start > committed.next else { break scan }
                start = start.previous
            }
        }
        return RestoredLog(
            hardState: outline.hardState, base: outline.base, termRuns: outline.termRuns,
            last: outline.last, tail: try read(from: start, bytesMax: .max),
            committed: committed)
    }

    private static func parent(of directory: String) -> String {
        guard let slash = directory.lastIndex(of: "/") else { return "." }
        return slash == directory.startIndex ? "/" : String(directory[..<slash])
    }
}

/// Runs what needs the disk before there is a log to stop.
func onDisk<Result>(
    _ body: () throws(DiskError) -> Result
) throws(WALError) -> Result {
    do {
        return try body()
    } catch {
        throw .disk(error)
    }
}
