import HTTPProtocol
import Inventory
import Primitives

/// `POST /venues`.
struct VenueBody {
    let name: String
    let sections: [LayoutSection]
    /// `sections` as they are stored.
    let layout: [UInt8]

    init(_ body: [UInt8]) throws(Problem) {
        var fields: (name: String?, sections: [SectionBody]?)
        let sectionBodies: [SectionBody]
        do {
            var reader = JSONReader(body)
            try reader.beginObject()
            while let name = try reader.nextKey() {
                switch name {
                case "name": try reader.read(into: &fields.name)
                case "sections": try reader.readSections(into: &fields.sections)
                default: try reader.skipValue()
                }
            }
            name = try reader.required(fields.name, "name")
            sectionBodies = try reader.required(fields.sections, "sections")
            try reader.finish()
        } catch {
            throw Problem(error)
        }
        sections = try VenueBody.sections(sectionBodies)
        try FieldRule.requireName(name, "name")
        do { try Layout.validate(sections) } catch { throw Problem(error) }
        try VenueBody.requireRowsDiffer(sections)
        layout = LayoutCodec.encode(sections)
    }

    /// What makes two imports equal.
    var hash: UInt128 {
        var writer = ByteWriter(capacity: layout.count + name.utf8.count + 16)
        writer.string(name)
        writer.bytes(layout)
        return SHA256.first128(writer.bytes)
    }

    private static func sections(_ bodies: [SectionBody]) throws(Problem) -> [LayoutSection] {
        var sections: [LayoutSection] = []
        for (index, body) in bodies.enumerated() {
            var rows: [LayoutRow] = []
            rows.reserveCapacity(body.rows.count)
            for (position, row) in body.rows.enumerated() {
                let field = "sections[\(index)].rows[\(position)].seats"
                rows.append(LayoutRow(id: row.id, seats: try RowSeats(row.seats, field)))
            }
            sections.append(
                LayoutSection(id: body.id, name: body.name, color: body.color, rows: rows))
        }
        return sections
    }

    /// A seat map names its rows within their section.
    private static func requireRowsDiffer(_ sections: [LayoutSection]) throws(Problem) {
        for (index, section) in sections.enumerated() {
            var seen: Set<[UInt8]> = []
            for (position, row) in section.rows.enumerated()
            where !seen.insert(Array(row.id.utf8)).inserted {
                throw .invalid(
                    "sections[\(index)].rows[\(position)].id", "is the id of an earlier row")
            }
        }
    }
}

private struct RowBody {
    var id: String
    /// `{"from","to"}` or labels.
    var seats: JSONValue
}

private struct SectionBody {
    var id: String
    var name: String
    var color: String?
    var rows: [RowBody]
}

extension JSONReader {
    fileprivate mutating func readSections(into field: inout [SectionBody]?) throws(JSONError) {
        try refuseDuplicate(field)
        var sections: [SectionBody] = []
        try beginArray()
        while try nextElement() { sections.append(try section()) }
        field = sections
    }

    private mutating func section() throws(JSONError) -> SectionBody {
        var fields: (id: String?, name: String?, color: String?, rows: [RowBody]?)
        try beginObject()
        while let name = try nextKey() {
            switch name {
            case "id": try read(into: &fields.id)
            case "name": try read(into: &fields.name)
            case "color": try readOptional(into: &fields.color)
            case "rows": try readRows(into: &fields.rows)
            default: try skipValue()
            }
        }
        return SectionBody(
            id: try required(fields.id, "id"), name: try required(fields.name, "name"),
            color: fields.color, rows: try required(fields.rows, "rows"))
    }

    private mutating func readRows(into field: inout [RowBody]?) throws(JSONError) {
        try refuseDuplicate(field)
        var rows: [RowBody] = []
        try beginArray()
        while try nextElement() { rows.append(try row()) }
        field = rows
    }

    private mutating func row() throws(JSONError) -> RowBody {
        var fields: (id: String?, seats: JSONValue?)
        try beginObject()
        while let name = try nextKey() {
            switch name {
            case "id": try read(into: &fields.id)
            case "seats":
                try refuseDuplicate(fields.seats)
                fields.seats = try value()
            default: try skipValue()
            }
        }
        return RowBody(
            id: try required(fields.id, "id"), seats: try required(fields.seats, "seats"))
    }
}

extension RowSeats {
    /// `field` is the value's place in the body.
    fileprivate init(_ value: JSONValue, _ field: String) throws(Problem) {
        switch value {
        case .object:
            self = .range(
                first: try RowSeats.bound(value, "from", field),
                last: try RowSeats.bound(value, "to", field))
        case .array(let elements):
            var labels: [String] = []
            labels.reserveCapacity(elements.count)
            for (index, element) in elements.enumerated() {
                guard let label = element.text else {
                    throw .invalid("\(field)[\(index)]", "must be a string")
                }
                labels.append(label)
            }
            self = .labels(labels)
        case .string, .integer, .number, .boolean, .null:
            throw .invalid(field, "must be an object with from and to, or an array of labels")
        }
    }

    private static func bound(
        _ range: JSONValue, _ name: String, _ field: String
    ) throws(Problem) -> UInt32 {
        let field = "\(field).\(name)"
        switch range[name] {
        case .integer(let number):
            guard let bound = UInt32(exactly: number) else {
                throw .unprocessable(field, "must be from 0 to \(UInt32.max)")
            }
            return bound
        case nil: throw .invalid(field, "is missing")
        case .object, .array, .string, .number, .boolean, .null:
            throw .invalid(field, "must be an integer")
        }
    }
}

extension Problem {
    fileprivate init(_ fault: LayoutFault) {
        switch fault.problem {
        case .text:
            self = .invalid(
                fault.field, "must be 1 to \(Layout.textBytesMax) bytes of printable UTF-8")
        case .tooMany(let max):
            self.init(.limitExceeded, field: fault.field, "goes beyond \(max)")
        case .empty:
            self = .invalid(fault.field, "must not be empty")
        case .range:
            self = .unprocessable(fault.field, "must not end before it begins")
        case .repeatedSection:
            self = .invalid(fault.field, "is the id of an earlier section")
        case .repeatedSeat(let name):
            self = .invalid(fault.field, "makes the seat id \(name) a second time")
        }
    }
}
