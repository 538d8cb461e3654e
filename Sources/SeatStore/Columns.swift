import Inventory
import Primitives

// How the inventory's types stand in columns: integers as they are, times as milliseconds, ids as
// their public text, hashes as 16 bytes, seat lists as JSON, statuses as words.

extension Statement {
    /// SQLite's integers are signed: a number beyond 2^63 is a defect.
    func bind(_ number: UInt64) { bind(Int64(number)) }
    func bind(_ number: UInt64?) { bind(number.map { Int64($0) }) }
    func bind(_ number: UInt32) { bind(Int64(number)) }
    func bind(_ number: UInt32?) { bind(number.map { Int64($0) }) }
    func bind(_ time: WallTime) { bind(time.rawValue) }
    func bind(_ time: WallTime?) { bind(time?.rawValue) }
    func bind(_ status: some StatusWord) { bind(word: status.word) }
    func bind<Kind>(_ id: ResourceID<Kind>) { bind(text: id.text) }

    /// A hold's number on a seat, where zero says "no hold".
    func bind(claim holdNumber: UInt64) {
        bind(holdNumber == 0 ? nil : holdNumber)
    }

    /// Sixteen bytes, the highest first.
    func bind(_ hash: UInt128) {
        withUnsafeBytes(of: hash.bigEndian) { bind(blob: $0) }
    }

    /// `[12,13]`.
    func bind(_ seats: [SeatIndex]) {
        let digitsMax = 10
        let capacity = 2 + seats.count * (digitsMax + 1)
        withUnsafeTemporaryAllocation(byteCount: capacity, alignment: 1) { buffer in
            buffer[0] = UInt8(ascii: "[")
            var end = 1
            for seat in seats {
                if end > 1 {
                    buffer[end] = UInt8(ascii: ",")
                    end += 1
                }
                end = writeDigits(of: seat.rawValue, into: buffer, from: end)
            }
            buffer[end] = UInt8(ascii: "]")
            bind(text: UnsafeRawBufferPointer(rebasing: buffer[...end]))
        }
    }
}

/// Writes the decimal digits and returns the index after the last.
private func writeDigits(
    of value: UInt32, into buffer: UnsafeMutableRawBufferPointer, from start: Int
) -> Int {
    var end = start + 1
    var rest = value / 10
    while rest > 0 {
        end += 1
        rest /= 10
    }
    rest = value
    for position in (start..<end).reversed() {
        buffer[position] = UInt8(ascii: "0") + UInt8(rest % 10)
        rest /= 10
    }
    return end
}

extension Statement {
    func number<Number: FixedWidthInteger>() throws(StoreError) -> Number {
        let value = int64()
        guard let number = Number(exactly: value) else { throw damaged("\(value) out of range") }
        return number
    }

    func optionalNumber<Number: FixedWidthInteger>() throws(StoreError) -> Number? {
        guard isNull() else { return try number() }
        skip()
        return nil
    }

    func time() -> WallTime { WallTime(int64()) }
    func optionalTime() -> WallTime? { optionalInt64().map { WallTime($0) } }

    func status<Status: StatusWord>() throws(StoreError) -> Status {
        guard let status = withText({ Status(word: $0) }) else { throw damaged("unknown word") }
        return status
    }

    func id<Kind>() throws(StoreError) -> ResourceID<Kind> {
        let text = text()
        guard let id = ResourceID<Kind>(text) else { throw damaged("no id: \(text)") }
        return id
    }

    func hash() throws(StoreError) -> UInt128 {
        let bytes = blob()
        guard bytes.count == 16 else { throw damaged("a hash of \(bytes.count) bytes") }
        return bytes.reduce(0) { $0 << 8 | UInt128($1) }
    }

    func seats() throws(StoreError) -> [SeatIndex] {
        guard let seats = withText({ parseSeats($0) }) else { throw damaged("no list of seats") }
        return seats
    }

    func optionalSeats() throws(StoreError) -> [SeatIndex]? {
        guard isNull() else { return try seats() }
        skip()
        return nil
    }
}

/// Reads what `bind(_: [SeatIndex])` writes; nil for anything else.
private func parseSeats(_ text: UnsafeBufferPointer<UInt8>) -> [SeatIndex]? {
    guard text.count >= 2, text[0] == UInt8(ascii: "["), text[text.count - 1] == UInt8(ascii: "]")
    else { return nil }
    if text.count == 2 { return [] }
    var seats: [SeatIndex] = []
    var value: UInt32?
    for byte in text[1...] {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"):
            let (tens, overflow) = (value ?? 0).multipliedReportingOverflow(by: 10)
            let (sum, carry) = tens.addingReportingOverflow(UInt32(byte - UInt8(ascii: "0")))
            if overflow || carry { return nil }
            value = sum
        case UInt8(ascii: ","), UInt8(ascii: "]"):
            guard let number = value else { return nil }
            seats.append(SeatIndex(number))
            value = nil
        default:
            return nil
        }
    }
    return seats
}

/// An SQL expression for a view: a column of milliseconds as RFC 3339 text.
func rfc3339(_ column: String) -> String {
    "strftime('%Y-%m-%dT%H:%M:%fZ', \(column) / 1000.0, 'unixepoch')"
}
