import Primitives

/// The log's sizes, from the configuration.
package struct WALOptions: Hashable, Sendable {
    /// A segment is ended before it would grow beyond this; a larger record has one of its own.
    package var segmentBytes: Int
    /// The most data of entries that a start keeps in memory, besides those not known committed.
    package var tailBytesMax: Int
    /// What one step of preparing a spare segment writes and syncs.
    package var zeroStepBytes: Int

    package init(
        segmentBytes: Int = 64 * 1_024 * 1_024, tailBytesMax: Int = 16 * 1_024 * 1_024,
        zeroStepBytes: Int = 1_024 * 1_024
    ) {
        invariant(
            segmentBytes > SegmentHeader.bytes && segmentBytes <= 1 << 30,
            "segments of \(segmentBytes) bytes")
        invariant(zeroStepBytes > 0, "steps of \(zeroStepBytes) bytes")
        self.segmentBytes = segmentBytes
        self.tailBytesMax = tailBytesMax
        self.zeroStepBytes = zeroStepBytes
    }
}
