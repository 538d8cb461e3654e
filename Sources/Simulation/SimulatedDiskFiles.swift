import Primitives

/// A file's bytes: what reads see, what a crash can't take, and the writes in between.
struct SimulatedFile: Sendable {
    private struct Write: Sendable {
        var offset: Int
        var bytes: ArraySlice<UInt8>
    }

    /// The name it was created by, for error messages.
    let path: String
    private(set) var content: [UInt8] = []
    private var durable: [UInt8] = []
    private var unsynced: [Write] = []

    init(path: String) { self.path = path }

    mutating func write(_ bytes: ArraySlice<UInt8>, at offset: Int) {
        guard !bytes.isEmpty else { return }
        Self.apply(bytes, at: offset, to: &content)
        unsynced.append(Write(offset: offset, bytes: bytes))
    }

    mutating func sync() {
        for write in unsynced { Self.apply(write.bytes, at: write.offset, to: &durable) }
        unsynced.removeAll()
    }

    /// A failed sync: the pages are marked clean and will not be written.
    mutating func forgetUnsynced() { unsynced.removeAll() }

    mutating func flip(bit: Int) {
        content[bit / 8] ^= 1 << UInt8(bit % 8)
        if bit / 8 < durable.count { durable[bit / 8] ^= 1 << UInt8(bit % 8) }
    }

    /// Keeps of each unsynced write those sectors that the crash chooses.
    mutating func crash(_ crash: inout SimulatedCrash) {
        let sectorBytes = SimulatedDisk.sectorBytes
        for write in unsynced {
            let end = write.offset + write.bytes.count
            var start = write.offset
            while start < end {
                let sectorEnd = min(end, (start / sectorBytes + 1) * sectorBytes)
                if crash.keeps() {
                    let first = write.bytes.startIndex - write.offset
                    Self.apply(
                        write.bytes[first + start..<first + sectorEnd], at: start, to: &durable)
                }
                start = sectorEnd
            }
        }
        unsynced.removeAll()
        content = durable
    }

    private static func apply(_ bytes: ArraySlice<UInt8>, at offset: Int, to target: inout [UInt8])
    {
        let end = offset + bytes.count
        if target.count < end {
            target.append(contentsOf: repeatElement(0, count: end - target.count))
        }
        target.replaceSubrange(offset..<end, with: bytes)
    }
}

/// The names on the disk: what is seen, what a crash can't take, and the changes in between.
struct SimulatedDirectory: Sendable {
    private enum Change: Sendable {
        case directory(String)
        case link(String, Int32)
        case unlink(String)
        case rename(from: String, to: String, Int32)

        /// The directory that must be synced for this change to last.
        var directory: String {
            switch self {
            case .directory(let path), .link(let path, _), .unlink(let path),
                .rename(_, let path, _):
                SimulatedDirectory.parent(of: path)
            }
        }
    }

    private struct Tree: Sendable {
        var files: [String: Int32] = [:]
        var directories: [String] = ["."]

        /// Whether the directory and all above it are there.
        func reaches(_ directory: String) -> Bool {
            var path = directory
            while path != "." {
                guard directories.contains(path) else { return false }
                path = SimulatedDirectory.parent(of: path)
            }
            return true
        }

        mutating func apply(_ change: Change) {
            switch change {
            case .directory(let path):
                if !directories.contains(path) { directories.append(path) }
            case .link(let path, let file): files[path] = file
            case .unlink(let path): files[path] = nil
            case .rename(let from, let to, let file):
                files[from] = nil
                files[to] = file
            }
        }
    }

    private var seen = Tree()
    private var durable = Tree()
    private var unsynced: [Change] = []

    /// File numbers by path.
    var files: [String: Int32] { seen.files }

    func list(_ directory: String) -> [String]? {
        guard seen.directories.contains(directory) else { return nil }
        return seen.files.keys.filter { Self.parent(of: $0) == directory }
            .map { String($0.dropFirst(directory == "." ? 0 : directory.count + 1)) }.sorted()
    }

    func hasDirectory(of path: String) -> Bool {
        seen.directories.contains(Self.parent(of: path))
    }

    mutating func makeDirectory(_ path: String) {
        guard !seen.directories.contains(path) else { return }
        makeDirectory(Self.parent(of: path))
        record(.directory(path))
    }

    mutating func link(_ path: String, to file: Int32) { record(.link(path, file)) }
    mutating func unlink(_ path: String) { record(.unlink(path)) }

    mutating func rename(_ from: String, to: String) {
        invariant(
            Self.parent(of: from) == Self.parent(of: to), "a rename between directories: \(from)")
        guard let file = seen.files[from] else { invariantFailure("no file \(from)") }
        record(.rename(from: from, to: to, file))
    }

    mutating func sync(_ directory: String) {
        for change in unsynced where change.directory == directory { durable.apply(change) }
        unsynced.removeAll { $0.directory == directory }
    }

    /// Keeps those unsynced changes that the crash chooses; what lies in a lost directory is lost.
    mutating func crash(_ crash: inout SimulatedCrash) {
        for change in unsynced where crash.keeps() { durable.apply(change) }
        unsynced.removeAll()
        let tree = durable
        durable.directories.removeAll { !tree.reaches($0) }
        durable.files = tree.files.filter { tree.reaches(Self.parent(of: $0.key)) }
        seen = durable
    }

    private mutating func record(_ change: Change) {
        seen.apply(change)
        unsynced.append(change)
    }

    private static func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return String(path[..<slash])
    }
}
