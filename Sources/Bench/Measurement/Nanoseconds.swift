import Primitives

/// A span of time as it was measured, in nanoseconds.
struct Nanoseconds: Hashable, Comparable, Sendable {
    var rawValue: UInt64
    init(_ rawValue: UInt64) { self.rawValue = rawValue }

    static var zero: Nanoseconds { Nanoseconds(0) }
    static func < (a: Nanoseconds, b: Nanoseconds) -> Bool { a.rawValue < b.rawValue }

    /// From `start` to `end`; zero when they are the other way round.
    init(from start: MonotonicTime, to end: MonotonicTime) {
        rawValue = end > start ? end.nanoseconds - start.nanoseconds : 0
    }

    /// Whole microseconds, for reports that programs read.
    var microseconds: Int { Int(rawValue / 1_000) }

    /// Such as `2.91`, in milliseconds.
    var millisecondsText: String { decimal(microseconds, unit: 1_000, places: 2) }

    /// Such as `12.4`, in seconds.
    var secondsText: String { decimal(microseconds, unit: 1_000_000, places: 1) }
}

/// `value / unit` with so many decimal places, rounded half up. `value` must not be negative.
func decimal(_ value: Int, unit: Int, places: Int) -> String {
    let scale = (0..<places).reduce(1) { product, _ in product * 10 }
    let scaled = (value * scale + unit / 2) / unit
    guard places > 0 else { return "\(scaled)" }
    let fraction = String(scaled % scale)
    let zeros = String(repeating: "0", count: places - fraction.count)
    return "\(scaled / scale).\(zeros)\(fraction)"
}

/// Such as `198,402`.
func grouped(_ value: Int) -> String {
    let digits = Array(String(value.magnitude))
    var text = value < 0 ? "-" : ""
    for (place, digit) in digits.enumerated() {
        if place > 0, (digits.count - place) % 3 == 0 { text += "," }
        text.append(digit)
    }
    return text
}

/// How many of something in a second, rounded down; zero when no time has passed.
func rate(_ count: Int, in span: Nanoseconds) -> Int {
    guard span > .zero else { return 0 }
    return Int(UInt128(count) * 1_000_000_000 / UInt128(span.rawValue))
}
