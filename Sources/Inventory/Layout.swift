package import Primitives

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

    /// The label of the seat at a position of the row.
    package func label(_ position: Int) -> String {
        switch seats {
        case .range(let first, _): String(first + UInt32(position))
        case .labels(let labels): labels[position]
        }
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

/// An immutable seating plan: names seats by index and finds the index of a name. A seat's name is
/// its section's id, its row's id and its label, joined by `-`; an empty section id is left out.
package final class Layout: Sendable {
    package let sections: [LayoutSection]
    /// SHA-256, first 128 bits, of the encoded layout.
    package let hash: UInt128
    package let seatCount: Int
    /// The first seat of each section, then the seat count.
    private let sectionStarts: [UInt32]
    private let rows: [RowPlace]
    /// Indices into `rows`, by the bytes of their prefixes.
    private let rowsByPrefix: [Int]

    /// Takes the sections as they are; `LayoutFault` tells whether a request's are acceptable.
    package init(sections: [LayoutSection], hash: UInt128) {
        self.sections = sections
        self.hash = hash
        var places: [RowPlace] = []
        var starts: [UInt32] = []
        var seat: UInt32 = 0
        for (index, section) in sections.enumerated() {
            starts.append(seat)
            for (position, row) in section.rows.enumerated() {
                places.append(
                    RowPlace(section: index, row: position, start: seat, of: section, row))
                seat += UInt32(row.seats.count)
            }
        }
        sectionStarts = starts + [seat]
        seatCount = Int(seat)
        rows = places
        rowsByPrefix = places.indices.sorted { places[$0].prefix.precedes(places[$1].prefix) }
    }

    /// `hash` as clients see it: 32 hexadecimal digits.
    package var hashText: String { Self.text(ofHash: hash) }

    package static func text(ofHash hash: UInt128) -> String {
        Hex.encode(withUnsafeBytes(of: hash.bigEndian) { Array($0) })
    }

    /// The hash that `text(ofHash:)` writes so; nil for any other text.
    package static func hash(ofText text: String) -> UInt128? {
        guard let bytes = Hex.decode(text.utf8), bytes.count == 16 else { return nil }
        return bytes.reduce(0) { $0 << 8 | UInt128($1) }
    }

    /// The index of the section that a seat of this layout is in.
    package func section(of seat: SeatIndex) -> Int {
        sectionStarts.lastIndex(startingAtOrBefore: seat.rawValue) { $0 }
    }

    /// The seats of a section.
    package func seats(ofSection section: Int) -> Range<Int> {
        Int(sectionStarts[section])..<Int(sectionStarts[section + 1])
    }

    /// The name of a seat of this layout.
    package func seatName(_ seat: SeatIndex) -> String {
        var name: [UInt8] = []
        appendName(of: seat, to: &name)
        return String(decoding: name, as: UTF8.self)
    }

    /// Appends the UTF-8 bytes of the seat's name.
    package func appendName(of seat: SeatIndex, to text: inout [UInt8]) {
        let place = rows[rows.lastIndex(startingAtOrBefore: seat.rawValue) { $0.start }]
        text.append(contentsOf: place.prefix)
        text.append(UInt8(ascii: "-"))
        let position = Int(seat.rawValue - place.start)
        text.append(contentsOf: sections[place.section].rows[place.row].label(position).utf8)
    }

    /// Where a request names the seat, for messages.
    func field(of seat: SeatIndex) -> String {
        let place = rows[rows.lastIndex(startingAtOrBefore: seat.rawValue) { $0.start }]
        let position = seat.rawValue - place.start
        return "sections[\(place.section)].rows[\(place.row)].seats[\(position)]"
    }

    /// The seat with exactly this name, byte for byte; nil when there is none. Ids and labels may
    /// hold `-` themselves, so each `-` may be the one before the label.
    package func index(ofSeat name: String) -> SeatIndex? {
        var name = name
        return name.withUTF8 { index(ofSeat: $0) }
    }

    /// The seat with exactly this name, in UTF-8.
    package func index(ofSeat name: UnsafeBufferPointer<UInt8>) -> SeatIndex? {
        for dash in name.indices.reversed() where name[dash] == UInt8(ascii: "-") {
            let prefix = UnsafeBufferPointer(rebasing: name[..<dash])
            let label = UnsafeBufferPointer(rebasing: name[(dash + 1)...])
            var candidate = rowsByPrefix.partitionIndex { !rows[$0].prefix.precedes(prefix) }
            while candidate < rowsByPrefix.count {
                let place = rows[rowsByPrefix[candidate]]
                guard place.prefix.elementsEqual(prefix) else { break }
                if let position = place.position(
                    of: label, in: sections[place.section].rows[place.row].seats)
                {
                    return SeatIndex(place.start + UInt32(position))
                }
                candidate += 1
            }
        }
        return nil
    }
}

/// Layouts of one content are one layout.
extension Layout: Hashable {
    package static func == (a: Layout, b: Layout) -> Bool { a.hash == b.hash }
    package func hash(into hasher: inout Hasher) { hasher.combine(hash) }
}

/// Where a row is, and how its seats are found by label.
private struct RowPlace: Sendable {
    let section: Int
    let row: Int
    /// The row's first seat.
    let start: UInt32
    /// What its seats' names begin with, without the last `-`.
    let prefix: [UInt8]
    /// Positions by the bytes of their labels; empty for ranges.
    let byLabel: [UInt32]

    init(
        section: Int, row: Int, start: UInt32, of content: LayoutSection, _ rowContent: LayoutRow
    ) {
        self.section = section
        self.row = row
        self.start = start
        prefix = Array((content.id.isEmpty ? rowContent.id : "\(content.id)-\(rowContent.id)").utf8)
        switch rowContent.seats {
        case .range: byLabel = []
        case .labels(let labels):
            byLabel = labels.indices.map(UInt32.init).sorted {
                labels[Int($0)].utf8.precedes(labels[Int($1)].utf8)
            }
        }
    }

    func position(of label: UnsafeBufferPointer<UInt8>, in seats: RowSeats) -> Int? {
        switch seats {
        case .range(let first, let last):
            guard let number = UInt32(canonicalDecimal: label), first <= number, number <= last
            else { return nil }
            return Int(number - first)
        case .labels(let labels):
            let place = byLabel.partitionIndex { !labels[Int($0)].utf8.precedes(label) }
            guard place < byLabel.count else { return nil }
            let position = Int(byLabel[place])
            return labels[position].utf8.elementsEqual(label) ? position : nil
        }
    }
}

extension UInt32 {
    /// The number whose shortest decimal form these digits are.
    init?(canonicalDecimal digits: UnsafeBufferPointer<UInt8>) {
        guard 1...10 ~= digits.count, digits[0] != UInt8(ascii: "0") || digits.count == 1 else {
            return nil
        }
        var value: UInt64 = 0
        for digit in digits {
            guard UInt8(ascii: "0")...UInt8(ascii: "9") ~= digit else { return nil }
            value = value * 10 + UInt64(digit - UInt8(ascii: "0"))
        }
        self.init(exactly: value)
    }
}

extension Sequence<UInt8> {
    /// Bytewise order: unlike that of strings it takes no two spellings for one.
    fileprivate func precedes(_ other: some Sequence<UInt8>) -> Bool {
        lexicographicallyPrecedes(other)
    }
}

extension Array {
    /// The first index whose element satisfies `isBeyond`, which must be false up to there and
    /// true from there on; `count` when none does.
    func partitionIndex(where isBeyond: (Element) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if isBeyond(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }

    /// The last index whose start isn't beyond `value`; starts rise, and the first is zero.
    fileprivate func lastIndex(
        startingAtOrBefore value: UInt32, _ start: (Element) -> UInt32
    ) -> Int {
        partitionIndex { start($0) > value } - 1
    }
}
