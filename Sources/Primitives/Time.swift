// Three kinds of time that must not be mixed: spans, the log's clock, and a process's own clock.

/// A span of time in milliseconds.
@usableFromInline package struct Milliseconds: Hashable, Comparable, Sendable {
    @usableFromInline package var rawValue: Int64
    @inlinable package init(_ rawValue: Int64) { self.rawValue = rawValue }
    @inlinable package static var zero: Milliseconds { Milliseconds(0) }
    /// Whole seconds as milliseconds.
    @inlinable package static func seconds(_ count: Int64) -> Milliseconds {
        Milliseconds(count * 1_000)
    }
    @inlinable package static func < (a: Milliseconds, b: Milliseconds) -> Bool {
        a.rawValue < b.rawValue
    }
    @inlinable package static func + (a: Milliseconds, b: Milliseconds) -> Milliseconds {
        Milliseconds(a.rawValue + b.rawValue)
    }
    @inlinable package static func - (a: Milliseconds, b: Milliseconds) -> Milliseconds {
        Milliseconds(a.rawValue - b.rawValue)
    }
}

/// Wall-clock time in milliseconds since 1970-01-01T00:00:00Z. In the log it is the leader's
/// stamp, which never goes back; elsewhere it is what one machine believes.
@usableFromInline package struct WallTime: Hashable, Comparable, Sendable {
    @usableFromInline package var rawValue: Int64
    @inlinable package init(_ rawValue: Int64) { self.rawValue = rawValue }
    @inlinable package static var zero: WallTime { WallTime(0) }
    @inlinable package static func < (a: WallTime, b: WallTime) -> Bool { a.rawValue < b.rawValue }
    @inlinable package static func + (a: WallTime, b: Milliseconds) -> WallTime {
        WallTime(a.rawValue + b.rawValue)
    }
    @inlinable package static func - (a: WallTime, b: WallTime) -> Milliseconds {
        Milliseconds(a.rawValue - b.rawValue)
    }
}

/// A process's monotonic clock in nanoseconds; comparable only within one process's life.
@usableFromInline package struct MonotonicTime: Hashable, Comparable, Sendable {
    @usableFromInline package var nanoseconds: UInt64
    @inlinable package init(nanoseconds: UInt64) { self.nanoseconds = nanoseconds }
    @inlinable package static var zero: MonotonicTime { MonotonicTime(nanoseconds: 0) }
    @inlinable package static func < (a: MonotonicTime, b: MonotonicTime) -> Bool {
        a.nanoseconds < b.nanoseconds
    }
    @inlinable package static func + (a: MonotonicTime, b: Milliseconds) -> MonotonicTime {
        MonotonicTime(nanoseconds: a.nanoseconds + UInt64(b.rawValue) * 1_000_000)
    }
    /// Whole milliseconds from `earlier` to this time; zero when `earlier` is later.
    @inlinable package func milliseconds(since earlier: MonotonicTime) -> Milliseconds {
        guard nanoseconds > earlier.nanoseconds else { return .zero }
        return Milliseconds(Int64((nanoseconds - earlier.nanoseconds) / 1_000_000))
    }
}
