import Testing

@testable import Bench

struct HoldSupplyTests {
    @Test func everyPairOfEveryEventComesOnce() {
        var supply = HoldSupply(eventIDs: ["evt_a", "evt_b"])
        var seen = Set<Int>()
        let seatCount = HoldSupply.stadium.seatCount
        while let next = supply.next() {
            #expect(seen.insert(next.event * seatCount + next.seat.rawValue).inserted)
            #expect(seen.insert(next.event * seatCount + next.seat.rawValue + 1).inserted)
        }
        #expect(seen.count == 2 * seatCount)
        #expect(supply.taken == 2 * HoldSupply.holdsPerEvent)
    }

    @Test func aPairIsTwoNeighboursOfOneRow() {
        var supply = HoldSupply(eventIDs: ["evt_a"])
        for _ in 0..<1_000 {
            guard let seat = supply.next()?.seat.rawValue else { break }
            #expect(
                seat / HoldSupply.stadium.seatsPerRow == (seat + 1) / HoldSupply.stadium.seatsPerRow
            )
        }
    }

    @Test func neighboursComeFarApart() {
        var supply = HoldSupply(eventIDs: ["evt_a"])
        var last = supply.next()?.seat.rawValue ?? 0
        for _ in 0..<1_000 {
            let seat = supply.next()?.seat.rawValue ?? 0
            #expect(abs(seat - last) > 1_000)
            last = seat
        }
    }

    @Test func eventsAreAsManyAsNeeded() {
        #expect(HoldSupply.eventsNeeded(holds: 1) == 1)
        #expect(HoldSupply.eventsNeeded(holds: HoldSupply.holdsPerEvent) == 1)
        #expect(HoldSupply.eventsNeeded(holds: HoldSupply.holdsPerEvent + 1) == 2)
    }
}
