import Primitives
import SystemIO

/// Tells on standard error how a run goes, so that nobody wonders whether it still does.
final class Progress {
    private let write: (String) -> Void
    private let startedAt: MonotonicTime
    private var lastAt: MonotonicTime
    private var lastCount = 0

    /// - Parameter write: takes whole lines; standard error by default.
    init(write: @escaping (String) -> Void = { writeToStandardError(Array($0.utf8)) }) {
        self.write = write
        startedAt = SystemClock.monotonicNow()
        lastAt = startedAt
    }

    /// What a line of the running count is made from.
    struct Tick {
        fileprivate let span: Nanoseconds
        fileprivate let lastCount: Int
        fileprivate(set) var count: Int

        /// How fast a count has grown since the last line.
        mutating func perSecond(_ count: Int) -> Int {
            self.count = count
            return rate(max(count - lastCount, 0), in: span)
        }
    }

    /// Says something now.
    func show(_ text: String) {
        let seconds = Nanoseconds(from: startedAt, to: SystemClock.monotonicNow()).rawValue
        write("\(seconds / 1_000_000_000) s  \(text)\n")
    }

    /// To be called often: once a second it says what `text` makes of the tick.
    func tick(_ text: (inout Tick) -> String) {
        let now = SystemClock.monotonicNow()
        let span = Nanoseconds(from: lastAt, to: now)
        guard span.rawValue >= 1_000_000_000 else { return }
        var tick = Tick(span: span, lastCount: lastCount, count: lastCount)
        show(text(&tick))
        lastCount = tick.count
        lastAt = now
    }
}
