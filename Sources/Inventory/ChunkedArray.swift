/// An array that grows by chunks, so that no append moves millions of elements.
struct ChunkedArray<Element> {
    private static var chunkBits: Int { 10 }
    private var chunks: [[Element]] = []
    private(set) var count = 0

    var indices: Range<Int> { 0..<count }

    mutating func append(_ element: Element) {
        if count == chunks.count << Self.chunkBits { chunks.append([]) }
        chunks[chunks.count - 1].append(element)
        count += 1
    }

    subscript(index: Int) -> Element {
        get { chunks[index &>> Self.chunkBits][index & (1 << Self.chunkBits - 1)] }
        _modify { yield &chunks[index &>> Self.chunkBits][index & (1 << Self.chunkBits - 1)] }
    }
}

extension ChunkedArray: Sendable where Element: Sendable {}
