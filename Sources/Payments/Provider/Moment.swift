import Primitives
import SystemIO

/// One moment on both clocks: the wall's is written down, the monotonic one is waited by, so that
/// a wall clock that jumps neither hastens nor delays a payment.
struct Moment {
    var wall: WallTime
    var monotonic: MonotonicTime

    static func now() -> Moment {
        Moment(wall: SystemClock.wallNow(), monotonic: SystemClock.monotonicNow())
    }
}
