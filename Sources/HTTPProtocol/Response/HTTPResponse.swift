/// A whole response as its author sees it; framing, date and connection are the writer's.
package struct HTTPResponse: Hashable, Sendable {
    package var status: HTTPStatus
    package var headers: HeaderBlock
    /// Must be empty for 204 and 304.
    package var body: [UInt8]

    package init(
        _ status: HTTPStatus, headers: HeaderBlock = HeaderBlock(), body: [UInt8] = []
    ) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}

/// The value of a `Date` header (RFC 9110 §5.6.7), rendered once a second by whoever has a clock.
package struct HTTPDate: Hashable, Sendable {
    let bytes: [UInt8]

    /// The IMF-fixdate of the time, whose milliseconds are dropped.
    package init(_ time: WallTime) {
        let weekdays: [StaticString] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
        let months: [StaticString] = [
            "Jan", "Feb", "Mar", "Apr", "May", "Jun",
            "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
        ]
        let seconds = time.rawValue.flooringQuotient(by: 1_000)
        let days = seconds.flooringQuotient(by: 86_400)
        let date = CivilDate(daysSinceEpoch: days)
        var text: [UInt8] = []
        text.append(weekdays[Int(days - days.flooringQuotient(by: 7) * 7)])
        text.append(", ")
        text.appendTwoDigits(date.day)
        text.append(ASCII.space)
        text.append(months[date.month - 1])
        text.append(ASCII.space)
        text.appendTwoDigits(date.year / 100)
        text.appendTwoDigits(date.year % 100)
        text.append(ASCII.space)
        let second = Int(seconds - days * 86_400)
        text.appendTwoDigits(second / 3_600)
        text.append(ASCII.colon)
        text.appendTwoDigits(second / 60 % 60)
        text.append(ASCII.colon)
        text.appendTwoDigits(second % 60)
        text.append(" GMT")
        bytes = text
    }
}

/// A day of the Gregorian calendar.
private struct CivilDate {
    let year: Int
    /// 1…12.
    let month: Int
    /// 1…31.
    let day: Int

    /// By counting years from 1 March 0000, so that a leap day ends its year; 400 years are
    /// 146,097 days and every five months from March are 153.
    init(daysSinceEpoch: Int64) {
        let shifted = daysSinceEpoch + 719_468
        let era = shifted.flooringQuotient(by: 146_097)
        let dayOfEra = Int(shifted - era * 146_097)
        let yearOfEra =
            (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        year = yearOfEra + Int(era) * 400 + (month <= 2 ? 1 : 0)
    }
}

extension Int64 {
    /// Division that rounds toward minus infinity, for times before 1970.
    fileprivate func flooringQuotient(by divisor: Int64) -> Int64 {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }
}

extension [UInt8] {
    fileprivate mutating func appendTwoDigits(_ number: Int) {
        append(UInt8(number / 10) + 0x30)
        append(UInt8(number % 10) + 0x30)
    }
}
