import Glibc
import SystemIO

/// The number of a process, as the system knows it.
struct ProcessNumber: Hashable, Sendable {
    var rawValue: Int
    init(_ rawValue: Int) { self.rawValue = rawValue }

    /// The processor time that it has used, all of its threads, user and system. Nil when it is
    /// not there.
    var processorTime: Nanoseconds? {
        guard let stat = try? readFile("/proc/\(rawValue)/stat"),
            let ticks = Self.ticks(inStat: stat)
        else { return nil }
        return Nanoseconds(ticks * (1_000_000_000 / UInt64(sysconf(Int32(_SC_CLK_TCK)))))
    }

    /// `utime` and `stime`, fields 14 and 15 of `/proc/pid/stat` (proc(5)). The command, field 2,
    /// stands in brackets and may hold blanks and brackets itself.
    static func ticks(inStat stat: [UInt8]) -> UInt64? {
        guard let bracket = stat.lastIndex(of: UInt8(ascii: ")")) else { return nil }
        let fields = stat[(bracket + 1)...].split(separator: UInt8(ascii: " "))
        let numbers = fields.dropFirst(11).prefix(2).compactMap {
            UInt64(String(decoding: $0, as: UTF8.self))
        }
        return numbers.count == 2 ? numbers[0] + numbers[1] : nil
    }
}
