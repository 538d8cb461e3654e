import Primitives
import Testing

@testable import Bench

struct SeatPoolTests {
    @Test func agreesWithASet() {
        var random = PRNG(seed: 3)
        var pool = SeatPool(seatCount: 50)
        var model = Set(0..<50)
        for _ in 0..<5_000 {
            let seat = random.next(in: 0...49)
            if random.next(below: 2) == 0 {
                pool.take(SeatNumber(seat), for: 1)
                model.remove(seat)
            } else {
                pool.release(SeatNumber(seat))
                model.insert(seat)
            }
            #expect(pool.count == model.count)
            #expect((0..<50).allSatisfy { pool.contains(SeatNumber($0)) == model.contains($0) })
        }
    }

    @Test func anySeatIsAFreeOneAndAllComeUp() {
        var random = PRNG(seed: 4)
        var pool = SeatPool(seatCount: 10)
        for seat in 0..<5 { pool.take(SeatNumber(seat), for: 1) }
        var seen: Set<SeatNumber> = []
        for _ in 0..<200 { pool.any(&random).map { _ = seen.insert($0) } }
        #expect(seen == Set((5..<10).map(SeatNumber.init)))
    }

    @Test func anEmptyPoolHasNone() {
        var random = PRNG(seed: 5)
        var pool = SeatPool(seatCount: 1)
        pool.take(SeatNumber(0), for: 1)
        #expect(pool.any(&random) == nil)
        pool.giveBack(SeatNumber(0), from: 1)
        #expect(pool.any(&random) == SeatNumber(0))
    }

    @Test func aSeatThatIsAnothersByNowIsNotGivenBack() {
        var pool = SeatPool(seatCount: 2)
        pool.take(SeatNumber(0), for: 1)
        // Visit 1's hold has lapsed, and visit 2 has the seat before visit 1 looks.
        pool.take(SeatNumber(0), for: 2)
        pool.giveBack(SeatNumber(0), from: 1)
        #expect(!pool.contains(SeatNumber(0)) && pool.count == 1)
        pool.giveBack(SeatNumber(0), from: 2)
        #expect(pool.contains(SeatNumber(0)) && pool.count == 2)
    }
}

struct VisitPlanTests {
    private let stadium = Stadium(sections: 2, rowsPerSection: 4, seatsPerRow: 10)

    @Test func theSharesOfIntentsAreAThousand() {
        #expect(Intent.allCases.reduce(0) { $0 + $1.perMille } == 1_000)
    }

    @Test func everyIntentComesUpAboutAsOftenAsItShould() {
        var random = PRNG(seed: 11)
        var counts: [Intent: Int] = [:]
        for _ in 0..<100_000 { counts[.draw(&random), default: 0] += 1 }
        for intent in Intent.allCases {
            let expected = intent.perMille * 100
            #expect(abs(counts[intent, default: 0] - expected) < max(expected / 5, 120))
        }
    }

    @Test func onlyThoseWhoPayHaveAToken() {
        for intent in Intent.allCases {
            #expect((intent.firstToken == nil) == (intent == .cancel || intent == .lapse))
        }
    }

    @Test func plansWantOneToFourSeatsMostlyFreeOnes() {
        var random = PRNG(seed: 12)
        var pool = SeatPool(seatCount: stadium.seatCount)
        for seat in stride(from: 0, to: stadium.seatCount, by: 2) {
            pool.take(SeatNumber(seat), for: 1)
        }
        var blind = 0
        for number in 1...2_000 {
            guard
                let plan = VisitPlan.draw(
                    number: number, pool, stadium, thinkMax: Milliseconds(5), &random)
            else { continue }
            #expect(plan.number == number)
            #expect((1...4).contains(plan.seats.count))
            #expect((0...5).contains(plan.think.rawValue))
            if !plan.seats.allSatisfy(pool.contains) { blind += 1 }
        }
        // One in twelve looks at an old map, and most of those run into a seat that is taken.
        #expect((50...250).contains(blind))
    }

    @Test func theSameSeedWantsTheSame() {
        func plans() -> [VisitPlan?] {
            var random = PRNG(seed: 13)
            let pool = SeatPool(seatCount: stadium.seatCount)
            return (1...50).map {
                VisitPlan.draw(number: $0, pool, stadium, thinkMax: .seconds(1), &random)
            }
        }
        #expect(plans() == plans())
    }

    @Test func withoutFreeSeatsThereIsNoPlan() {
        var random = PRNG(seed: 14)
        var pool = SeatPool(seatCount: stadium.seatCount)
        for seat in 0..<stadium.seatCount {
            pool.take(SeatNumber(seat), for: 1)
        }
        #expect(VisitPlan.draw(number: 1, pool, stadium, thinkMax: .zero, &random) == nil)
    }
}
