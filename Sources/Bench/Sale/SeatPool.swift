import Primitives

/// The seats that are thought to be free: what the sale has been told, without asking anybody. A
/// seat that a buyer has been promised or has given back is known at once; nothing is set aside for
/// a buyer who only asks, so buyers do run into each other.
struct SeatPool: Sendable {
    private var free: [SeatNumber]
    /// By seat: where it stands in `free`, or who was promised it.
    private var places: [Place]

    private enum Place {
        case free(Int)
        case promised(visit: Int)
    }

    /// All seats of a venue, free.
    init(seatCount: Int) {
        free = (0..<seatCount).map(SeatNumber.init)
        places = (0..<seatCount).map { .free($0) }
    }

    var count: Int { free.count }

    func contains(_ seat: SeatNumber) -> Bool {
        switch places[seat.rawValue] {
        case .free: true
        case .promised: false
        }
    }

    /// One of the free seats, each equally likely; nil when there is none.
    func any(_ random: inout PRNG) -> SeatNumber? {
        free.isEmpty ? nil : free[Int(random.next(below: UInt64(free.count)))]
    }

    /// The visit was promised the seat.
    mutating func take(_ seat: SeatNumber, for visit: Int) {
        let before = places[seat.rawValue]
        places[seat.rawValue] = .promised(visit: visit)
        guard case .free(let place) = before else { return }
        let last = free.removeLast()
        guard last != seat else { return }
        free[place] = last
        places[last.rawValue] = .free(place)
    }

    /// The visit does not have the seat any more. It may be another's by now: a buyer whose hold
    /// lapses learns of it later than the buyer who is quick to take the seat.
    mutating func giveBack(_ seat: SeatNumber, from visit: Int) {
        guard case .promised(visit) = places[seat.rawValue] else { return }
        release(seat)
    }

    /// The cluster says that nobody has the seat.
    mutating func release(_ seat: SeatNumber) {
        guard !contains(seat) else { return }
        places[seat.rawValue] = .free(free.count)
        free.append(seat)
    }
}
