import HTTPProtocol
import Primitives
import Testing

@testable import Bench

struct StadiumTests {
    private let stadium = Stadium(sections: 12, rowsPerSection: 3, seatsPerRow: 5)

    @Test func theFullStadiumHas82500SeatsIn60Sections() {
        #expect(Stadium.full.seatCount == 82_500)
        #expect(Stadium.full.sections == 60)
        #expect(Stadium.small.seatCount == 1_500)
    }

    @Test func everyNameIsItsSeatsOwn() {
        var names: Set<String> = []
        for number in 0..<stadium.seatCount {
            let name = stadium.name(of: SeatNumber(number))
            #expect(names.insert(name).inserted)
            #expect(stadium.seat(named: name) == SeatNumber(number))
        }
        #expect(stadium.name(of: SeatNumber(0)) == "S01-1-1")
        #expect(stadium.name(of: SeatNumber(stadium.seatCount - 1)) == "S12-3-5")
    }

    @Test(arguments: [
        "", "S01-1", "S01-1-1-1", "S00-1-1", "S13-1-1", "S01-0-1", "S01-4-1", "S01-1-6", "X01-1-1",
        "S01-1-", "S01-a-1",
    ])
    func otherNamesAreNoSeats(name: String) {
        #expect(stadium.seat(named: name) == nil)
    }

    @Test func theLayoutListsTheSeatsInTheOrderOfTheirNumbers() throws {
        let venue = try JSONValue(parsing: stadium.venueBody(name: "Arena"))
        guard case .array(let sections) = venue["sections"] else {
            Issue.record("no sections")
            return
        }
        var number = 0
        for section in sections {
            guard case .array(let rows) = section["rows"] else { continue }
            for row in rows {
                let seats = try #require(row["seats"])
                let first = try #require(seats["from"]?.integer)
                let last = try #require(seats["to"]?.integer)
                for seat in first...last {
                    let name = "\(section["id"]?.text ?? "")-\(row["id"]?.text ?? "")-\(seat)"
                    #expect(stadium.seat(named: name) == SeatNumber(number))
                    number += 1
                }
            }
        }
        #expect(number == stadium.seatCount)
    }

    @Test func theEventPricesEverySection() throws {
        let body = try JSONValue(
            parsing: stadium.eventBody(
                name: "Final", venueID: "ven_1", startsAt: WallTime(1_795_000_000_000),
                holdTTLSeconds: 4...60))
        for number in 0..<stadium.seatCount {
            let seat = SeatNumber(number)
            let section = String(stadium.name(of: seat).prefix(3))
            #expect(body["prices"]?[section]?.integer == stadium.price(of: seat))
        }
        #expect(body["hold_ttl_seconds"]?["min"]?.integer == 4)
        #expect(body["hold_ttl_seconds"]?["max"]?.integer == 60)
        #expect(
            WallTime(rfc3339: (body["starts_at"]?.text ?? "").utf8) == WallTime(1_795_000_000_000))
        #expect(
            stadium.price(of: [SeatNumber(0), SeatNumber(15)])
                == stadium.price(of: SeatNumber(0)) + stadium.price(of: SeatNumber(15)))
        #expect(stadium.price(of: SeatNumber(0)) != stadium.price(of: SeatNumber(15)))
    }

    @Test func aPartySitsTogetherInOneRow() {
        for number in 0..<stadium.seatCount {
            for size in 1...4 {
                let party = stadium.party(around: SeatNumber(number), size: size) { _ in true }
                #expect(party.count == size)
                #expect(party.contains(SeatNumber(number)))
                #expect(party == party.sorted())
                #expect(Set(party.map { $0.rawValue / 5 }).count == 1)
                #expect(party[size - 1].rawValue - party[0].rawValue == size - 1)
            }
        }
    }

    @Test func aPartyIsSmallerWhereOthersSit() {
        let taken = [SeatNumber(1), SeatNumber(4)]
        let party = stadium.party(around: SeatNumber(2), size: 4) { !taken.contains($0) }
        #expect(party == [SeatNumber(2), SeatNumber(3)])
    }
}
