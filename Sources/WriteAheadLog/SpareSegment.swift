package import Primitives
import Raft
import Wire

/// A file made ready to become the next segment. Zeros are written ahead because appending to a
/// growing file costs several times as much per sync; one that is only half ready is used as it is.
/// Its bytes never matter: until its header is written they are not a segment's, and after that no
/// record of another segment passes.
enum SpareSegment {
    static let fileName = "next.spare"

    case none
    case zeroing(FileHandle, bytes: Int)
    case ready(FileHandle)

    var file: FileHandle? {
        switch self {
        case .none: nil
        case .zeroing(let file, _), .ready(let file): file
        }
    }
}

/// How far the spare segment is.
package enum SpareProgress: Hashable, Sendable {
    /// Call again when idle.
    case more
    case ready
    /// The disk refused, as when it is nearly full. The log itself goes on; ask again later.
    case refused(DiskError)
}

extension WriteAheadLog {
    /// One bounded step towards a spare segment: a write of zeros and a sync. To be called when
    /// nothing waits to be appended, until it answers `ready`.
    package mutating func prepareSpare() throws(WALError) -> SpareProgress {
        try requireRunning()
        do throws(DiskError) {
            switch spare {
            case .ready: return .ready
            case .none:
                spare = .zeroing(
                    try disk.open(path(SpareSegment.fileName), mode: .create), bytes: 0)
                return .more
            case .zeroing(let file, let bytes):
                let step = min(options.zeroStepBytes, options.segmentBytes - bytes)
                try disk.write(file, at: bytes, [UInt8](repeating: 0, count: step))
                try disk.sync(file)
                let isDone = bytes + step == options.segmentBytes
                spare = isDone ? .ready(file) : .zeroing(file, bytes: bytes + step)
                return isDone ? .ready : .more
            }
        } catch {
            return .refused(error)
        }
    }

    /// Ends the current segment and begins the next. Everything before is synced first, so that
    /// the next segment's existence states that this one is whole.
    mutating func rollOver() throws(DiskError) {
        try flush()
        let ended = segments[segments.count - 1]
        let header = SegmentHeader(
            identity: identity, number: ended.number.next, base: outline.last,
            hardState: outline.hardState, previousEnd: ended.end, previousChecksum: chain)
        let file = try Self.install(
            header, spare: spare.file, in: directory, disk: &disk)
        spare = .none
        segments.append(Segment(number: header.number, file: file, base: header.base))
        chain = header.checksum
        seed = LogRecord.seed(of: header.number)
        synced = SegmentHeader.bytes
    }

    /// Writes the header into the spare file and names it a segment. A segment's name thus never
    /// stands on a file without its header, whatever moment the power fails.
    static func install(
        _ header: SegmentHeader, spare: FileHandle?, in directory: String, disk: inout D
    ) throws(DiskError) -> FileHandle {
        let sparePath = directory + "/" + SpareSegment.fileName
        let file: FileHandle
        if let spare { file = spare } else { file = try disk.open(sparePath, mode: .create) }
        try disk.write(file, at: 0, header.encoded)
        try disk.sync(file)
        try disk.rename(sparePath, to: directory + "/" + header.number.fileName)
        try disk.sync(directory: directory)
        return file
    }

    func path(_ name: String) -> String { directory + "/" + name }
}
