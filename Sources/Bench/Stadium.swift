import HTTPProtocol
import Primitives

/// A seat by its place in layout order, from 0.
struct SeatNumber: Hashable, Comparable, Sendable {
    var rawValue: Int
    init(_ rawValue: Int) { self.rawValue = rawValue }
    static func < (a: SeatNumber, b: SeatNumber) -> Bool { a.rawValue < b.rawValue }
}

/// The venue of a run: so many sections of so many rows of so many seats, all alike. A seat's name
/// is computed from its number and back, so that no table of names is needed.
struct Stadium: Hashable, Sendable {
    let sections: Int
    let rowsPerSection: Int
    let seatsPerRow: Int

    /// Each at least 1, and at most 99 sections, whose ids have two digits.
    init(sections: Int, rowsPerSection: Int, seatsPerRow: Int) {
        invariant(
            (1...99).contains(sections) && rowsPerSection > 0 && seatsPerRow > 0,
            "a stadium of \(sections) x \(rowsPerSection) x \(seatsPerRow)")
        self.sections = sections
        self.rowsPerSection = rowsPerSection
        self.seatsPerRow = seatsPerRow
    }

    /// 82,500 seats in 60 sections.
    static var full: Stadium { Stadium(sections: 60, rowsPerSection: 25, seatsPerRow: 55) }

    /// 1,500 seats in 6 sections: a sale of seconds.
    static var small: Stadium { Stadium(sections: 6, rowsPerSection: 10, seatsPerRow: 25) }

    var seatsPerSection: Int { rowsPerSection * seatsPerRow }
    var seatCount: Int { sections * seatsPerSection }

    /// The name that the API knows the seat by: section, row and seat, such as `S07-12-33`.
    func appendName(of seat: SeatNumber, to bytes: inout [UInt8]) {
        let section = seat.rawValue / seatsPerSection
        let place = seat.rawValue % seatsPerSection
        appendSectionID(section, to: &bytes)
        bytes.append(UInt8(ascii: "-"))
        bytes.appendDecimal(place / seatsPerRow + 1)
        bytes.append(UInt8(ascii: "-"))
        bytes.appendDecimal(place % seatsPerRow + 1)
    }

    func name(of seat: SeatNumber) -> String {
        var bytes: [UInt8] = []
        appendName(of: seat, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The seat with this name; nil when there is none.
    func seat(named name: String) -> SeatNumber? {
        let parts = name.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].first == UInt8(ascii: "S"),
            let section = Int(Substring(parts[0].dropFirst())), (1...sections).contains(section),
            let row = Int(Substring(parts[1])), (1...rowsPerSection).contains(row),
            let seat = Int(Substring(parts[2])), (1...seatsPerRow).contains(seat)
        else { return nil }
        return SeatNumber(
            (section - 1) * seatsPerSection + (row - 1) * seatsPerRow + seat - 1)
    }

    /// What a seat costs in minor units: by section, so that a mixed-up seat shows in the sum.
    func price(of seat: SeatNumber) -> Int64 { price(ofSection: seat.rawValue / seatsPerSection) }

    func price(of seats: [SeatNumber]) -> Int64 { seats.reduce(0) { $0 + price(of: $1) } }

    /// Up to `size` neighbouring seats of one row, `seat` among them, all of which `isWanted`;
    /// ascending.
    func party(
        around seat: SeatNumber, size: Int, where isWanted: (SeatNumber) -> Bool
    ) -> [SeatNumber] {
        let rowStart = seat.rawValue / seatsPerRow * seatsPerRow
        var low = seat.rawValue
        var high = seat.rawValue
        while high - low + 1 < size, high + 1 < rowStart + seatsPerRow,
            isWanted(SeatNumber(high + 1))
        { high += 1 }
        while high - low + 1 < size, low > rowStart, isWanted(SeatNumber(low - 1)) { low -= 1 }
        return (low...high).map(SeatNumber.init)
    }

    /// The body of `POST /venues`.
    func venueBody(name: String) -> [UInt8] {
        var body: [UInt8] = []
        body.appendJSONObject { venue in
            venue.field("name", name)
            venue.array("sections") { array in
                for section in 0..<sections {
                    array.object { writeSection(section, to: &$0) }
                }
            }
        }
        return body
    }

    /// The body of `POST /events`.
    func eventBody(
        name: String, venueID: String, startsAt: WallTime, holdTTLSeconds: ClosedRange<Int>
    ) -> [UInt8] {
        var startText: [UInt8] = []
        startsAt.appendRFC3339(to: &startText)
        var body: [UInt8] = []
        body.appendJSONObject { event in
            event.field("name", name)
            event.field("venue_id", venueID)
            event.field("starts_at", String(decoding: startText, as: UTF8.self))
            event.field("currency", "EUR")
            event.object("prices") { prices in
                for section in 0..<sections {
                    prices.field(key: sectionID(section), price(ofSection: section))
                }
            }
            event.object("hold_ttl_seconds") { ttl in
                ttl.field("min", holdTTLSeconds.lowerBound)
                ttl.field("default", holdTTLSeconds.lowerBound)
                ttl.field("max", holdTTLSeconds.upperBound)
            }
        }
        return body
    }

    private func writeSection(_ section: Int, to object: inout JSONObjectWriter) {
        object.field("id", sectionID(section))
        object.field("name", "Section \(section + 1)")
        object.array("rows") { rows in
            for row in 1...rowsPerSection {
                rows.object { object in
                    object.field("id", String(row))
                    object.object("seats") { seats in
                        seats.field("from", 1)
                        seats.field("to", seatsPerRow)
                    }
                }
            }
        }
    }

    private func price(ofSection section: Int) -> Int64 { 3_500 + Int64(section) * 125 }

    private func sectionID(_ section: Int) -> String {
        var bytes: [UInt8] = []
        appendSectionID(section, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    private func appendSectionID(_ section: Int, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "S"))
        if section + 1 < 10 { bytes.append(UInt8(ascii: "0")) }
        bytes.appendDecimal(section + 1)
    }
}
