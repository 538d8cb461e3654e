import Synchronization

/// A number that only rises, for any thread to add to.
package final class Counter: Sendable {
    private let count = Atomic<UInt64>(0)

    package init() {}

    /// One atomic add.
    package func add(_ amount: UInt64 = 1) {
        count.add(amount, ordering: .relaxed)
    }

    /// Shows a count that its one owner keeps elsewhere, and that only rises.
    package func show(_ total: UInt64) {
        count.store(total, ordering: .relaxed)
    }

    /// What has been added so far.
    package var value: UInt64 { count.load(ordering: .relaxed) }
}

/// A level that any thread may set or move.
package final class Gauge: Sendable {
    private let level = Atomic<Int64>(0)

    package init() {}

    /// Replaces the level.
    package func set(_ value: Int64) {
        level.store(value, ordering: .relaxed)
    }

    /// Raises the level, or lowers it by a negative amount, in one atomic add.
    package func add(_ amount: Int64) {
        level.add(amount, ordering: .relaxed)
    }

    /// The level now.
    package var value: Int64 { level.load(ordering: .relaxed) }
}
