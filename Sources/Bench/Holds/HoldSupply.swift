/// Pairs of neighbouring seats that nobody has asked for yet: event after event, and within an
/// event scattered, as buyers are, so that no store can profit from seats in a row.
struct HoldSupply: Sendable {
    /// 80,000 seats, which is 40,000 holds.
    static var stadium: Stadium { Stadium(sections: 40, rowsPerSection: 40, seatsPerRow: 50) }
    static var holdsPerEvent: Int { stadium.seatCount / 2 }

    /// A step through the pairs that is coprime to their number, near the golden section of it, so
    /// that each pair comes once and neighbours come far apart.
    private static let stride = 24_721

    private let eventIDs: [String]
    private(set) var taken = 0

    init(eventIDs: [String]) {
        self.eventIDs = eventIDs
    }

    /// How many events so many holds need.
    static func eventsNeeded(holds: Int) -> Int { (holds + holdsPerEvent - 1) / holdsPerEvent }

    /// The next event and the first seat of a pair; nil when everything has been taken.
    mutating func next() -> (event: Int, seat: SeatNumber)? {
        let event = taken / Self.holdsPerEvent
        guard event < eventIDs.count else { return nil }
        let pair = taken % Self.holdsPerEvent * Self.stride % Self.holdsPerEvent
        taken += 1
        return (event, SeatNumber(pair * 2))
    }
}

/// Writes hold requests: everything that is the same for all of an event is made once.
struct HoldWriter {
    private let heads: [[UInt8]]
    private let run: [UInt8]
    private var body: [UInt8] = []

    /// - Parameter run: makes the keys of this run different from those of any other.
    init(eventIDs: [String], run: String) {
        heads = eventIDs.map { id in
            Array(
                """
                POST /events/\(id)/reservations HTTP/1.1\r
                Host: holdfast\r
                Content-Type: application/json\r
                Content-Length:\u{20}
                """.utf8)
        }
        self.run = Array(run.utf8)
    }

    /// Appends the request number `number` of the run, for two seats.
    mutating func append(number: Int, event: Int, seat: SeatNumber, to bytes: inout [UInt8]) {
        let stadium = HoldSupply.stadium
        body.removeAll(keepingCapacity: true)
        body.append("{\"client_reservation_id\":\"")
        appendName(number)
        body.append("\",\"user_id\":\"")
        appendName(number)
        body.append("\",\"seat_ids\":[\"")
        stadium.appendName(of: seat, to: &body)
        body.append("\",\"")
        stadium.appendName(of: SeatNumber(seat.rawValue + 1), to: &body)
        body.append("\"]}")
        bytes.append(contentsOf: heads[event])
        bytes.appendDecimal(body.count)
        bytes.append("\r\n\r\n")
        bytes.append(contentsOf: body)
    }

    private mutating func appendName(_ number: Int) {
        body.append(contentsOf: run)
        body.append(UInt8(ascii: "-"))
        body.appendDecimal(number)
    }
}
