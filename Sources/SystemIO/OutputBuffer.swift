import Primitives
import Glibc

/// What came of a flush.
package enum Flushed: Hashable, Sendable {
    /// Nothing is left.
    case everything
    /// The socket takes no more: flush again when the loop says `.write`.
    case blocked
}

/// Bytes on their way to a socket: a queue of chunks, sent several per system call, with an
/// account of what the socket took. A large chunk is kept as it is, so one array can wait in the
/// buffers of several connections without a copy; small ones are gathered.
package struct OutputBuffer: Sendable {
    /// Chunks up to this size are copied to the end of the last one while that stays small.
    private static let gatherBytesMax = 4_096
    private static let messageBytesUsual = 512
    private static let vectorsMax = 16

    private var chunks: [[UInt8]] = []
    /// The first chunk not sent whole, and how many bytes of it are sent.
    private var head = 0
    private var headSent = 0
    /// How many bytes wait.
    package private(set) var count = 0
    /// From this many waiting bytes on, nothing more is taken.
    package let byteLimit: Int

    package init(byteLimit: Int) {
        invariant(byteLimit > 0, "an output buffer of \(byteLimit) bytes takes nothing")
        self.byteLimit = byteLimit
    }

    /// Whether everything has been taken out again.
    package var isEmpty: Bool { count == 0 }
    /// Whether further chunks are refused: the limit is passed by less than one chunk.
    package var isFull: Bool { count >= byteLimit }

    /// Queues a chunk. False: full, and the chunk is not taken.
    package mutating func offer(_ chunk: [UInt8]) -> Bool {
        guard !isFull else { return false }
        append(chunk)
        return true
    }

    /// Lets `write` append a message in place. False: full, and `write` is not called.
    package mutating func offer(writing write: (inout [UInt8]) -> Void) -> Bool {
        guard !isFull else { return false }
        append(writing: write)
        return true
    }

    /// Queues a chunk whatever the limit: for what must not be dropped and is bounded elsewhere.
    package mutating func append(_ chunk: [UInt8]) {
        guard !chunk.isEmpty else { return }
        count += chunk.count
        if chunk.count <= Self.gatherBytesMax, tailTakesMore {
            chunks[chunks.count - 1].append(contentsOf: chunk)
        } else {
            chunks.append(chunk)
        }
    }

    /// Lets `write` append a message in place, whatever the limit.
    package mutating func append(writing write: (inout [UInt8]) -> Void) {
        if !tailTakesMore {
            chunks.append([])
            // A reply's usual size: its parts then cost one allocation together.
            chunks[chunks.count - 1].reserveCapacity(Self.messageBytesUsual)
        }
        let before = chunks[chunks.count - 1].count
        write(&chunks[chunks.count - 1])
        let written = chunks[chunks.count - 1].count - before
        invariant(written >= 0, "the writer removed \(-written) queued bytes")
        count += written
        if count == 0 { reset() }
    }

    /// Sends until nothing is left or the socket takes no more. Throws when the connection is
    /// broken, such as errno `EPIPE`.
    package mutating func flush(
        to socket: borrowing StreamSocket
    ) throws(SystemError) -> Flushed {
        while count > 0 {
            let attempt = sendSome(to: socket.descriptor.rawValue)
            switch attempt.result {
            case .sent(let bytes):
                advance(by: bytes)
                // Taken in part: the next call would only say EAGAIN.
                if bytes < attempt.offered { return .blocked }
            case .failed(EAGAIN):
                return .blocked
            case .failed(let code):
                throw systemError("sendmsg", code)
            }
        }
        return .everything
    }

    /// Drops everything, as when the connection is lost.
    package mutating func removeAll() {
        count = 0
        reset()
    }

    private var tailTakesMore: Bool {
        head < chunks.count && chunks[chunks.count - 1].count < Self.gatherBytesMax
    }

    private enum SendResult {
        case sent(Int)
        case failed(Int32)
    }

    private func sendSome(to socket: Int32) -> (offered: Int, result: SendResult) {
        withUnsafeTemporaryAllocation(of: iovec.self, capacity: Self.vectorsMax) { vectors in
            send(chunk: head, vectors: vectors, filled: 0, offered: 0, to: socket)
        }
    }

    /// Fills one vector per chunk, then sends them all. It recurses because a pointer into an array
    /// is valid only inside its own closure, and all must be valid at once.
    private func send(
        chunk index: Int, vectors: UnsafeMutableBufferPointer<iovec>, filled: Int, offered: Int,
        to socket: Int32
    ) -> (offered: Int, result: SendResult) {
        guard index < chunks.count, filled < vectors.count else {
            var message = msghdr()
            message.msg_iov = vectors.baseAddress
            message.msg_iovlen = filled
            let sent = uninterrupted { sendmsg(socket, &message, Int32(MSG_NOSIGNAL)) }
            return (offered, sent >= 0 ? .sent(sent) : .failed(errno))
        }
        return chunks[index].withUnsafeBytes { bytes in
            let rest = UnsafeRawBufferPointer(
                rebasing: bytes[(index == head ? headSent : 0)...])
            vectors[filled] = iovec(
                iov_base: UnsafeMutableRawPointer(mutating: rest.baseAddress), iov_len: rest.count)
            return send(
                chunk: index + 1, vectors: vectors, filled: filled + 1,
                offered: offered + rest.count, to: socket)
        }
    }

    private mutating func advance(by sent: Int) {
        count -= sent
        guard count > 0 else { return reset() }
        var left = sent
        while left >= chunks[head].count - headSent {
            left -= chunks[head].count - headSent
            chunks[head] = []
            head += 1
            headSent = 0
        }
        headSent += left
        // Forget sent chunks in passing, often enough that the queue stays in proportion.
        if head >= Self.vectorsMax, head * 2 >= chunks.count {
            chunks.removeFirst(head)
            head = 0
        }
    }

    private mutating func reset() {
        chunks.removeAll(keepingCapacity: chunks.capacity <= Self.vectorsMax)
        head = 0
        headSent = 0
    }
}
