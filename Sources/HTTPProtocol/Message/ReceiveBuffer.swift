/// Bytes that have arrived and are not parsed yet. Holds no memory worth naming while a connection
/// is idle: there are tens of thousands of those.
struct ReceiveBuffer {
    /// More capacity than this is given back as soon as everything has been parsed.
    private static let idleBytesMax = 1_024

    /// Read it through `unread`: a span can't leave a computed property in Swift 6.3.
    private(set) var bytes: [UInt8] = []
    private var start = 0

    var count: Int { bytes.count - start }
    /// Where in `bytes` lies what has not been dropped yet.
    var unread: Range<Int> { start..<bytes.count }

    /// The first `length` unread bytes as an array of their own.
    func prefix(_ length: Int) -> [UInt8] { Array(bytes[start..<start + length]) }

    mutating func append(_ arrived: Span<UInt8>) {
        if start > 0 {
            bytes.removeSubrange(..<start)
            start = 0
        }
        arrived.withUnsafeBufferPointer { bytes.append(contentsOf: $0) }
    }

    mutating func drop(_ length: Int) {
        start += length
        guard start == bytes.count else { return }
        bytes.removeAll(keepingCapacity: bytes.capacity <= ReceiveBuffer.idleBytesMax)
        start = 0
    }
}
