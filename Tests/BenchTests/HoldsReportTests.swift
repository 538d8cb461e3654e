import Glibc
import HTTPProtocol
import Primitives
import Testing

@testable import Bench

struct HoldsReportTests {
    private func figures(_ statuses: [(UInt16, Int)]) -> HoldFigures {
        var figures = HoldFigures()
        figures.startedAt = MonotonicTime(nanoseconds: 5_000_000_000)
        figures.endedAt = MonotonicTime(nanoseconds: 7_000_000_000)
        figures.generatorCPU = Nanoseconds(400_000)
        for (status, count) in statuses {
            for _ in 0..<count { figures.record(status, Nanoseconds(2_000_000)) }
        }
        return figures
    }

    @Test func onlyAcceptedHoldsMakeTheRate() throws {
        let report = HoldsReport(
            figures: figures([(201, 30), (409, 8), (422, 2)]), connections: 64, tally: CallTally())
        #expect(report.holdsPerSecond == 15)
        #expect(report.generatorCPUPerRequest == Nanoseconds(10_000))
        #expect(!report.isClean)
        let json = try JSONValue(parsing: Array(report.json.utf8))
        #expect(json["holds_per_second"]?.integer == 15)
        #expect(json["accepted"]?.integer == 30)
        #expect(json["refused"]?.integer == 8)
        #expect(json["errors"]?.integer == 2)
        #expect(json["duration_us"]?.integer == 2_000_000)
        #expect(json["generator_cpu_ns_per_request"]?.integer == 10_000)
        #expect(json["latency_us"]?["p99"]?.integer == 2_000)
        #expect(report.text.contains("30 in 2.0 s: 15 a second, 64 connections"))
        #expect(report.text.contains("errors           2  422: 2\n"))
        #expect(report.text.contains("10.0 microseconds a request"))
    }

    @Test func watchedProcessesAreSharedOutOverTheHolds() throws {
        var watching = figures([(201, 30), (409, 10)])
        watching.watched = [(ProcessNumber(77), Nanoseconds(600_000))]
        let report = HoldsReport(figures: watching, connections: 1, tally: CallTally())
        let json = try JSONValue(parsing: Array(report.json.utf8))
        #expect(json["watched"]?[0]?["pid"]?.integer == 77)
        #expect(json["watched"]?[0]?["cpu_ns_per_hold"]?.integer == 20_000)
        #expect(report.text.contains("process 77 CPU  20.0 microseconds a hold\n"))
    }

    @Test func processorTimeIsReadFromTheRightFields() {
        let stat = "77 (a (b) c) S 1 77 77 0 -1 4194304 9 8 7 6 120 30 0 0 20 0 4 0 99 5 5"
        #expect(ProcessNumber.ticks(inStat: Array(stat.utf8)) == 150)
        #expect(ProcessNumber.ticks(inStat: Array("77 (a) S 1".utf8)) == nil)
        #expect(ProcessNumber.ticks(inStat: []) == nil)
        #expect(ProcessNumber(Int(getpid())).processorTime != nil)
        #expect(ProcessNumber(0).processorTime == nil)
    }

    @Test func aRunIsCleanWhenEveryRequestGotItsHold() {
        let clean = HoldsReport(
            figures: figures([(201, 3)]), connections: 1, tally: CallTally())
        #expect(clean.isClean)
        var lost = figures([(201, 3)])
        lost.unanswered = 1
        #expect(!HoldsReport(figures: lost, connections: 1, tally: CallTally()).isClean)
        #expect(
            !HoldsReport(figures: HoldFigures(), connections: 1, tally: CallTally()).isClean)
    }

    @Test func aRunWithoutAnswersHasNoRate() {
        let report = HoldsReport(
            figures: HoldFigures(), connections: 1, tally: CallTally())
        #expect(report.holdsPerSecond == 0)
        #expect(report.generatorCPUPerRequest == .zero)
    }
}

struct SaleFiguresTests {
    private let order = OrderReceipt(
        orderID: "ord_1", holdID: "hold_1", userID: "fan", seats: [SeatNumber(1), SeatNumber(2)],
        status: "confirmed", amount: 7_000, payments: [])

    @Test func answersAreCountedByWhatTheyAnswer() {
        let hold = SaleAnswer.hold(
            HoldReceipt(
                holdID: "hold_1", userID: "fan", seats: [], status: "held", amount: 0))
        var pending = order
        pending.status = "pending"
        var figures = SaleFigures()
        let span = Nanoseconds(1_000_000)
        figures.record(.hold, hold, span)
        figures.record(.hold, .problem(status: 409, code: "seats_unavailable"), span)
        figures.record(.hold, .problem(status: 410, code: "hold_expired"), span)
        figures.record(.drop(SeatNumber(1)), hold, span)
        figures.record(.readHold, hold, span)
        figures.record(.commit(.visa, attempt: 1), .order(order), span)
        figures.record(.commit(.unheard, attempt: 1), .order(pending), span)
        figures.record(
            .commit(.declined, attempt: 1), .problem(status: 402, code: "payment_declined"), span)
        #expect(figures.holdsAccepted == 1 && figures.holdsRefused == 1)
        #expect(figures.seatsDropped == 1)
        #expect(figures.paymentsDeclined == 1 && figures.paymentsPending == 1)
        #expect(figures.holdLatency.count == 1 && figures.commitLatency.count == 1)
    }

    @Test func onlyBookedSeatsAreSold() {
        var figures = SaleFigures()
        for ending in [
            VisitEnding.booked(order), .returned(order), .refused, .released, .lapsed, .wrong("x"),
        ] { figures.record(ending) }
        #expect(figures.seatsBooked == 2)
        #expect(figures.holdsReleased == 1 && figures.holdsLapsed == 1)
    }
}
