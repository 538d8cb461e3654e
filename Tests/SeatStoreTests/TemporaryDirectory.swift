import Foundation

/// A directory of one test's own, removed with the value.
final class TemporaryDirectory {
    let path: String

    init() throws {
        path =
            FileManager.default.temporaryDirectory
            .appendingPathComponent("seatstore-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func file(_ name: String) -> String { "\(path)/\(name)" }

    /// The database and its WAL as a crash would leave them; the shared memory does not survive.
    /// `walBytes` cuts the copied WAL short.
    func copyAsAfterCrash(_ name: String, to other: TemporaryDirectory, walBytes: Int? = nil) throws
    {
        let data = try Data(contentsOf: URL(fileURLWithPath: file(name)))
        try data.write(to: URL(fileURLWithPath: other.file(name)))
        let wal = try Data(contentsOf: URL(fileURLWithPath: file("\(name)-wal")))
        try wal.prefix(walBytes ?? wal.count)
            .write(to: URL(fileURLWithPath: other.file("\(name)-wal")))
    }

    func size(_ name: String) throws -> Int {
        try Data(contentsOf: URL(fileURLWithPath: file(name))).count
    }
}
