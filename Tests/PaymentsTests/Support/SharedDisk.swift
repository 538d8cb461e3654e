import Primitives
import Simulation

/// A simulated disk that outlives the provider that uses it.
struct SharedDisk: Disk {
    final class Medium {
        var disk: SimulatedDisk
        init(_ disk: SimulatedDisk) { self.disk = disk }
    }

    let medium: Medium

    init(_ disk: SimulatedDisk = SimulatedDisk()) { medium = Medium(disk) }

    /// A copy of the medium as it is now, for another provider.
    var copy: SharedDisk { SharedDisk(medium.disk) }

    mutating func list(directory: String) throws(DiskError) -> [String] {
        try medium.disk.list(directory: directory)
    }
    mutating func makeDirectory(_ path: String) throws(DiskError) {
        try medium.disk.makeDirectory(path)
    }
    mutating func open(_ path: String, mode: DiskOpenMode) throws(DiskError) -> FileHandle {
        try medium.disk.open(path, mode: mode)
    }
    mutating func close(_ file: FileHandle) { medium.disk.close(file) }
    mutating func size(_ file: FileHandle) throws(DiskError) -> Int {
        try medium.disk.size(file)
    }
    mutating func read(
        _ file: FileHandle, at offset: Int, count: Int
    ) throws(DiskError) -> [UInt8] {
        try medium.disk.read(file, at: offset, count: count)
    }
    mutating func write(
        _ file: FileHandle, at offset: Int, _ bytes: [UInt8]
    ) throws(DiskError) {
        try medium.disk.write(file, at: offset, bytes)
    }
    mutating func sync(_ file: FileHandle) throws(DiskError) { try medium.disk.sync(file) }
    mutating func rename(_ from: String, to: String) throws(DiskError) {
        try medium.disk.rename(from, to: to)
    }
    mutating func remove(_ path: String) throws(DiskError) { try medium.disk.remove(path) }
    mutating func sync(directory: String) throws(DiskError) {
        try medium.disk.sync(directory: directory)
    }
}
