import Primitives

/// How spans of time are spread, at a fixed relative precision: buckets as wide as 1/128 of their
/// values, in a table that is small enough for the cache where latencies fall. The layout is that
/// of HdrHistogram (Tene): linear up to 256 ns, then 128 buckets for each doubling.
struct LatencyHistogram: Sendable {
    private static let stepBits = 7
    private static let steps = 1 << stepBits

    private var counts = [UInt64](repeating: 0, count: (64 - stepBits + 1) * steps)
    /// How many spans were recorded.
    private(set) var count: UInt64 = 0
    /// The longest of them, exactly.
    private(set) var longest = Nanoseconds.zero

    mutating func record(_ span: Nanoseconds) {
        counts[Self.bucket(of: span)] += 1
        count += 1
        if span > longest { longest = span }
    }

    /// The span that `perMille` of 1,000 do not exceed, to within a bucket's width and never below
    /// the truth; zero when nothing was recorded.
    func quantile(perMille: UInt64) -> Nanoseconds {
        invariant((1...1_000).contains(perMille), "a quantile of \(perMille)/1,000")
        // The rank of the span that is asked for, from 1 on, rounded up.
        let rank = (count * perMille + 999) / 1_000
        var seen: UInt64 = 0
        for (bucket, inBucket) in counts.enumerated() where inBucket > 0 {
            seen += inBucket
            if seen >= rank { return min(Self.upperBound(of: bucket), longest) }
        }
        return .zero
    }

    /// Values below two rows of steps have buckets of their own; after that each doubling has
    /// `steps` of them.
    static func bucket(of span: Nanoseconds) -> Int {
        let value = span.rawValue
        guard value >= UInt64(2 * steps) else { return Int(value) }
        let shift = UInt64.bitWidth - value.leadingZeroBitCount - stepBits - 1
        return shift * steps + Int(value >> UInt64(shift))
    }

    /// The largest span that falls into a bucket.
    static func upperBound(of bucket: Int) -> Nanoseconds {
        guard bucket >= 2 * steps else { return Nanoseconds(UInt64(bucket)) }
        let shift = bucket / steps - 1
        let step = UInt64(bucket - shift * steps)
        return Nanoseconds((step << UInt64(shift)) + ((1 << UInt64(shift)) - 1))
    }
}

/// The figures of a histogram that a report shows.
struct LatencySummary: Hashable, Sendable {
    let p50: Nanoseconds
    let p95: Nanoseconds
    let p99: Nanoseconds
    let p999: Nanoseconds
    let longest: Nanoseconds

    init(_ histogram: LatencyHistogram) {
        p50 = histogram.quantile(perMille: 500)
        p95 = histogram.quantile(perMille: 950)
        p99 = histogram.quantile(perMille: 990)
        p999 = histogram.quantile(perMille: 999)
        longest = histogram.longest
    }

    /// Such as `p50 2.91  p95 5.20  p99 8.11  p99.9 14.02  max 31.20`, in milliseconds.
    var text: String {
        "p50 \(p50.millisecondsText)  p95 \(p95.millisecondsText)  p99 \(p99.millisecondsText)  "
            + "p99.9 \(p999.millisecondsText)  max \(longest.millisecondsText)"
    }
}
