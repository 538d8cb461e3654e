extension ImportVenuePart {
    /// Of one part: small enough for an entry of the log.
    package static let bytesMax = 128 * 1_024
    /// Of one venue: a body of 16 MiB can't become more.
    package static let countMax: UInt32 = 128

    /// An encoded layout cut into parts, in order.
    package static func cut(_ layout: [UInt8], of venue: VenueID) -> [ImportVenuePart] {
        let count = max(1, (layout.count + bytesMax - 1) / bytesMax)
        return (0..<count).map { part in
            let start = part * bytesMax
            return ImportVenuePart(
                venue: venue, part: UInt32(part), count: UInt32(count),
                bytes: Array(layout[start..<min(start + bytesMax, layout.count)]))
        }
    }
}
