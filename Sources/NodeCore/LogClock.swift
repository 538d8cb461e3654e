package import Primitives

/// The leader's stamp: the one clock that decides expiries. It goes on from the last stamp by the
/// monotonic clock, bent by at most 1% toward the quorum's median wall clock, and never goes back.
package struct LogClock: Sendable {
    private var nanoseconds: Int64
    private var readAt: MonotonicTime
    private var slewPerMille: Int64 = 0

    private static let slewPerMilleMax: Int64 = 10
    /// Differences below this are left alone: they are delays on the way, not drift.
    private static let slewDeadband = Milliseconds(5)

    /// Starts a reign: not before any stamp in the log, and not before the quorum's median.
    package init(lastStamp: WallTime, median: WallTime, at now: MonotonicTime) {
        let start = Mutant.stampGoesBack.isPlanted ? median : max(lastStamp, median)
        nanoseconds = start.rawValue * 1_000_000
        readAt = now
    }

    /// The stamp that an entry proposed now would get.
    package func stamp(at now: MonotonicTime) -> WallTime {
        WallTime(advanced(to: now) / 1_000_000)
    }

    /// Aims at the quorum's median from here on.
    package mutating func aim(at median: WallTime, now: MonotonicTime) {
        nanoseconds = advanced(to: now)
        readAt = max(readAt, now)
        let error = median - WallTime(nanoseconds / 1_000_000)
        if error > Self.slewDeadband {
            slewPerMille = Self.slewPerMilleMax
        } else if error < Milliseconds(-Self.slewDeadband.rawValue) {
            slewPerMille = -Self.slewPerMilleMax
        } else {
            slewPerMille = 0
        }
    }

    /// A single node's clock is the only one there is: follows it forward at once.
    /// - Returns: how far it stepped, when that was more than slewing would explain.
    package mutating func follow(_ wall: WallTime, now: MonotonicTime) -> Milliseconds? {
        let before = stamp(at: now)
        nanoseconds = max(advanced(to: now), wall.rawValue * 1_000_000)
        readAt = max(readAt, now)
        let step = wall - before
        return step > .seconds(1) ? step : nil
    }

    private func advanced(to now: MonotonicTime) -> Int64 {
        guard now > readAt else { return nanoseconds }
        let elapsed = Int64(now.nanoseconds - readAt.nanoseconds)
        return nanoseconds + elapsed + elapsed / 1_000 * slewPerMille
    }
}
