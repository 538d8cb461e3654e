import Primitives

/// The seats that are thought to be free: what the sale has been told, without asking anybody. A
/// seat that a buyer has been promised or has given back is known at once; nothing is set aside for
/// a buyer who only asks, so buyers do run into each other.
struct SeatPool: Sendable {
    private var free: [SeatNumber]
    /// Where a seat stands in `free`; nil when it isn't there.
    private var places: [Int?]

    /// All seats of a venue, free.
    init(seatCount: Int) {
        free = (0..<seatCount).map(SeatNumber.init)
        places = (0..<seatCount).map { $0 }
    }

    var count: Int { free.count }

    func contains(_ seat: SeatNumber) -> Bool { places[seat.rawValue] != nil }

    /// One of the free seats, each equally likely; nil when there is none.
    func any(_ random: inout PRNG) -> SeatNumber? {
        free.isEmpty ? nil : free[Int(random.next(below: UInt64(free.count)))]
    }

    /// Somebody has the seat. No change when that was known.
    mutating func take(_ seat: SeatNumber) {
        guard let place = places[seat.rawValue] else { return }
        let last = free.removeLast()
        places[seat.rawValue] = nil
        guard last != seat else { return }
        free[place] = last
        places[last.rawValue] = place
    }

    /// Nobody has the seat any more. No change when that was known.
    mutating func giveBack(_ seat: SeatNumber) {
        guard places[seat.rawValue] == nil else { return }
        places[seat.rawValue] = free.count
        free.append(seat)
    }
}
