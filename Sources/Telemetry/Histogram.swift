import Synchronization

/// How durations are spread over fixed buckets, for any thread to add to.
package final class Histogram: Sendable {
    /// The buckets' upper bounds (inclusive) in nanoseconds; one more bucket takes the rest.
    package static let bounds: [UInt64] = [
        1_000_000, 2_500_000, 5_000_000, 10_000_000, 25_000_000, 50_000_000, 100_000_000,
        250_000_000, 500_000_000, 1_000_000_000, 2_000_000_000, 5_000_000_000,
    ]

    private let buckets = InlineArray<13, Atomic<UInt64>> { _ in Atomic(0) }
    private let sum = Atomic<UInt64>(0)

    package init() {}

    /// Counts one duration: a short scan and two atomic adds.
    package func observe(nanoseconds: UInt64) {
        var bucket = 0
        while bucket < Self.bounds.count && nanoseconds > Self.bounds[bucket] { bucket += 1 }
        buckets[bucket].add(1, ordering: .relaxed)
        sum.add(nanoseconds, ordering: .relaxed)
    }

    /// The durations counted so far. A duration added meanwhile may be missing from one of its
    /// parts, as in any histogram read without a lock.
    package func snapshot() -> HistogramSnapshot {
        var cumulative: [UInt64] = []
        var total: UInt64 = 0
        for bucket in buckets.indices {
            total += buckets[bucket].load(ordering: .relaxed)
            cumulative.append(total)
        }
        return HistogramSnapshot(
            cumulativeCounts: cumulative, sumNanoseconds: sum.load(ordering: .relaxed))
    }
}

/// A histogram at one moment.
package struct HistogramSnapshot: Hashable, Sendable {
    /// For each bound the durations up to it, then all of them.
    package let cumulativeCounts: [UInt64]
    /// The durations added up.
    package let sumNanoseconds: UInt64
    /// How many durations there were.
    package var count: UInt64 { cumulativeCounts.last ?? 0 }
}
