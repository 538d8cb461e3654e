/// An event's seats as its binary seat map shows them.
struct SeatMap: Hashable, Sendable {
    enum State: UInt8, Hashable, Sendable, CaseIterable {
        case available = 0
        case held = 1
        case booked = 2
        case blocked = 3
    }

    /// By seat number.
    let states: [State]

    /// Revision (u64) and seat count (u32), little-endian, then two bits a seat, the first seat in
    /// the lowest bits. Nil when the bytes are not a map of so many seats.
    init?(_ bytes: [UInt8], seatCount: Int) {
        let headBytes = 12
        guard bytes.count == headBytes + (seatCount + 3) / 4 else { return nil }
        let stated = bytes[8..<headBytes].reversed().reduce(0) { $0 << 8 | Int($1) }
        guard stated == seatCount else { return nil }
        states = (0..<seatCount).map { seat in
            let bits = bytes[headBytes + seat / 4] >> UInt8(seat % 4 * 2) & 3
            return State.allCases[Int(bits)]
        }
    }

    func count(_ state: State) -> Int { states.count { $0 == state } }
}

extension [UInt8] {
    /// Appends a request for the map as it is now, on whatever node it is read.
    mutating func appendSeatMapRequest(eventID: String) {
        append("GET /events/")
        append(contentsOf: eventID.utf8)
        append("/seatmap?include=availability&consistency=linearizable HTTP/1.1\r\n")
        append("Host: holdfast\r\nAccept: application/octet-stream\r\n\r\n")
    }
}
