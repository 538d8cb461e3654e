import Glibc

/// What this process uses of the machine.
package enum ProcessUsage {
    /// Processor time of the whole process, user and system, in nanoseconds.
    package static func processCPUNanoseconds() -> UInt64 {
        nanoseconds(of: CLOCK_PROCESS_CPUTIME_ID)
    }

    /// Processor time of the calling thread, user and system, in nanoseconds.
    package static func threadCPUNanoseconds() -> UInt64 {
        nanoseconds(of: CLOCK_THREAD_CPUTIME_ID)
    }

    /// Bytes of memory that are resident: the second field of `/proc/self/statm` (proc(5)).
    package static func residentBytes() throws(SystemError) -> Int {
        let path = "/proc/self/statm"
        let descriptor = Descriptor(
            owning: try checked("open \(path)") { open(path, O_RDONLY | O_CLOEXEC) })
        let number = descriptor.rawValue
        var text = [UInt8](repeating: 0, count: 128)
        let count = try checked("read \(path)") { read(number, &text, text.count) }
        let fields = String(decoding: text[..<count], as: UTF8.self).split(separator: " ")
        guard fields.count > 1, let pages = Int(fields[1]) else {
            throw SystemError(operation: "parse \(path)", errno: EINVAL)
        }
        return pages * sysconf(Int32(_SC_PAGESIZE))
    }

    /// Raises the limit of open descriptors to the most that the process may have, and returns it.
    package static func raiseDescriptorLimit() throws(SystemError) -> Int {
        var limit = rlimit()
        try checked("getrlimit") { getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) }
        limit.rlim_cur = limit.rlim_max
        try checked("setrlimit") { setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) }
        return Int(clamping: limit.rlim_cur)
    }
}
