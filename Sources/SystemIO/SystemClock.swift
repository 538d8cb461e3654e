import Glibc
package import Primitives

/// The machine's two clocks. Each reading is a vDSO call of about 25 ns.
package enum SystemClock {
    /// Time since some start, never set back (`CLOCK_MONOTONIC`); it stands still in suspend.
    package static func monotonicNow() -> MonotonicTime {
        MonotonicTime(nanoseconds: nanoseconds(of: CLOCK_MONOTONIC))
    }

    /// What this machine believes the time of day to be (`CLOCK_REALTIME`); it may jump.
    package static func wallNow() -> WallTime {
        WallTime(Int64(nanoseconds(of: CLOCK_REALTIME) / 1_000_000))
    }
}

/// The reading of a clock_gettime(2) clock in nanoseconds.
func nanoseconds(of clock: Int32) -> UInt64 {
    var time = timespec()
    let result = clock_gettime(clock, &time)
    invariant(result == 0, "clock \(clock) is not readable: errno \(errno)")
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
}
