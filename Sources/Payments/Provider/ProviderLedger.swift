import Glibc
import HTTPProtocol
import Primitives

/// The book on disk: a line for each turn's records, synced before any of them is told to anybody.
/// A line that a crash cut short was never told. It is dropped, and it can only be the last: the
/// next one is not written before it is safe. Any other bad line is damage, and the provider does
/// not start: its money can no longer be counted.
struct ProviderLedger<Store: Disk> {
    private var disk: Store
    private let file: FileHandle
    private var end: Int
    /// Records for the next line, with commas between them.
    private var pending: [UInt8] = []
    /// How much of an untold line was dropped at the start.
    let tornBytes: Int

    /// Opens or makes `directory/ledger.jsonl` and reads it. The directory is this process's own.
    init(
        disk: consuming Store, directory: String, reading apply: (ProviderBook.Record) -> Void
    ) throws(ProviderError) {
        let bytes: [UInt8]
        do throws(DiskError) {
            file = try Self.open(directory, on: &disk)
            bytes = try disk.read(file, at: 0, count: try disk.size(file))
        } catch {
            throw .disk(error)
        }
        let sound = try LedgerLine.read(bytes, of: "\(directory)/\(ledgerName)", apply)
        end = bytes.count
        tornBytes = end - sound
        do throws(DiskError) {
            if tornBytes > 0 {
                // Blanks instead: readers of lines skip them. If these are torn too, what is left
                // fails its checksum.
                let blanks = [UInt8](repeating: UInt8(ascii: " "), count: tornBytes - 1)
                try disk.write(file, at: sound, blanks + [UInt8(ascii: "\n")])
                try disk.sync(file)
            }
        } catch {
            throw .disk(error)
        }
        self.disk = disk
    }

    private static func open(
        _ directory: String, on disk: inout Store
    ) throws(DiskError) -> FileHandle {
        try disk.makeDirectory(directory)
        let exists = try disk.list(directory: directory).contains(ledgerName)
        let file = try disk.open(
            "\(directory)/\(ledgerName)", mode: exists ? .existing : .create)
        try syncNames(upFrom: directory, on: &disk)
        return file
    }

    /// Makes the file's name durable, and those of the directories that lead to it. Also of a file
    /// that was there: whoever made it may have been killed just then. A directory that may not be
    /// read was not made by us, nor were those above it.
    private static func syncNames(
        upFrom directory: String, on disk: inout Store
    ) throws(DiskError) {
        try disk.sync(directory: directory)
        var path = directory
        while let parent = parent(of: path) {
            do throws(DiskError) {
                try disk.sync(directory: parent)
            } catch {
                guard error.errno == EACCES else { throw error }
                return
            }
            path = parent
        }
    }

    /// Nil of `/` and `.`.
    private static func parent(of directory: String) -> String? {
        var path = Substring(directory)
        while path.count > 1, path.last == "/" { path.removeLast() }
        if path == "/" || path == "." { return nil }
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// Queues a record for the next `commit`.
    mutating func append(_ record: ProviderBook.Record) {
        if !pending.isEmpty { pending.append(UInt8(ascii: ",")) }
        pending.appendJSONObject { record.write(to: &$0) }
    }

    /// Makes what was queued durable, with one write and one sync. After an error the file's
    /// contents are unknown: the process must end, and tell nobody.
    mutating func commit() throws(ProviderError) {
        guard !pending.isEmpty else { return }
        let line = LedgerLine.line(of: pending)
        do throws(DiskError) {
            try disk.write(file, at: end, line)
            try disk.sync(file)
        } catch {
            throw .disk(error)
        }
        end += line.count
        pending.removeAll(keepingCapacity: true)
    }
}

private let ledgerName = "ledger.jsonl"
