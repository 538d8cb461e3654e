import Inventory
import Primitives
import Testing

private func layout(_ sections: [LayoutSection]) -> Layout {
    Layout(sections: sections, hash: LayoutCodec.hash(ofEncoded: LayoutCodec.encode(sections)))
}

private func section(_ id: String, _ rows: [(String, RowSeats)]) -> LayoutSection {
    LayoutSection(
        id: id, name: "Name", color: nil, rows: rows.map { LayoutRow(id: $0.0, seats: $0.1) })
}

private func fault(_ sections: [LayoutSection]) -> LayoutFault? {
    do throws(LayoutFault) {
        try Layout.validate(sections)
        return nil
    } catch { return error }
}

@Test func everySeatHasANameThatFindsIt() {
    let layout = layout([
        section("S", [("A", .range(first: 1, last: 40)), ("B", .labels(["1a", "1b", "x-y"]))]),
        section("", [("A", .range(first: 10, last: 12)), ("S-A", .labels(["41"]))]),
        section("S-B", [("1", .range(first: 0, last: 2))]),
    ])
    #expect(layout.seatCount == 40 + 3 + 3 + 1 + 3)
    for seat in 0..<UInt32(layout.seatCount) {
        let name = layout.seatName(SeatIndex(seat))
        #expect(layout.index(ofSeat: name) == SeatIndex(seat), "\(name)")
    }
    #expect(layout.seatName(SeatIndex(0)) == "S-A-1")
    #expect(layout.seatName(SeatIndex(42)) == "S-B-x-y")
    #expect(layout.seatName(SeatIndex(43)) == "A-10")
    #expect(layout.seatName(SeatIndex(46)) == "S-A-41")
    #expect(layout.section(of: SeatIndex(42)) == 0)
    #expect(layout.section(of: SeatIndex(43)) == 1)
    #expect(layout.seats(ofSection: 1) == 43..<47)
}

@Test(arguments: [
    "", "-", "S", "S-A", "S-A-", "S-A-0", "S-A-41x", "S-A-01", "S-A-+1", "S-A-1 ", " S-A-1",
    "s-A-1", "S-A-4294967297", "S-A-99999999999999999999", "S--A-1", "A-1", "B-1",
])
func aTextThatIsNoSeatsNameFindsNone(name: String) {
    let layout = layout([section("S", [("A", .range(first: 1, last: 40))])])
    #expect(layout.index(ofSeat: name) == nil)
}

@Test func namesAreComparedByteForByte() {
    let composed = "\u{E9}"
    let decomposed = "e\u{301}"
    let layout = layout([section(composed, [("A", .labels([composed, decomposed]))])])
    #expect(layout.index(ofSeat: "\(composed)-A-\(composed)") == SeatIndex(0))
    #expect(layout.index(ofSeat: "\(composed)-A-\(decomposed)") == SeatIndex(1))
    #expect(layout.index(ofSeat: "\(decomposed)-A-\(composed)") == nil)
}

@Test func aLayoutSurvivesItsEncoding() throws {
    let sections = World.sections + [section("", [("R", .range(first: 0, last: UInt32(99)))])]
    let bytes = LayoutCodec.encode(sections)
    let decoded = try LayoutCodec.decode(bytes)
    #expect(decoded.sections == sections)
    #expect(decoded.hash == LayoutCodec.hash(ofEncoded: bytes))
    // A range takes no more room than its ends.
    let long = LayoutCodec.encode([section("S", [("A", .range(first: 1, last: 100_000))])])
    #expect(long.count < 20)
}

@Test func damagedLayoutsAreErrorsNotTraps() {
    let bytes = LayoutCodec.encode(World.sections)
    for length in 0..<bytes.count {
        #expect(throws: LayoutCodecError.self) { try LayoutCodec.decode(Array(bytes[..<length])) }
    }
    var survivors = 0
    for bit in 0..<(bytes.count * 8) {
        var damaged = bytes
        damaged[bit / 8] ^= 1 << UInt8(bit % 8)
        if let layout = try? LayoutCodec.decode(damaged) {
            survivors += 1
            #expect(layout.hash != LayoutCodec.hash(ofEncoded: bytes))
            #expect(layout.seatCount <= Layout.seatCountMax)
        }
    }
    #expect(survivors > 0)
}

@Test func aLayoutOfTooManySeatsIsNotDecoded() {
    let bytes = LayoutCodec.encode([section("S", [("A", .range(first: 0, last: .max))])])
    #expect(throws: LayoutCodecError.tooManySeats) { try LayoutCodec.decode(bytes) }
}

@Test func aFaultInARequestNamesItsField() {
    let good = section("S", [("A", .range(first: 1, last: 2))])
    #expect(fault([good]) == nil)
    #expect(fault([]) == LayoutFault(field: "sections", problem: .empty))
    #expect(
        fault([good, section("T", [])])
            == LayoutFault(field: "sections[1].rows", problem: .empty))
    #expect(
        fault([section("S", [("A", .labels([]))])])
            == LayoutFault(field: "sections[0].rows[0].seats", problem: .empty))
    #expect(
        fault([section("S", [("A", .range(first: 2, last: 1))])])
            == LayoutFault(field: "sections[0].rows[0].seats", problem: .range))
    #expect(
        fault([section("S", [("", .range(first: 1, last: 1))])])
            == LayoutFault(field: "sections[0].rows[0].id", problem: .text))
    #expect(
        fault([section("S", [("A", .labels(["1", "\u{7}"]))])])
            == LayoutFault(field: "sections[0].rows[0].seats[1]", problem: .text))
    #expect(
        fault([section(String(repeating: "x", count: 129), [("A", .labels(["1"]))])])
            == LayoutFault(field: "sections[0].id", problem: .text))
    #expect(
        fault([good, good])
            == LayoutFault(field: "sections[1].id", problem: .repeatedSection))
}

@Test func seatNamesHaveToDifferAfterJoining() {
    #expect(
        fault([section("S", [("A", .labels(["1", "2", "1"]))])])
            == LayoutFault(
                field: "sections[0].rows[0].seats[2]", problem: .repeatedSeat(name: "S-A-1")))
    #expect(
        fault([section("S", [("A", .range(first: 1, last: 3)), ("A", .labels(["3"]))])])
            == LayoutFault(
                field: "sections[0].rows[1].seats[0]", problem: .repeatedSeat(name: "S-A-3")))
    #expect(
        fault([
            section("S", [("A", .labels(["B-1"])), ("A-B", .labels(["1"]))])
        ])
            == LayoutFault(
                field: "sections[0].rows[1].seats[0]", problem: .repeatedSeat(name: "S-A-B-1")))
}

@Test func aLayoutIsBounded() {
    let max = Layout.seatCountMax
    #expect(fault([section("S", [("A", .range(first: 1, last: UInt32(max)))])]) == nil)
    #expect(
        fault([section("S", [("A", .range(first: 0, last: UInt32(max)))])])
            == LayoutFault(field: "sections[0].rows[0].seats", problem: .tooMany(max: max)))
    let sections = (0...Layout.sectionCountMax).map { section("\($0)", []) }
    #expect(
        fault(sections)
            == LayoutFault(field: "sections", problem: .tooMany(max: Layout.sectionCountMax)))
}

@Test func aLayoutsHashHasOneText() {
    let text = Layout.text(ofHash: 0x0123_4567_89AB_CDEF)
    #expect(text == "00000000000000000123456789abcdef")
    #expect(Layout.hash(ofText: text) == 0x0123_4567_89AB_CDEF)
    #expect(Layout.hash(ofText: "0123") == nil)
    #expect(Layout.hash(ofText: text.uppercased()) == nil)
}
