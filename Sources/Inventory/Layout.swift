/// The seats of one row: ranges stay ranges.
package enum RowSeats: Hashable, Sendable {
    /// Labels are the decimal numbers from `first` through `last`.
    case range(first: UInt32, last: UInt32)
    case labels([String])

    package var count: Int {
        switch self {
        case .range(let first, let last): Int(last - first) + 1
        case .labels(let labels): labels.count
        }
    }
}

/// A row of seats, named within its section.
package struct LayoutRow: Hashable, Sendable {
    package var id: String
    package var seats: RowSeats
    package init(id: String, seats: RowSeats) {
        self.id = id
        self.seats = seats
    }
}

/// A part of the venue that has one price; an empty id leaves its part of the seats' names out.
package struct LayoutSection: Hashable, Sendable {
    package var id: String
    package var name: String
    package var color: String?
    package var rows: [LayoutRow]
    package init(id: String, name: String, color: String?, rows: [LayoutRow]) {
        self.id = id
        self.name = name
        self.color = color
        self.rows = rows
    }
}

/// An immutable seating plan: names seats by index and finds the index of a name.
package final class Layout: Sendable {
    package let sections: [LayoutSection]
    /// SHA-256, first 128 bits, of the encoded layout.
    package let hash: UInt128

    package init(sections: [LayoutSection], hash: UInt128) {
        self.sections = sections
        self.hash = hash
    }
}
