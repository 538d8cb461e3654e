import Primitives

/// How much a peer may make this side hold in memory or read. Every figure is configurable.
package struct HTTPLimits: Hashable, Sendable {
    /// Start line, fields and their final CRLF together; also a trailer section. At most 65,535.
    package var headBytesMax: Int
    /// The request target.
    package var targetBytesMax: Int
    /// Field lines in one section.
    package var fieldCountMax: Int
    /// A body, decoded, unless the caller allows another size after the head.
    package var bodyBytesMax: Int

    /// The limits of the HTTP contract: 16 KiB, 8 KiB, 100 fields, 64 KiB.
    package init(
        headBytesMax: Int = 16 * 1_024, targetBytesMax: Int = 8 * 1_024,
        fieldCountMax: Int = 100, bodyBytesMax: Int = 64 * 1_024
    ) {
        invariant(
            (1...Int(UInt16.max)).contains(headBytesMax) && targetBytesMax > 0 && fieldCountMax > 0
                && bodyBytesMax >= 0,
            "HTTPLimits: head \(headBytesMax), target \(targetBytesMax), "
                + "fields \(fieldCountMax), body \(bodyBytesMax)")
        self.headBytesMax = headBytesMax
        self.targetBytesMax = targetBytesMax
        self.fieldCountMax = fieldCountMax
        self.bodyBytesMax = bodyBytesMax
    }
}
