import Primitives

/// What is wrong with a layout in a request; `field` is the path of the part at fault, such as
/// `sections[3].rows[2].seats[1]`.
package struct LayoutFault: Error, Hashable, Sendable {
    /// What is wrong with the part.
    package enum Problem: Hashable, Sendable {
        /// Not 1…`Layout.textBytesMax` bytes of printable UTF-8.
        case text
        case tooMany(max: Int)
        /// A section without rows, a row without seats, a layout without sections.
        case empty
        /// A range that ends before it begins.
        case range
        /// Another section has the same id.
        case repeatedSection
        /// Another seat has the same name after joining.
        case repeatedSeat(name: String)
    }
    /// The path of the part at fault.
    package var field: String
    /// What is wrong with it.
    package var problem: Problem
    package init(field: String, problem: Problem) {
        self.field = field
        self.problem = problem
    }
}

extension Layout {
    /// Seats of one layout: what one step of a node can decode.
    package static let seatCountMax = 200_000
    /// Sections of one layout.
    package static let sectionCountMax = 1_000
    /// Rows of one layout, in all sections together.
    package static let rowCountMax = 20_000
    /// Of an id, a name, a colour, a label.
    package static let textBytesMax = 128

    /// Checks what a client sent. Everything is bounded first, so that the check itself is.
    package static func validate(_ sections: [LayoutSection]) throws(LayoutFault) {
        guard !sections.isEmpty else { throw LayoutFault(field: "sections", problem: .empty) }
        guard sections.count <= sectionCountMax else {
            throw LayoutFault(field: "sections", problem: .tooMany(max: sectionCountMax))
        }
        var seatCount = 0
        var rowCount = 0
        for (index, section) in sections.enumerated() {
            let field = "sections[\(index)]"
            if !section.id.isEmpty { try check(section.id, "\(field).id") }
            try check(section.name, "\(field).name")
            if let color = section.color { try check(color, "\(field).color") }
            rowCount += section.rows.count
            guard !section.rows.isEmpty else {
                throw LayoutFault(field: "\(field).rows", problem: .empty)
            }
            guard rowCount <= rowCountMax else {
                throw LayoutFault(field: "\(field).rows", problem: .tooMany(max: rowCountMax))
            }
            for (position, row) in section.rows.enumerated() {
                try check(row, "\(field).rows[\(position)]", seatCount: &seatCount)
            }
        }
        try checkSectionsDiffer(sections)
        try checkSeatsDiffer(Layout(sections: sections, hash: 0))
    }

    private static func check(
        _ row: LayoutRow, _ field: String, seatCount: inout Int
    ) throws(LayoutFault) {
        try check(row.id, "\(field).id")
        switch row.seats {
        case .range(let first, let last):
            guard first <= last else { throw LayoutFault(field: "\(field).seats", problem: .range) }
        case .labels(let labels):
            guard !labels.isEmpty else {
                throw LayoutFault(field: "\(field).seats", problem: .empty)
            }
            for (index, label) in labels.enumerated() {
                try check(label, "\(field).seats[\(index)]")
            }
        }
        seatCount += row.seats.count
        guard seatCount <= seatCountMax else {
            throw LayoutFault(field: "\(field).seats", problem: .tooMany(max: seatCountMax))
        }
    }

    private static func check(_ text: String, _ field: String) throws(LayoutFault) {
        let isPrintable = text.unicodeScalars.allSatisfy {
            $0.value >= 0x20 && !(0x7F...0x9F ~= $0.value)
        }
        guard isPrintable, 1...textBytesMax ~= text.utf8.count else {
            throw LayoutFault(field: field, problem: .text)
        }
    }

    /// Prices are given by section id: one id must not mean two sections.
    private static func checkSectionsDiffer(_ sections: [LayoutSection]) throws(LayoutFault) {
        var seen: Set<[UInt8]> = []
        for (index, section) in sections.enumerated()
        where !seen.insert(Array(section.id.utf8)).inserted {
            throw LayoutFault(field: "sections[\(index)].id", problem: .repeatedSection)
        }
    }

    /// Sorts all names by hash, so that equal ones are neighbours.
    private static func checkSeatsDiffer(_ layout: Layout) throws(LayoutFault) {
        var name: [UInt8] = []
        var hashed: [(hash: UInt64, seat: UInt32)] = []
        hashed.reserveCapacity(layout.seatCount)
        for seat in 0..<UInt32(layout.seatCount) {
            name.removeAll(keepingCapacity: true)
            layout.appendName(of: SeatIndex(seat), to: &name)
            var hash = StableHash()
            hash.combine(name)
            hashed.append((hash.value, seat))
        }
        hashed.sort { $0 < $1 }
        for (earlier, later) in zip(hashed, hashed.dropFirst()) where earlier.hash == later.hash {
            let name = layout.seatName(SeatIndex(later.seat))
            guard name.utf8.elementsEqual(layout.seatName(SeatIndex(earlier.seat)).utf8) else {
                continue
            }
            throw LayoutFault(
                field: layout.field(of: SeatIndex(later.seat)),
                problem: .repeatedSeat(name: name))
        }
    }
}
