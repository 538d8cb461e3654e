// Wall-clock time as text, YYYY-MM-DDTHH:MM:SS.mmmZ (RFC 3339 §5.6).

extension WallTime {
    /// What can be written: 1970-01-01T00:00:00.000Z to 9999-12-31T23:59:59.999Z.
    package static let rfc3339Range = WallTime.zero...WallTime(253_402_300_799_999)

    /// Reads a date and time with `Z` or a numeric offset, and an optional fraction of 1 to 9
    /// digits, of which those beyond milliseconds are dropped. Nil for anything else, for a date
    /// that doesn't exist, for a leap second (this clock has none), for small letters, and outside
    /// `rfc3339Range`.
    package init?(rfc3339 text: some Collection<UInt8>) {
        var scanner = DateTimeScanner(text.prefix(DateTimeScanner.longestText + 1))
        guard let milliseconds = scanner.dateTime() else { return nil }
        self.init(milliseconds)
        guard Self.rfc3339Range.contains(self) else { return nil }
    }

    /// Appends the 24 characters of this time, which must be in `rfc3339Range`.
    package func appendRFC3339(to text: inout [UInt8]) {
        invariant(Self.rfc3339Range.contains(self), "\(rawValue) ms has no RFC 3339 text")
        let (days, milliseconds) = Int(rawValue).quotientAndRemainder(dividingBy: 86_400_000)
        let date = CivilDate(daysSinceEpoch: days)
        appendDigits(date.year / 100, to: &text)
        appendDigits(date.year % 100, to: &text)
        text.append(UInt8(ascii: "-"))
        appendDigits(date.month, to: &text)
        text.append(UInt8(ascii: "-"))
        appendDigits(date.day, to: &text)
        text.append(UInt8(ascii: "T"))
        appendDigits(milliseconds / 3_600_000, to: &text)
        text.append(UInt8(ascii: ":"))
        appendDigits(milliseconds / 60_000 % 60, to: &text)
        text.append(UInt8(ascii: ":"))
        appendDigits(milliseconds / 1_000 % 60, to: &text)
        text.append(UInt8(ascii: "."))
        text.append(UInt8(ascii: "0") + UInt8(milliseconds % 1_000 / 100))
        appendDigits(milliseconds % 100, to: &text)
        text.append(UInt8(ascii: "Z"))
    }

    /// Appends a number below 100 as two digits.
    private func appendDigits(_ number: Int, to text: inout [UInt8]) {
        text.append(UInt8(ascii: "0") + UInt8(number / 10))
        text.append(UInt8(ascii: "0") + UInt8(number % 10))
    }
}

/// Reads one date-time, character by character; nil at the first that doesn't fit.
private struct DateTimeScanner {
    /// Characters of a text with nine fraction digits and a numeric offset.
    static let longestText = 35

    private var rest: ArraySlice<UInt8>

    init(_ text: some Collection<UInt8>) { rest = Array(text)[...] }

    /// Milliseconds since 1970; negative before it.
    mutating func dateTime() -> Int64? {
        guard let year = number(digits: 4), accept("-"),
            let month = number(digits: 2), accept("-"),
            let day = number(digits: 2), accept("T"),
            let date = CivilDate(year: year, month: month, day: day),
            let minutes = hoursAndMinutes(), accept(":"),
            let seconds = number(digits: 2), seconds < 60,
            let milliseconds = fraction(),
            let offsetMinutes = offset(), rest.isEmpty
        else { return nil }
        let allMinutes = date.daysSinceEpoch * 1_440 + minutes - offsetMinutes
        return Int64((allMinutes * 60 + seconds) * 1_000 + milliseconds)
    }

    /// `HH:MM`, 00:00 to 23:59, in minutes.
    private mutating func hoursAndMinutes() -> Int? {
        guard let hours = number(digits: 2), hours < 24, accept(":"),
            let minutes = number(digits: 2), minutes < 60
        else { return nil }
        return hours * 60 + minutes
    }

    /// Milliseconds of an optional `.` and 1 to 9 digits.
    private mutating func fraction() -> Int? {
        guard accept(".") else { return 0 }
        var nanoseconds = 0
        var digitWorth = 100_000_000
        guard var digit = number(digits: 1) else { return nil }
        while true {
            nanoseconds += digit * digitWorth
            digitWorth /= 10
            guard digitWorth > 0, let next = number(digits: 1) else { break }
            digit = next
        }
        return nanoseconds / 1_000_000
    }

    /// Minutes east of Greenwich. `-00:00`, an unknown local offset, is UTC all the same (§4.3).
    private mutating func offset() -> Int? {
        if accept("Z") { return 0 }
        if accept("+") { return hoursAndMinutes() }
        guard accept("-"), let minutes = hoursAndMinutes() else { return nil }
        return -minutes
    }

    private mutating func number(digits: Int) -> Int? {
        guard rest.count >= digits else { return nil }
        var number = 0
        for character in rest.prefix(digits) {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(character) else { return nil }
            number = number * 10 + Int(character - UInt8(ascii: "0"))
        }
        rest.removeFirst(digits)
        return number
    }

    private mutating func accept(_ character: Unicode.Scalar) -> Bool {
        guard rest.first == UInt8(ascii: character) else { return false }
        rest.removeFirst()
        return true
    }
}
