import Primitives
import Raft
import Simulation
import Wire
@testable import WriteAheadLog

/// A log on a simulated disk, with small segments.
enum LogFixture {
    static let directory = "node-1/wal"
    static let identity = NodeIdentity(
        cluster: ClusterID(0xC1), group: .first, node: NodeID(1), incarnation: Incarnation(77))
    static let options = WALOptions(segmentBytes: 2_048, tailBytesMax: 500, zeroStepBytes: 600)

    typealias Log = WriteAheadLog<SimulatedDisk>

    /// A disk with an empty, initialised log.
    static func disk() throws -> SimulatedDisk {
        var disk = SimulatedDisk()
        try disk.makeDirectory("node-1")
        try disk.sync(directory: ".")
        try Log.create(disk: &disk, directory: directory, identity: identity)
        return disk
    }

    static func open(
        _ disk: SimulatedDisk, committed: LogIndex = .zero, options: WALOptions = options
    ) throws(WALError) -> (log: Log, restored: RestoredLog) {
        var disk = disk
        return try Log.open(
            disk: &disk, directory: directory, identity: identity, options: options,
            committed: committed)
    }

    static func newLog(options: WALOptions = options) throws -> Log {
        try open(try disk(), options: options).log
    }

    /// A new log whose disk loses its power during the `operations`th operation from here.
    static func newLog(losingPowerAfter operations: Int) throws -> Log {
        var log = try newLog()
        log.losePower(after: operations)
        return log
    }

    static func entry(_ index: UInt64, term: UInt64 = 1, bytes: Int = 20) -> Entry {
        Entry(
            index: LogIndex(index), term: Term(term), kind: bytes == 0 ? .noop : .commands,
            data: [UInt8](repeating: UInt8(truncatingIfNeeded: index &* 31 &+ term), count: bytes))
    }

    static func entries(
        _ range: ClosedRange<UInt64>, term: UInt64 = 1, bytes: Int = 20
    ) -> [Entry] {
        range.map { entry($0, term: term, bytes: bytes) }
    }

    static func write(
        _ id: UInt64, term: UInt64? = nil, vote: UInt16? = nil, truncateFrom: UInt64? = nil,
        _ entries: [Entry] = []
    ) -> LogWrite {
        LogWrite(
            id: WriteID(id),
            hardState: term.map { HardState(term: Term($0), vote: vote.map { NodeID($0) }) },
            truncateFrom: truncateFrom.map { LogIndex($0) }, entries: entries)
    }

    static func path(ofSegment number: UInt64) -> String {
        directory + "/" + SegmentNumber(number).fileName
    }

    /// The segments' paths, oldest first.
    static func segmentPaths(on disk: SimulatedDisk) throws -> [String] {
        var disk = disk
        return try disk.list(directory: directory).filter { $0.hasSuffix(".wal") }
            .map { directory + "/" + $0 }
    }
}

extension WriteAheadLog {
    /// Appends one write and syncs it.
    mutating func commit(_ write: LogWrite) throws(WALError) {
        append(write)
        _ = try sync()
    }

    /// Every entry that the log holds.
    mutating func allEntries() throws(WALError) -> [Entry] {
        try read(from: base.index.next, bytesMax: .max)
    }
}

extension WriteAheadLog where D == SimulatedDisk {
    /// The power fails during the `operations`th operation from here.
    mutating func losePower(after operations: Int) {
        disk.faults.losesPowerAt = disk.operations + operations
    }

    /// The `operations`th operation from here is refused.
    mutating func refuse(after operations: Int, errno: Int32) {
        disk.faults.failures.append(
            SimulatedFaults.Failure(operation: disk.operations + operations, errno: errno))
    }
}
