import Primitives
import Testing

@testable import Bench

struct GapMeterTests {
    private var meter = GapMeter()

    private func at(_ milliseconds: UInt64) -> MonotonicTime {
        MonotonicTime(nanoseconds: milliseconds * 1_000_000)
    }

    private func span(_ milliseconds: UInt64) -> Nanoseconds {
        Nanoseconds(milliseconds * 1_000_000)
    }

    @Test mutating func theGapRunsFromSuccessToSuccess() {
        meter.ask(at: at(0))
        meter.ask(at: at(1))
        meter.success(at: at(10))
        meter.answer(at: at(10))
        meter.ask(at: at(12))
        meter.success(at: at(50))
        meter.answer(at: at(50))
        #expect(meter.longest == span(40))
    }

    @Test mutating func timeInWhichNobodyAsksDoesNotCount() {
        meter.ask(at: at(0))
        meter.success(at: at(5))
        meter.answer(at: at(5))
        meter.ask(at: at(1_000))
        meter.success(at: at(1_007))
        meter.answer(at: at(1_007))
        #expect(meter.longest == span(7))
    }

    @Test mutating func aRefusalDoesNotEndAGap() {
        meter.ask(at: at(0))
        meter.ask(at: at(0))
        meter.answer(at: at(20))
        meter.ask(at: at(20))
        meter.success(at: at(90))
        #expect(meter.longest == span(90))
    }

    @Test mutating func theLastRefusalOfAllEndsIt() {
        meter.ask(at: at(0))
        meter.answer(at: at(30))
        #expect(meter.longest == span(30))
    }

    @Test mutating func aSuccessOfAnotherKindCountsToo() {
        meter.ask(at: at(0))
        meter.success(at: at(40))
        meter.success(at: at(70))
        meter.success(at: at(80))
        meter.answer(at: at(80))
        #expect(meter.longest == span(40))
    }

    @Test mutating func nothingCountsAfterTheEnd() {
        meter.ask(at: at(0))
        meter.close(at: at(15))
        meter.success(at: at(500))
        meter.answer(at: at(500))
        meter.ask(at: at(600))
        meter.close(at: at(900))
        #expect(meter.longest == span(15))
    }
}
