import Primitives
import Testing

@testable import Bench

struct LatencyHistogramTests {
    /// Every span's bucket ends at or above it, and less than 1/128 above it.
    @Test(arguments: [
        0, 1, 127, 128, 255, 256, 257, 511, 512, 1_000, 65_535, 65_536, 123_456_789,
        9_876_543_210, UInt64(1) << 62, .max,
    ])
    func bucketsAreNarrow(value: UInt64) {
        let bucket = LatencyHistogram.bucket(of: Nanoseconds(value))
        let upper = LatencyHistogram.upperBound(of: bucket).rawValue
        #expect(upper >= value)
        #expect(upper - value <= value / 128)
    }

    @Test func bucketsFollowOneAnotherWithoutGaps() {
        for bucket in 0..<7_000 {
            let upper = LatencyHistogram.upperBound(of: bucket)
            #expect(LatencyHistogram.bucket(of: upper) == bucket)
            #expect(LatencyHistogram.bucket(of: Nanoseconds(upper.rawValue + 1)) == bucket + 1)
        }
    }

    @Test func quantilesOfOneToAThousand() {
        var histogram = LatencyHistogram()
        for value in (1...1_000).reversed() { histogram.record(Nanoseconds(UInt64(value))) }
        #expect(histogram.count == 1_000)
        #expect(histogram.longest == Nanoseconds(1_000))
        for (perMille, exact) in [(500, 500), (950, 950), (990, 990), (999, 999), (1_000, 1_000)] {
            let quantile = histogram.quantile(perMille: UInt64(perMille)).rawValue
            #expect(quantile >= UInt64(exact))
            #expect(quantile <= UInt64(exact + exact / 128))
        }
    }

    @Test func quantilesAreThoseOfTheSortedSpans() {
        var random = PRNG(seed: 7)
        var histogram = LatencyHistogram()
        var spans: [UInt64] = []
        for _ in 0..<5_000 {
            let span = random.next() >> (random.next(below: 50) + 10)
            spans.append(span)
            histogram.record(Nanoseconds(span))
        }
        spans.sort()
        for perMille in [1, 250, 500, 900, 990, 999, 1_000] {
            let exact = spans[(5_000 * perMille + 999) / 1_000 - 1]
            let quantile = histogram.quantile(perMille: UInt64(perMille)).rawValue
            #expect(quantile >= exact && quantile - exact <= exact / 128)
        }
    }

    @Test func theRarestQuantileIsNeverBeyondTheLongest() {
        var histogram = LatencyHistogram()
        histogram.record(Nanoseconds(1_000_001))
        let summary = LatencySummary(histogram)
        #expect(summary.p50 == Nanoseconds(1_000_001))
        #expect(summary.p999 == summary.longest)
    }

    @Test func nothingRecordedIsZero() {
        let summary = LatencySummary(LatencyHistogram())
        #expect(summary.p50 == .zero && summary.longest == .zero)
        #expect(summary.text == "p50 0.00  p95 0.00  p99 0.00  p99.9 0.00  max 0.00")
    }
}
