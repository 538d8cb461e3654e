import HTTPProtocol
import Inventory
import Primitives

/// One event's map at one revision, as bytes: each form is made when it is first asked for.
struct SeatMapBodies: Sendable {
    let view: SeatMapView
    private var layout: JSONFragment?
    private var full: [UInt8]?
    private var availability: [UInt8]?
    private var binary: [UInt8]?

    /// - Parameter earlier: of the same event, whose layout never changes.
    init(of view: SeatMapView, after earlier: SeatMapBodies?) {
        self.view = view
        layout = earlier?.layout
    }

    /// Equal only for equal bytes: `as_of` tells apart what nodes rendered at different times.
    func tag(_ form: SeatMapForm) -> EntityTag? {
        let suffix =
            switch form {
            case .full: "f"
            case .availability: "a"
            case .binary: "b"
            }
        return EntityTag("\(view.event.revision.rawValue)-\(view.asOf.rawValue)-\(suffix)")
    }

    mutating func body(_ form: SeatMapForm) -> [UInt8] {
        switch form {
        case .full:
            let body = full ?? json(withLayout())
            full = body
            return body
        case .availability:
            let body = availability ?? json(nil)
            availability = body
            return body
        case .binary:
            let body = binary ?? bits()
            binary = body
            return body
        }
    }

    private mutating func withLayout() -> JSONFragment {
        if let layout { return layout }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(view.states.count * 6 + 4_096)
        Sections(layout: view.event.content.layout).appendJSON(to: &bytes)
        let fragment = JSONFragment(bytes)
        layout = fragment
        return fragment
    }

    private func json(_ layout: JSONFragment?) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity((layout?.bytes.count ?? 0) + view.states.count * 2 + 4_096)
        bytes.appendJSONObject { map in
            map.field("event_id", view.event.content.event.event.text)
            map.field("revision", view.event.revision.rawValue)
            if let layout {
                map.object("layout") { object in
                    object.field("hash", view.event.content.layout.hashText)
                    object.field("sections", layout)
                }
            }
            map.field("availability", Availability(view))
        }
        return bytes
    }

    /// Revision (u64) and seat count (u32), little-endian, then two bits a seat in layout order,
    /// the first seat in the lowest bits of the first byte: 0 available, 1 held, 2 booked,
    /// 3 blocked.
    private func bits() -> [UInt8] {
        var writer = ByteWriter(capacity: 12 + view.states.count / 4 + 1)
        writer.u64(view.event.revision.rawValue)
        writer.u32(UInt32(view.states.count))
        var byte: UInt8 = 0
        for (seat, state) in view.states.enumerated() {
            byte |= SeatClass(state).rawValue << UInt8(seat % 4 * 2)
            if seat % 4 == 3 {
                writer.u8(byte)
                byte = 0
            }
        }
        if view.states.count % 4 != 0 { writer.u8(byte) }
        return writer.bytes
    }
}

/// A seat's state as clients see it.
private enum SeatClass: UInt8 {
    case available = 0
    case held = 1
    case booked = 2
    case blocked = 3

    init(_ state: SeatState) {
        switch state {
        case .available: self = .available
        case .held, .paymentPending: self = .held
        case .booked: self = .booked
        case .blocked: self = .blocked
        }
    }

    static let letters: StaticString = "AHBX"
}

/// `{"as_of", "counts": {…}, "sections": {"<id>": {"<row>": "AAHHB…"}}}`.
private struct Availability: JSONEncodable {
    let view: SeatMapView
    /// One a seat, in layout order.
    private var letters: [UInt8]
    private var counts = InlineArray<4, Int>(repeating: 0)

    init(_ view: SeatMapView) {
        self.view = view
        letters = []
        letters.reserveCapacity(view.states.count)
        for state in view.states {
            let seen = Int(SeatClass(state).rawValue)
            counts[seen] += 1
            letters.append(SeatClass.letters.utf8Start[seen])
        }
    }

    func appendJSON(to bytes: inout [UInt8]) {
        bytes.appendJSONObject { object in
            object.field("as_of", Timestamp(view.asOf))
            object.object("counts") { object in
                object.field("available", counts[Int(SeatClass.available.rawValue)])
                object.field("held", counts[Int(SeatClass.held.rawValue)])
                object.field("booked", counts[Int(SeatClass.booked.rawValue)])
                object.field("blocked", counts[Int(SeatClass.blocked.rawValue)])
            }
            object.object("sections") { sections in
                var start = 0
                for section in view.event.content.layout.sections {
                    sections.object(key: section.id) { rows in
                        for row in section.rows {
                            let end = start + row.seats.count
                            rows.field(key: row.id, Letters(letters: letters[start..<end]))
                            start = end
                        }
                    }
                }
            }
        }
    }
}

/// Letters as a JSON string; none of them needs an escape.
private struct Letters: JSONEncodable {
    let letters: ArraySlice<UInt8>

    func appendJSON(to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        bytes.append(contentsOf: letters)
        bytes.append(UInt8(ascii: "\""))
    }
}
