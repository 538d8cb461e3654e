/// A segment's place in the sequence of all segments of one log, from 1, never used twice.
package struct SegmentNumber: Hashable, Comparable, Sendable {
    package let rawValue: UInt64
    package static let first = SegmentNumber(1)
    private static let digits = 20
    private static let suffix = ".wal"

    package init(_ rawValue: UInt64) { self.rawValue = rawValue }

    package static func < (a: SegmentNumber, b: SegmentNumber) -> Bool { a.rawValue < b.rawValue }

    var next: SegmentNumber { SegmentNumber(rawValue + 1) }

    /// The number in 20 digits and `.wal`, so that names sort as numbers do.
    package var fileName: String {
        let number = String(rawValue)
        return String(repeating: "0", count: Self.digits - number.utf8.count) + number + Self.suffix
    }

    /// Nil for a file that is no segment.
    init?(fileName: String) {
        guard fileName.hasSuffix(Self.suffix),
            let number = UInt64(fileName.dropLast(Self.suffix.utf8.count))
        else { return nil }
        self.init(number)
        guard self.fileName == fileName else { return nil }
    }
}
