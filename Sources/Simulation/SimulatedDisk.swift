package import Primitives

/// A disk in memory that can do to its files what power loss does to real ones. What was written
/// lies in a volatile layer until it is synced; a crash keeps any part of it, sector by sector, and
/// any of the directory changes that were not synced. It is a value: a copy is a snapshot.
///
/// A failed sync behaves as Linux does (Rebello et al., ATC 2020): the data stays readable, is
/// never written, and the next sync succeeds.
package struct SimulatedDisk: Disk, Sendable {
    package static let sectorBytes = 512

    /// Files by number; names refer to them.
    var files: [Int32: SimulatedFile] = [:]
    var names = SimulatedDirectory()
    private var nextFile: Int32 = 1
    /// What goes wrong, and when.
    package var faults: SimulatedFaults

    /// An empty disk.
    package init(faults: SimulatedFaults = SimulatedFaults()) { self.faults = faults }

    /// Operations that change something, or make it durable, so far.
    package var operations: Int { faults.operations }

    package mutating func list(directory: String) throws(DiskError) -> [String] {
        guard let listed = names.list(directory) else {
            throw DiskError(operation: "list", path: directory, errno: Errno.noEntry)
        }
        return listed
    }

    package mutating func makeDirectory(_ path: String) throws(DiskError) {
        try faults.step("mkdir", path)
        names.makeDirectory(path)
        try faults.finish("mkdir", path)
    }

    package mutating func open(
        _ path: String, mode: DiskOpenMode
    ) throws(DiskError) -> FileHandle {
        switch mode {
        case .existing:
            guard let file = names.files[path] else {
                throw DiskError(operation: "open", path: path, errno: Errno.noEntry)
            }
            return FileHandle(file)
        case .create:
            guard names.files[path] == nil else {
                throw DiskError(operation: "open", path: path, errno: Errno.exists)
            }
            guard names.hasDirectory(of: path) else {
                throw DiskError(operation: "open", path: path, errno: Errno.noEntry)
            }
            try faults.step("create", path)
            let file = nextFile
            nextFile += 1
            files[file] = SimulatedFile(path: path)
            names.link(path, to: file)
            try faults.finish("create", path)
            return FileHandle(file)
        }
    }

    package mutating func close(_ file: FileHandle) {
        invariant(files[file.rawValue] != nil, "closing a file that is not open")
    }

    package mutating func size(_ file: FileHandle) throws(DiskError) -> Int {
        opened(file).content.count
    }

    package mutating func read(
        _ file: FileHandle, at offset: Int, count: Int
    ) throws(DiskError) -> [UInt8] {
        let content = opened(file).content
        guard offset < content.count else { return [] }
        return Array(content[offset..<min(content.count, offset + count)])
    }

    package mutating func write(
        _ file: FileHandle, at offset: Int, _ bytes: [UInt8]
    ) throws(DiskError) {
        let path = opened(file).path
        try faults.step("write", path)
        let size = opened(file).content.count
        let growth = max(0, offset + bytes.count - size)
        let room = faults.room(for: growth, used: usedBytes)
        let taken = room < growth ? max(0, size + room - offset) : bytes.count
        files[file.rawValue]?.write(bytes[..<min(taken, bytes.count)], at: offset)
        guard taken >= bytes.count else {
            throw DiskError(operation: "write", path: path, errno: Errno.noSpace)
        }
        try faults.finish("write", path)
    }

    package mutating func sync(_ file: FileHandle) throws(DiskError) {
        let path = opened(file).path
        do {
            try faults.step("sync", path)
        } catch {
            if !faults.isPowerLost { files[file.rawValue]?.forgetUnsynced() }
            throw error
        }
        // Power that fails during a sync leaves it to the crash what was saved.
        if !faults.losesPowerNow { files[file.rawValue]?.sync() }
        try faults.finish("sync", path)
    }

    package mutating func rename(_ from: String, to: String) throws(DiskError) {
        guard names.files[from] != nil else {
            throw DiskError(operation: "rename", path: from, errno: Errno.noEntry)
        }
        try faults.step("rename", from)
        names.rename(from, to: to)
        try faults.finish("rename", from)
    }

    package mutating func remove(_ path: String) throws(DiskError) {
        guard names.files[path] != nil else {
            throw DiskError(operation: "remove", path: path, errno: Errno.noEntry)
        }
        try faults.step("remove", path)
        names.unlink(path)
        try faults.finish("remove", path)
    }

    package mutating func sync(directory: String) throws(DiskError) {
        try faults.step("sync directory", directory)
        if !faults.losesPowerNow { names.sync(directory) }
        try faults.finish("sync directory", directory)
    }

    private var usedBytes: Int {
        names.files.values.reduce(0) { $0 + (files[$1]?.content.count ?? 0) }
    }

    private func opened(_ file: FileHandle) -> SimulatedFile {
        guard let opened = files[file.rawValue] else {
            invariantFailure("file handle \(file.rawValue) was never opened")
        }
        return opened
    }
}
