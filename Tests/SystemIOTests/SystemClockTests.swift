import Primitives
import SystemIO
import Testing

@Suite struct SystemClockTests {
    @Test func theMonotonicClockNeverGoesBack() {
        let readings = (0..<1_000).map { _ in SystemClock.monotonicNow() }
        #expect(readings == readings.sorted())
    }

    @Test func theWallClockCountsFrom1970() {
        // After 2025, before 2200.
        let now = SystemClock.wallNow()
        #expect(now > WallTime(1_735_689_600_000) && now < WallTime(7_258_118_400_000))
    }
}
