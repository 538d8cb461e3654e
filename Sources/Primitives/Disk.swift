/// An open file's handle, as the disk that opened it numbers it.
package struct FileHandle: Hashable, Sendable {
    package var rawValue: Int32
    package init(_ rawValue: Int32) { self.rawValue = rawValue }
}

/// What a disk answers when it refuses: the operation, the path, and the system's error number.
package struct DiskError: Error, Hashable, Sendable, CustomStringConvertible {
    package var operation: String
    package var path: String
    package var errno: Int32
    package init(operation: String, path: String, errno: Int32) {
        self.operation = operation
        self.path = path
        self.errno = errno
    }
    package var description: String { "\(operation) \(path): \(words) (errno \(errno))" }

    /// What a person can do something about, of Linux's errno(3): strerror(3) is out of reach here.
    private var words: String {
        switch errno {
        case 2: "No such file or directory"
        case 5: "Input/output error: the disk fails"
        case 13: "Permission denied: give it to the node's user"
        case 17: "File exists"
        case 20: "Not a directory"
        case 21: "Is a directory"
        case 24: "Too many open files: raise the limit"
        case 28: "No space left on device: make room"
        case 30: "Read-only file system"
        case 122: "Disk quota exceeded: make room"
        default: "refused"
        }
    }
}

/// The few file operations that storage needs, so that a simulated disk can run the same code.
/// Paths are absolute or relative to the process. Calls block. After an error from `sync` or
/// `write` the caller must treat the file's contents as unknown and end the process: the kernel
/// may have marked the pages clean (Rebello et al., ATC 2020).
package protocol Disk {
    /// File names (not paths) in the directory, sorted.
    mutating func list(directory: String) throws(DiskError) -> [String]
    /// Makes the directory and its missing parents.
    mutating func makeDirectory(_ path: String) throws(DiskError)
    /// Opens for reading and writing; with `.create` the file must not exist.
    mutating func open(_ path: String, mode: DiskOpenMode) throws(DiskError) -> FileHandle
    mutating func close(_ file: FileHandle)
    /// Bytes of the file.
    mutating func size(_ file: FileHandle) throws(DiskError) -> Int
    /// Reads up to `count` bytes at `offset`; fewer only at the end of the file.
    mutating func read(_ file: FileHandle, at offset: Int, count: Int) throws(DiskError) -> [UInt8]
    /// Writes every byte at `offset`.
    mutating func write(
        _ file: FileHandle, at offset: Int, _ bytes: [UInt8]
    ) throws(DiskError)
    /// Makes what was written durable (`fdatasync`).
    mutating func sync(_ file: FileHandle) throws(DiskError)
    mutating func rename(_ from: String, to: String) throws(DiskError)
    mutating func remove(_ path: String) throws(DiskError)
    /// Makes the directory's entries durable (`fsync` on the directory).
    mutating func sync(directory: String) throws(DiskError)
}

/// Whether a file must exist, or must not.
package enum DiskOpenMode: Sendable {
    case existing
    case create
}
