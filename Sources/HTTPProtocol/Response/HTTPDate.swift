package import Primitives

/// The value of a `Date` header (RFC 9110 §5.6.7), rendered once a second by whoever has a clock.
package struct HTTPDate: Hashable, Sendable {
    let bytes: [UInt8]

    /// The IMF-fixdate of the time, milliseconds dropped: the RFC 3339 text with its parts in
    /// another order. The time must be in `WallTime.rfc3339Range`.
    package init(_ time: WallTime) {
        var parts: [UInt8] = []
        time.appendRFC3339(to: &parts)
        let daysSinceEpoch = time.rawValue / 86_400_000
        var text: [UInt8] = []
        text.reserveCapacity(29)
        text.append(HTTPDate.weekdays[Int(daysSinceEpoch % 7)])
        text.append(", ")
        text.append(contentsOf: parts[8..<10])
        text.append(ASCII.space)
        text.append(HTTPDate.months[Int(parts[5] - 0x30) * 10 + Int(parts[6] - 0x30) - 1])
        text.append(ASCII.space)
        text.append(contentsOf: parts[0..<4])
        text.append(ASCII.space)
        text.append(contentsOf: parts[11..<19])
        text.append(" GMT")
        bytes = text
    }

    /// From the weekday of 1970-01-01.
    private static let weekdays: [StaticString] = [
        "Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed",
    ]
    private static let months: [StaticString] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
}
