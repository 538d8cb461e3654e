import Primitives
import Testing

@testable import SystemIO

@Suite struct TimerTests {
    @Test func timersFireInTheOrderOfTheirDeadlinesAndOfSchedulingWhenEqual() throws {
        let loop = try makeLoop()
        var fired: [String] = []
        loop.schedule(after: Milliseconds(6)) { fired.append("late") }
        loop.schedule(after: Milliseconds(2)) { fired.append("early, first") }
        loop.schedule(after: Milliseconds(2)) { fired.append("early, second") }
        loop.schedule(after: .zero) { fired.append("at once") }
        loop.run(until: { fired.count == 4 })
        #expect(fired == ["at once", "early, first", "early, second", "late"])
    }

    @Test func aTimerNeverFiresEarly() throws {
        let loop = try makeLoop()
        let start = loop.now
        var firedAt: MonotonicTime?
        loop.schedule(after: Milliseconds(15)) { firedAt = loop.now }
        loop.run(until: { firedAt != nil })
        #expect(try #require(firedAt) >= start + Milliseconds(15))
    }

    @Test func aCancelledTimerDoesNotFire() throws {
        let loop = try makeLoop()
        var fired: [String] = []
        let first = loop.schedule(after: .zero) { fired.append("cancelled before the turn") }
        var third: TimerID?
        loop.schedule(after: .zero) {
            if let third { loop.cancel(third) }
            fired.append("second")
        }
        third = loop.schedule(after: .zero) { fired.append("cancelled in the turn") }
        loop.cancel(first)
        loop.turn(waitingAtMost: .zero)
        #expect(fired == ["second"])
    }

    @Test func cancellingATimerThatFiredTouchesNoOther() throws {
        let loop = try makeLoop()
        var fired: [String] = []
        let first = loop.schedule(after: .zero) { fired.append("first") }
        loop.turn(waitingAtMost: .zero)
        loop.schedule(after: .zero) { fired.append("in the same place") }
        loop.cancel(first)
        loop.cancel(first)
        loop.turn(waitingAtMost: .zero)
        #expect(fired == ["first", "in the same place"])
    }

    @Test func aTimerScheduledByATimerWaitsForTheNextTurn() throws {
        let loop = try makeLoop()
        var fired = 0
        func again() {
            fired += 1
            loop.schedule(after: .zero, again)
        }
        loop.schedule(after: .zero, again)
        loop.turn(waitingAtMost: .seconds(10))
        #expect(fired == 1)
        loop.turn(waitingAtMost: .seconds(10))
        #expect(fired == 2)
    }

    /// The heap against a sorted list: random insertions, removals and firings.
    @Test func theHeapAgreesWithASortedList() {
        var heap = TimerHeap()
        var model: [(deadline: UInt64, sequence: UInt64, id: TimerID)] = []
        var fired: [UInt64] = []
        var expected: [UInt64] = []
        var random = LinearCongruential(state: 42)
        for step in 0..<2_000 {
            switch random.next(below: 4) {
            case 0, 1:
                let deadline = UInt64(step) + random.next(below: 200)
                let sequence = heap.nextSequence
                let id = heap.insert(at: MonotonicTime(nanoseconds: deadline)) {
                    fired.append(sequence)
                }
                model.append((deadline, sequence, id))
            case 2:
                guard !model.isEmpty else { continue }
                let victim = model.remove(at: Int(random.next(below: UInt64(model.count))))
                heap.remove(victim.id)
            default:
                let now = MonotonicTime(nanoseconds: UInt64(step))
                while let action = heap.popDue(at: now, before: .max) { action() }
                model.sort { ($0.deadline, $0.sequence) < ($1.deadline, $1.sequence) }
                let due = model.prefix { $0.deadline <= step }
                expected += due.map(\.sequence)
                model.removeFirst(due.count)
            }
            #expect(heap.count == model.count)
            #expect(heap.earliest?.nanoseconds == model.map(\.deadline).min())
        }
        #expect(fired == expected)
        #expect(fired.count > 200)
    }
}

/// Knuth's MMIX generator: the same numbers in every run.
struct LinearCongruential {
    var state: UInt64

    mutating func next(below bound: UInt64) -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return (state >> 33) % bound
    }
}
