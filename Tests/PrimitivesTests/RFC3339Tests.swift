import Primitives
import Testing

private func text(_ milliseconds: Int64) -> String {
    var bytes: [UInt8] = []
    WallTime(milliseconds).appendRFC3339(to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
}

/// Seconds are from GNU date.
@Test(
    arguments: [
        (0, "1970-01-01T00:00:00.000Z"), (1, "1970-01-01T00:00:00.001Z"),
        (86_399_999, "1970-01-01T23:59:59.999Z"), (86_400_000, "1970-01-02T00:00:00.000Z"),
        (68_169_600_000, "1972-02-29T00:00:00.000Z"), (951_782_400_000, "2000-02-29T00:00:00.000Z"),
        (951_868_800_000, "2000-03-01T00:00:00.000Z"),
        (1_709_251_199_999, "2024-02-29T23:59:59.999Z"),
        (1_735_689_599_987, "2024-12-31T23:59:59.987Z"),
        (4_107_542_399_000, "2100-02-28T23:59:59.000Z"),
        (4_107_542_400_000, "2100-03-01T00:00:00.000Z"),
        (253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
    ] as [(Int64, String)])
func timesAndTextsAgree(milliseconds: Int64, expected: String) {
    #expect(text(milliseconds) == expected)
    #expect(WallTime(rfc3339: expected.utf8) == WallTime(milliseconds))
}

/// Walks the calendar by its own rules, a day at a time, through one of its cycles of 400 years.
@Test func theEdgesOfEveryMonthComeBack() {
    var (year, month, day) = (1970, 1, 1)
    for dayNumber in 0..<Int64(146_097) {
        let isLeap = year.isMultiple(of: 400) || year.isMultiple(of: 4) && !year.isMultiple(of: 100)
        let lastDay = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
        if day <= 2 || day >= lastDay - 1 {
            let time = WallTime(dayNumber * 86_400_000 + dayNumber)
            let written = text(time.rawValue)
            let date = [(year, 10_000), (month, 100), (day, 100)].map { number, limit in
                String(number + limit).dropFirst()
            }.joined(separator: "-")
            guard written.hasPrefix(date + "T00:"), WallTime(rfc3339: written.utf8) == time else {
                Issue.record("\(written) on \(date)")
                return
            }
        }
        day += 1
        if day > lastDay { (month, day) = (month + 1, 1) }
        if month > 12 { (year, month) = (year + 1, 1) }
    }
    #expect((year, month, day) == (2370, 1, 1))
}

@Test(arguments: [
    ("2024-05-06T07:08:09Z", "2024-05-06T07:08:09.000Z"),
    ("2024-05-06T07:08:09.1Z", "2024-05-06T07:08:09.100Z"),
    ("2024-05-06T07:08:09.12Z", "2024-05-06T07:08:09.120Z"),
    ("2024-05-06T07:08:09.1239999Z", "2024-05-06T07:08:09.123Z"),
    ("2024-05-06T07:08:09.999999999Z", "2024-05-06T07:08:09.999Z"),
    ("2024-05-06T07:08:09+00:00", "2024-05-06T07:08:09.000Z"),
    ("2024-05-06T07:08:09-00:00", "2024-05-06T07:08:09.000Z"),
    ("2024-05-06T07:08:09.5+05:30", "2024-05-06T01:38:09.500Z"),
    ("2024-02-28T20:00:00-07:00", "2024-02-29T03:00:00.000Z"),
    ("2025-01-01T00:00:00+23:59", "2024-12-31T00:01:00.000Z"),
    ("1969-12-31T23:30:00-01:00", "1970-01-01T00:30:00.000Z"),
    ("1970-01-01T01:00:00+01:00", "1970-01-01T00:00:00.000Z"),
    ("2024-05-06T07:08:09.123456789-12:34", "2024-05-06T19:42:09.123Z"),
])
func fractionsAndOffsetsAreRead(given: String, normal: String) throws {
    let time = try #require(WallTime(rfc3339: given.utf8))
    #expect(text(time.rawValue) == normal)
}

@Test(arguments: [
    // Dates and times that don't exist.
    "2023-02-29T00:00:00Z", "2024-02-30T00:00:00Z", "2100-02-29T00:00:00Z", "2024-04-31T00:00:00Z",
    "2024-00-01T00:00:00Z", "2024-13-01T00:00:00Z", "2024-01-00T00:00:00Z", "2024-01-32T00:00:00Z",
    "2024-01-01T24:00:00Z", "2024-01-01T00:60:00Z", "2024-01-01T00:00:61Z", "2016-12-31T23:59:60Z",
    "2024-01-01T00:00:00+24:00", "2024-01-01T00:00:00+00:60", "0000-01-01T00:00:00Z",
    // Outside the range.
    "1969-12-31T23:59:59.999Z", "1970-01-01T00:00:00+00:01", "9999-12-31T23:59:59-00:01",
    // Another form.
    "", "2024", "2024-01-01", "2024-01-01T00:00:00", "2024-01-01T00:00Z", "2024-01-01 00:00:00Z",
    "2024-01-01t00:00:00Z", "2024-01-01T00:00:00z", "24-01-01T00:00:00Z", "02024-01-01T00:00:00Z",
    "2024-1-1T00:00:00Z", "2024-01-01T00:00:00.Z", "2024-01-01T00:00:00,5Z",
    "2024-01-01T00:00:00.1234567891Z", "2024-01-01T00:00:00+0100", "2024-01-01T00:00:00+01",
    "2024-01-01T00:00:00Z ", " 2024-01-01T00:00:00Z", "2024-01-01T00:00:00ZZ",
    "2024-01-01T00:00:00.5", "+024-01-01T00:00:00Z", "2024-01-01T0a:00:00Z", "2024-01-01T-1:00:00Z",
    "2024-01-01T00:00:00.123456789+01:00Z", "２024-01-01T00:00:00Z",
])
func anythingElseIsRefused(given: String) {
    #expect(WallTime(rfc3339: given.utf8) == nil)
}

@Test func everyPrefixOfATimeIsRefused() {
    let whole = "2024-05-06T07:08:09.123456789+05:30".utf8
    #expect(WallTime(rfc3339: whole) != nil)
    for count in 0..<whole.count { #expect(WallTime(rfc3339: whole.prefix(count)) == nil) }
}

@Test func aTimeWithoutATextIsABadProgram() async {
    #expect(WallTime.rfc3339Range.lowerBound == .zero)
    await #expect(processExitsWith: .failure) {
        var bytes: [UInt8] = []
        WallTime(253_402_300_800_000).appendRFC3339(to: &bytes)
    }
}
