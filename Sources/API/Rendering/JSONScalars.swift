import HTTPProtocol
import Inventory
import Primitives

/// An RFC 3339 time.
struct Timestamp: JSONEncodable {
    let time: WallTime

    init(_ time: WallTime) { self.time = time }

    var text: String {
        var text: [UInt8] = []
        time.appendRFC3339(to: &text)
        return String(decoding: text, as: UTF8.self)
    }

    func appendJSON(to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        time.appendRFC3339(to: &bytes)
        bytes.append(UInt8(ascii: "\""))
    }
}

/// The names of seats, in the given order.
struct SeatNames: JSONEncodable {
    let seats: [SeatIndex]
    let layout: Layout

    func appendJSON(to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "["))
        for (place, seat) in seats.enumerated() {
            if place > 0 { bytes.append(UInt8(ascii: ",")) }
            appendName(of: seat, to: &bytes)
        }
        bytes.append(UInt8(ascii: "]"))
    }

    /// Names hold no control characters, so only quotes and backslashes, hardly ever there, need
    /// escapes.
    private func appendName(of seat: SeatIndex, to bytes: inout [UInt8]) {
        let start = bytes.count
        bytes.append(UInt8(ascii: "\""))
        layout.appendName(of: seat, to: &bytes)
        let needsEscapes = bytes[(start + 1)...].contains {
            $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\\")
        }
        if needsEscapes {
            let name = String(decoding: bytes[(start + 1)...], as: UTF8.self)
            bytes.removeSubrange(start...)
            name.appendJSON(to: &bytes)
        } else {
            bytes.append(UInt8(ascii: "\""))
        }
    }
}

/// The labels of a row's seats.
struct SeatLabels: JSONEncodable {
    let seats: RowSeats

    func appendJSON(to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "["))
        switch seats {
        case .range(let first, let last):
            var label = QuotedNumber(first)
            bytes.append(contentsOf: label.bytes)
            for _ in 0..<(last - first) {
                label.increment()
                bytes.append(UInt8(ascii: ","))
                bytes.append(contentsOf: label.bytes)
            }
        case .labels(let labels):
            for (place, label) in labels.enumerated() {
                if place > 0 { bytes.append(UInt8(ascii: ",")) }
                label.appendJSON(to: &bytes)
            }
        }
        bytes.append(UInt8(ascii: "]"))
    }
}

/// A number's decimal digits in quotes, counted up where they stand: a large map has so many of
/// them that making each anew takes longer than all the rest.
private struct QuotedNumber {
    private(set) var bytes: [UInt8]

    init(_ number: UInt32) { bytes = Array("\"\(number)\"".utf8) }

    mutating func increment() {
        var place = bytes.count - 2
        while bytes[place] == UInt8(ascii: "9") {
            bytes[place] = UInt8(ascii: "0")
            place -= 1
        }
        if place == 0 {
            bytes.insert(UInt8(ascii: "1"), at: 1)
        } else {
            bytes[place] += 1
        }
    }
}

/// A layout's sections: `[{"id","name","color"?,"rows":[{"id","seats":["1",…]}]}]`.
struct Sections: JSONEncodable {
    let layout: Layout

    func appendJSON(to bytes: inout [UInt8]) {
        bytes.appendJSONArray { array in
            for section in layout.sections {
                array.object { object in
                    object.field("id", section.id)
                    object.field("name", section.name)
                    if let color = section.color { object.field("color", color) }
                    object.array("rows") { rows in
                        for row in section.rows {
                            rows.object { object in
                                object.field("id", row.id)
                                object.field("seats", SeatLabels(seats: row.seats))
                            }
                        }
                    }
                }
            }
        }
    }
}
