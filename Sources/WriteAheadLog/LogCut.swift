package import Primitives
import Raft

extension WriteAheadLog {
    /// Removes whole segments that hold only entries below `index`, which must not be needed any
    /// more by any shard or snapshot; `base` says how far it came. One removed file becomes the
    /// spare segment if there is none. The term and vote stand in the next segment's header.
    package mutating func cut(below index: LogIndex) throws(WALError) {
        let oldestKept = segments.lastIndex {
            $0.baseIsLive && $0.base.index < index && $0.base.index >= outline.base.index
        }
        guard let oldestKept, oldestKept > 0 else { return try requireRunning() }
        try stopping { (log) throws(DiskError) in
            for _ in 0..<oldestKept { try log.removeOldest() }
            log.outline.cut(to: log.segments[0].base)
        }
    }

    /// Each removal is synced before the next, so that a crash leaves no gap in the sequence.
    private mutating func removeOldest() throws(DiskError) {
        let oldest = segments.removeFirst()
        let size = try disk.size(oldest.file)
        if case .none = spare, size >= options.segmentBytes {
            try disk.rename(path(oldest.number.fileName), to: path(SpareSegment.fileName))
            spare = .ready(oldest.file)
        } else {
            try disk.remove(path(oldest.number.fileName))
            disk.close(oldest.file)
        }
        try disk.sync(directory: directory)
    }
}
