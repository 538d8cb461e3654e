/// A day of the Gregorian calendar.
struct CivilDate: Hashable {
    var year: Int
    var month: Int
    var day: Int

    /// Nil unless the calendar has such a day; years from 1 on.
    init?(year: Int, month: Int, day: Int) {
        guard year >= 1, (1...12).contains(month), day >= 1,
            day <= Self.daysBefore(month: month + 1, year: year)
                - Self.daysBefore(month: month, year: year)
        else { return nil }
        (self.year, self.month, self.day) = (year, month, day)
    }

    /// The day that many days after 1970-01-01; not negative.
    init(daysSinceEpoch days: Int) {
        let days = days + Self.daysBeforeEpoch
        // 400 years are 146,097 days exactly. The guess is at most one year early, in the
        // first days of a year: leap days fall behind the average by less than two days, and are
        // never a whole day ahead.
        var year = days * 400 / 146_097 + 1
        if Self.daysBefore(year: year + 1) <= days { year += 1 }
        let dayOfYear = days - Self.daysBefore(year: year)
        // No month is longer than 31 days, so this guess is at most one month early.
        var month = dayOfYear / 31 + 1
        if Self.daysBefore(month: month + 1, year: year) <= dayOfYear { month += 1 }
        self.year = year
        self.month = month
        day = dayOfYear - Self.daysBefore(month: month, year: year) + 1
    }

    /// Days from 1970-01-01 to this one; negative before it.
    var daysSinceEpoch: Int {
        Self.daysBefore(year: year) + Self.daysBefore(month: month, year: year) + day - 1
            - Self.daysBeforeEpoch
    }

    private static let daysBeforeEpoch = 719_162

    /// Days from 0001-01-01 to the first day of the year.
    private static func daysBefore(year: Int) -> Int {
        let past = year - 1
        return past * 365 + past / 4 - past / 100 + past / 400
    }

    /// Days of the year before the first of the month; month 13 is the whole year.
    private static func daysBefore(month: Int, year: Int) -> Int {
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        return commonDaysBefore[month - 1] + (isLeap && month > 2 ? 1 : 0)
    }

    private static let commonDaysBefore = [
        0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365,
    ]
}
