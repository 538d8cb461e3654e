import NodeCore
import Primitives
import Testing

/// The leader's stamp by itself.
@Suite struct LogClockTests {
    private static func at(_ milliseconds: UInt64) -> MonotonicTime {
        MonotonicTime(nanoseconds: milliseconds * 1_000_000)
    }

    @Test func aReignStartsAtTheLaterOfLastStampAndMedian() {
        let late = LogClock(lastStamp: WallTime(500), median: WallTime(200), at: Self.at(9))
        #expect(late.stamp(at: Self.at(9)) == WallTime(500))
        let early = LogClock(lastStamp: WallTime(500), median: WallTime(700), at: Self.at(9))
        #expect(early.stamp(at: Self.at(9)) == WallTime(700))
    }

    @Test func theStampGoesOnByTheMonotonicClock() {
        let clock = LogClock(lastStamp: .zero, median: WallTime(1_000), at: Self.at(50))
        #expect(clock.stamp(at: Self.at(50 + 3_600_000)) == WallTime(3_601_000))
        #expect(clock.stamp(at: Self.at(10)) == WallTime(1_000))
    }

    @Test func theStampIsBentByAtMostOnePercent() {
        for (median, gained) in [(WallTime(9_000_000), 1_010), (WallTime(0), 990)] {
            var clock = LogClock(
                lastStamp: .zero, median: WallTime(1_000_000), at: Self.at(0))
            clock.aim(at: median, now: Self.at(0))
            var last = clock.stamp(at: Self.at(0))
            for tick in stride(from: 10, through: 1_000, by: 10) {
                clock.aim(at: median + Milliseconds(Int64(tick)), now: Self.at(UInt64(tick)))
                let stamp = clock.stamp(at: Self.at(UInt64(tick)))
                #expect(stamp >= last)
                last = stamp
            }
            #expect(last == WallTime(1_000_000 + Int64(gained)))
        }
    }

    @Test func delaysOnTheWayDoNotBendIt() {
        var clock = LogClock(lastStamp: .zero, median: WallTime(1_000), at: Self.at(0))
        for tick in stride(from: 10, through: 1_000, by: 10) as StrideThrough<Int64> {
            clock.aim(at: WallTime(1_000 + tick - 5), now: Self.at(UInt64(tick)))
        }
        #expect(clock.stamp(at: Self.at(1_000)) == WallTime(2_000))
    }

    @Test func aLongPauseCountsInFull() {
        var clock = LogClock(lastStamp: .zero, median: WallTime(0), at: Self.at(0))
        clock.aim(at: WallTime(1_000_000), now: Self.at(0))
        #expect(clock.stamp(at: Self.at(60_000)) == WallTime(60_600))
    }

    @Test func theOnlyClockIsFollowedForwardAndItsStepIsTold() {
        var clock = LogClock(lastStamp: .zero, median: WallTime(1_000), at: Self.at(0))
        #expect(clock.follow(WallTime(1_100), now: Self.at(100)) == nil)
        #expect(clock.follow(WallTime(5_200), now: Self.at(200)) == .seconds(4))
        #expect(clock.stamp(at: Self.at(200)) == WallTime(5_200))
        #expect(clock.follow(WallTime(100), now: Self.at(300)) == nil)
        #expect(clock.stamp(at: Self.at(300)) == WallTime(5_300))
    }
}

/// What peers' clocks say.
@Suite struct ClockSampleTests {
    private static func now(_ milliseconds: Int64) -> Instant {
        Instant(
            monotonic: MonotonicTime(nanoseconds: UInt64(milliseconds) * 1_000_000),
            wall: WallTime(1_000_000 + milliseconds))
    }

    private static func samples(_ count: Int) -> ClockSamples {
        ClockSamples(
            peers: (2...count).map { NodeID(UInt16($0)) }, skewMax: Milliseconds(500))
    }

    @Test func aSingleClockAgreesWithItself() {
        let samples = ClockSamples(peers: [], skewMax: Milliseconds(500))
        #expect(samples.agreement(at: Self.now(0)) == .agreed(offset: .zero))
    }

    @Test func aQuorumMustHaveBeenHeardLately() {
        var samples = Self.samples(3)
        #expect(samples.agreement(at: Self.now(0)) == .unknown)
        samples.record(Self.now(0).wall, from: NodeID(2), at: Self.now(0).monotonic)
        #expect(samples.agreement(at: Self.now(1)) == .agreed(offset: .zero))
        #expect(samples.agreement(at: Self.now(11_000)) == .unknown)
    }

    @Test func theLeastDelayedOfRecentSamplesCounts() {
        var samples = Self.samples(2)
        for (tick, delay) in zip(0..., [300, 20, 700, 90] as [Int64]) {
            let now = Self.now(Int64(tick) * 10)
            samples.record(now.wall + Milliseconds(-delay), from: NodeID(2), at: now.monotonic)
        }
        #expect(samples.agreement(at: Self.now(50)) == .agreed(offset: Milliseconds(-20)))
    }

    @Test func aJumpOfThePeersClockIsSeenAfterAFewSamples() {
        var samples = Self.samples(2)
        for tick in 0..<8 as Range<Int64> {
            samples.record(Self.now(tick).wall, from: NodeID(2), at: Self.now(tick).monotonic)
        }
        for tick in 8..<16 as Range<Int64> {
            let clock = Self.now(tick).wall + Milliseconds(-3_000)
            samples.record(clock, from: NodeID(2), at: Self.now(tick).monotonic)
        }
        #expect(
            samples.agreement(at: Self.now(20))
                == .disagreed(offset: Milliseconds(-3_000)))
    }

    @Test func aJumpOfTheOwnClockIsSeenAtOnce() {
        var samples = Self.samples(3)
        for peer in [2, 3] as [UInt16] {
            samples.record(Self.now(0).wall, from: NodeID(peer), at: Self.now(0).monotonic)
        }
        var jumped = Self.now(1)
        jumped.wall = jumped.wall + .seconds(3_600)
        #expect(samples.agreement(at: jumped) == .disagreed(offset: .seconds(-3_600)))
        #expect(samples.agreement(at: Self.now(2)) == .agreed(offset: .zero))
    }

    @Test func theMedianOfAQuorumCounts() {
        var samples = Self.samples(5)
        for (peer, offset) in [(2, 100), (3, -400), (4, 9_000)] as [(UInt16, Int64)] {
            let clock = Self.now(0).wall + Milliseconds(offset)
            samples.record(clock, from: NodeID(peer), at: Self.now(0).monotonic)
        }
        #expect(samples.agreement(at: Self.now(0)) == .agreed(offset: .zero))
    }

    @Test func strangersClocksAreIgnored() {
        var samples = Self.samples(3)
        samples.record(Self.now(0).wall, from: NodeID(9), at: Self.now(0).monotonic)
        #expect(samples.agreement(at: Self.now(0)) == .unknown)
    }
}
