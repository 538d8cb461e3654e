import Primitives

/// The appends on their way to one follower, oldest first: a window of messages and of bytes.
struct Inflights: Sendable {
    private struct Append: Sendable {
        let last: LogIndex
        let bytes: Int
    }
    private var appends: Ring<Append>
    private var bytes = 0
    private let bytesMax: Int

    init(messagesMax: Int, bytesMax: Int) {
        appends = Ring(capacity: messagesMax)
        self.bytesMax = bytesMax
    }

    var isEmpty: Bool { appends.isEmpty }
    var isFull: Bool { appends.isFull || bytes >= bytesMax }

    /// Must not be called when full.
    mutating func add(last: LogIndex, bytes added: Int) {
        let fits = appends.append(Append(last: last, bytes: added))
        invariant(fits, "INV-11: an append of \(added) bytes beyond a full window")
        bytes += added
    }

    /// Those that end at or below an acknowledged index have arrived.
    mutating func free(through match: LogIndex) {
        while let first = appends.first, first.last <= match {
            bytes -= first.bytes
            _ = appends.popFirst()
        }
    }

    mutating func removeAll() {
        while appends.popFirst() != nil {}
        bytes = 0
    }
}
