import Primitives
import Testing

@testable import Bench

/// Plays the cluster to one visit.
private struct Scene {
    let stadium = Stadium(sections: 2, rowsPerSection: 4, seatsPerRow: 10)
    var visit: Visit
    var now = MonotonicTime(nanoseconds: 1_000_000_000)

    static let think = Milliseconds(30)
    static let ttl = Milliseconds.seconds(4)

    init(_ intent: Intent, seats: [Int] = [3, 4]) {
        visit = Visit(
            VisitPlan(
                number: 9, seats: seats.map(SeatNumber.init), intent: intent, think: Self.think),
            user: "fan", stadium: stadium, ttl: Self.ttl,
            startingAt: MonotonicTime(nanoseconds: 1_000_000_000))
    }

    mutating func hear(_ answer: SaleAnswer) -> VisitStep { visit.hear(answer, at: now) }

    mutating func pass(_ span: Milliseconds) { now = now + span }

    func hold(_ seats: [Int], status: String = "held", amount: Int64? = nil) -> SaleAnswer {
        let seats = seats.map(SeatNumber.init)
        return .hold(
            HoldReceipt(
                holdID: "hold_1", userID: "fan", seats: seats, status: status,
                amount: amount ?? stadium.price(of: seats)))
    }

    func receipt(_ seats: [Int], status: String = "confirmed") -> OrderReceipt {
        let seats = seats.map(SeatNumber.init)
        return OrderReceipt(
            orderID: "ord_1", holdID: "hold_1", userID: "fan", seats: seats, status: status,
            amount: stadium.price(of: seats), payments: [])
    }

    /// Up to the decision: the hold is there and thought about.
    mutating func arrive(_ seats: [Int] = [3, 4]) -> VisitStep {
        #expect(visit.firstStep == .call(.hold))
        #expect(hear(hold(seats)) == .pause(Self.think))
        #expect(visit.seats == seats.map(SeatNumber.init))
        #expect(visit.holdID == "hold_1")
        return visit.resume()
    }
}

struct VisitTests {
    @Test func holdsPaysAndIsBooked() {
        var scene = Scene(.buy)
        #expect(scene.arrive() == .call(.commit(.visa, attempt: 1)))
        let order = scene.receipt([3, 4])
        #expect(scene.hear(.order(order)) == .leave(.booked(order)))
        #expect(scene.visit.seats == [SeatNumber(3), SeatNumber(4)])
    }

    @Test func anotherHasTheSeat() {
        var scene = Scene(.buy)
        let refusal = SaleAnswer.problem(status: 409, code: "seats_unavailable")
        #expect(scene.hear(refusal) == .leave(.refused))
        #expect(scene.visit.seats.isEmpty)
    }

    @Test func aHoldMayLapseBeforeItIsHeardOf() {
        var scene = Scene(.buy)
        #expect(scene.hear(.problem(status: 410, code: "hold_expired")) == .leave(.lapsed))
    }

    @Test(arguments: [(Intent.buySlowly, PaymentToken.slow), (.buyUnheard, .unheard)])
    func aPendingPaymentIsAskedForAgainWithItsKey(intent: Intent, token: PaymentToken) {
        var scene = Scene(intent)
        #expect(scene.arrive() == .call(.commit(token, attempt: 1)))
        for _ in 0..<3 {
            guard case .pause = scene.hear(.order(scene.receipt([3, 4], status: "pending"))) else {
                Issue.record("no pause")
                return
            }
            #expect(scene.visit.resume() == .call(.commit(token, attempt: 1)))
        }
        let order = scene.receipt([3, 4])
        #expect(scene.hear(.order(order)) == .leave(.booked(order)))
    }

    @Test(arguments: ["idempotency_in_progress", "payment_pending"])
    func anAttemptUnderWayIsWaitedFor(code: String) {
        var scene = Scene(.buy)
        _ = scene.arrive()
        guard case .pause = scene.hear(.problem(status: 409, code: code)) else {
            Issue.record("no pause")
            return
        }
        #expect(scene.visit.resume() == .call(.commit(.visa, attempt: 1)))
    }

    @Test func aDeclinedBuyerPaysAgainUnderAnotherKey() {
        var scene = Scene(.buyAfterDecline)
        #expect(scene.arrive() == .call(.commit(.declined, attempt: 1)))
        let declined = SaleAnswer.problem(status: 402, code: "payment_declined")
        #expect(scene.hear(declined) == .call(.commit(.visa, attempt: 2)))
        let order = scene.receipt([3, 4])
        #expect(scene.hear(.order(order)) == .leave(.booked(order)))
    }

    @Test func aSeatIsGivenBackBeforeThePayment() {
        var scene = Scene(.buyFewer)
        #expect(scene.arrive() == .call(.drop(SeatNumber(4))))
        #expect(scene.hear(scene.hold([3])) == .call(.commit(.visa, attempt: 1)))
        #expect(scene.visit.seats == [SeatNumber(3)])
        let order = scene.receipt([3])
        #expect(scene.hear(.order(order)) == .leave(.booked(order)))
    }

    @Test func theOnlySeatIsNotGivenBack() {
        var scene = Scene(.buyFewer, seats: [7])
        #expect(scene.arrive([7]) == .call(.commit(.visa, attempt: 1)))
    }

    @Test func anOrderIsCancelledByTheOrganizer() {
        var scene = Scene(.buyAndReturn)
        #expect(scene.arrive() == .call(.commit(.visa, attempt: 1)))
        let order = scene.receipt([3, 4])
        #expect(scene.hear(.order(order)) == .call(.cancelOrder("ord_1")))
        #expect(scene.visit.seats.count == 2)
        let cancelled = SaleAnswer.order(scene.receipt([3, 4], status: "cancelled"))
        #expect(scene.hear(cancelled) == .leave(.returned(order)))
        #expect(scene.visit.seats.isEmpty)
    }

    @Test func aHoldIsGivenBack() {
        var scene = Scene(.cancel)
        #expect(scene.arrive() == .call(.release))
        #expect(scene.hear(.done) == .leave(.released))
        #expect(scene.visit.seats.isEmpty)
    }

    @Test func aHoldLapsesAndReadsSo() {
        var scene = Scene(.lapse)
        guard case .pause(let span) = scene.arrive() else {
            Issue.record("no pause")
            return
        }
        #expect(span > Scene.ttl)
        #expect(scene.visit.resume() == .call(.readHold))
        // The node that was asked is a little behind.
        guard case .pause = scene.hear(scene.hold([3, 4])) else {
            Issue.record("no second look")
            return
        }
        #expect(scene.visit.seats.count == 2)
        #expect(scene.visit.resume() == .call(.readHold))
        #expect(scene.hear(scene.hold([3, 4], status: "expired")) == .leave(.lapsed))
        #expect(scene.visit.seats.isEmpty)
    }

    @Test(arguments: [Intent.buy, .cancel, .buyFewer])
    func aHoldMayExpireWhenItsTimeIsOver(intent: Intent) {
        let gone = SaleAnswer.problem(status: 410, code: "hold_expired")
        var late = Scene(intent)
        _ = late.arrive()
        late.pass(.seconds(4))
        #expect(late.hear(gone) == .leave(.lapsed))
        #expect(late.visit.seats.isEmpty)
        var early = Scene(intent)
        _ = early.arrive()
        early.pass(.seconds(2))
        guard case .leave(.wrong(let what)) = early.hear(gone) else {
            Issue.record("a hold may not expire after half its time")
            return
        }
        #expect(what.contains("expired 2000 ms"))
    }
}

struct WrongAnswerTests {
    private func expectWrong(_ step: VisitStep, sourceLocation: SourceLocation = #_sourceLocation) {
        guard case .leave(.wrong) = step else {
            Issue.record("\(step) where the answer was wrong", sourceLocation: sourceLocation)
            return
        }
    }

    @Test func aHoldOfOtherSeats() {
        var scene = Scene(.buy)
        expectWrong(scene.hear(scene.hold([3, 5])))
    }

    @Test func aHoldOfTheWrongAmount() {
        var scene = Scene(.buy)
        expectWrong(scene.hear(scene.hold([3, 4], amount: 1)))
    }

    @Test func aHoldThatIsNotHeld() {
        var scene = Scene(.buy)
        expectWrong(scene.hear(scene.hold([3, 4], status: "booked")))
    }

    @Test(arguments: [
        SaleAnswer.done, .unreadable(status: 200), .problem(status: 404, code: "not_found"),
        .problem(status: 422, code: "idempotency_key_reused"),
    ])
    func noAnswerToAHold(answer: SaleAnswer) {
        var scene = Scene(.buy)
        expectWrong(scene.hear(answer))
    }

    @Test func anOrderOfOtherSeats() {
        var scene = Scene(.buy)
        _ = scene.arrive()
        expectWrong(scene.hear(.order(scene.receipt([3]))))
        #expect(scene.visit.seats.count == 2, "what became of the seats is not known")
    }

    @Test func anOrderThatFailedWithAGoodCard() {
        var scene = Scene(.buy)
        _ = scene.arrive()
        expectWrong(scene.hear(.order(scene.receipt([3, 4], status: "failed"))))
    }

    @Test func aGoodCardThatIsDeclined() {
        var scene = Scene(.buy)
        _ = scene.arrive()
        expectWrong(scene.hear(.problem(status: 402, code: "payment_declined")))
    }

    @Test func aBadCardThatIsTaken() {
        var scene = Scene(.buyAfterDecline)
        _ = scene.arrive()
        expectWrong(scene.hear(.order(scene.receipt([3, 4]))))
    }

    @Test func aDroppedSeatThatStays() {
        var scene = Scene(.buyFewer)
        _ = scene.arrive()
        expectWrong(scene.hear(scene.hold([3, 4])))
    }

    @Test func aReleaseThatIsUnknown() {
        var scene = Scene(.cancel)
        _ = scene.arrive()
        expectWrong(scene.hear(.problem(status: 404, code: "not_found")))
    }

    @Test func aHoldThatNeverLapses() {
        var scene = Scene(.lapse)
        _ = scene.arrive()
        for _ in 0..<100 {
            _ = scene.visit.resume()
            let step = scene.hear(scene.hold([3, 4]))
            if case .pause = step { continue }
            return expectWrong(step)
        }
        Issue.record("it was looked at for ever")
    }

    @Test func anOrderThatStaysAfterItsCancellation() {
        var scene = Scene(.buyAndReturn)
        _ = scene.arrive()
        _ = scene.hear(.order(scene.receipt([3, 4])))
        expectWrong(scene.hear(.order(scene.receipt([3, 4]))))
    }
}
