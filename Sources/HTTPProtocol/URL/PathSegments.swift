/// A path cut at its slashes, each piece decoded on its own: an encoded slash stays in its segment.
/// Nothing is normalised: `/a/` has an empty last segment, `/` has one empty segment, and dots are
/// text.
package struct PathSegments: Hashable, Sendable {
    private let segments: [ArraySlice<UInt8>]

    /// From a path as sent, with its first slash; `*` is one segment.
    package init(_ path: ArraySlice<UInt8>) {
        let rest = path.first == ASCII.slash ? path.dropFirst() : path
        segments = rest.split(separator: ASCII.slash, omittingEmptySubsequences: false)
    }

    /// At least 1.
    package var count: Int { segments.count }

    /// Whether the segment at `index` is this text, once decoded.
    package func segment(_ index: Int, is text: StaticString) -> Bool {
        let segment = segments[index]
        if segment.elementsEqual(text.utf8) { return true }
        guard segment.contains(ASCII.percent), let decoded = try? self.text(index) else {
            return false
        }
        return decoded.utf8.elementsEqual(text.utf8)
    }

    /// The segment at `index`, decoded.
    package func text(_ index: Int) throws(PercentCodingError) -> String {
        try percentDecoded(segments[index], .plus)
    }
}

extension StaticString {
    var utf8: UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(start: utf8Start, count: utf8CodeUnitCount)
    }
}
