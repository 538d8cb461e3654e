import Primitives
import SystemIO

/// Tells another program how far a run is: a file of one line, always of the same length, which is
/// written over in one piece.
final class ProgressFile {
    private var disk = PosixDisk()
    private let file: FileHandle
    private var shown: Int?

    /// Makes the file, or takes over one that is there.
    init(_ path: String) throws(BenchError) {
        do throws(DiskError) {
            do throws(DiskError) {
                file = try disk.open(path, mode: .create)
            } catch {
                file = try disk.open(path, mode: .existing)
            }
            try disk.write(file, at: 0, Self.line(0))
        } catch {
            throw .file(path, reason: "\(error)")
        }
    }

    /// Shows the done share in thousandths, when it has changed. A line that can't be written is
    /// dropped: the run is more important.
    func show(perMille: Int) {
        guard perMille != shown else { return }
        shown = perMille
        try? disk.write(file, at: 0, Self.line(perMille))
    }

    private static func line(_ perMille: Int) -> [UInt8] {
        let digits = String(min(max(perMille, 0), 1_000))
        return Array((String(repeating: "0", count: 4 - digits.count) + digits + "\n").utf8)
    }
}
