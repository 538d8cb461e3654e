import Glibc
package import Primitives

/// What came of receiving.
package enum Received: Hashable, Sendable {
    /// So many bytes, at least one. Fewer than there was room for: no more have arrived yet.
    case bytes(Int)
    /// Nothing has arrived; the loop will tell.
    case wouldBlock
    /// The peer has ended its stream.
    case closed
}

/// A TCP connection that never blocks, with `TCP_NODELAY`: every write is a whole message or
/// more, so waiting for a fuller segment would only add delay.
package struct StreamSocket: ~Copyable, Sendable {
    package let descriptor: Descriptor

    /// Takes a connected stream socket that does not block.
    package init(_ descriptor: consuming Descriptor) {
        self.descriptor = descriptor
    }

    /// Begins to connect. When the loop says `.write` (or `.failed`), `connectionResult` tells how
    /// it went. Throws at once when there is no route or no descriptor left.
    package static func connect(to address: SocketAddress) throws(SystemError) -> StreamSocket {
        let type = streamType | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        let descriptor = Descriptor(
            owning: try checked("socket") { socket(address.family, type, 0) })
        try setOption(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, to: 1)
        let number = descriptor.rawValue
        let result = address.withSystemAddress { Glibc.connect(number, $0, $1) }
        // EINTR too: the attempt goes on by itself (connect(2)).
        guard result == 0 || errno == EINPROGRESS || errno == EINTR else {
            // Even EINVAL is the address's fault: a link-local one without its scope.
            throw SystemError(operation: "connect \(address)", errno: errno)
        }
        return StreamSocket(descriptor)
    }

    /// How an attempt to connect ended (`SO_ERROR`): throws the reason of its failure, such as
    /// errno `ECONNREFUSED`.
    package func connectionResult() throws(SystemError) {
        let number = descriptor.rawValue
        var code: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        try checked("getsockopt") { getsockopt(number, SOL_SOCKET, SO_ERROR, &code, &length) }
        if code != 0 { throw SystemError(operation: "connect", errno: code) }
    }

    /// Receives into `buffer` from `start` up to its count: the caller keeps one buffer for all its
    /// connections. Throws when the connection is broken, such as errno `ECONNRESET`.
    package func receive(
        into buffer: inout [UInt8], at start: Int = 0
    ) throws(SystemError) -> Received {
        invariant(start < buffer.count, "no room: \(start) of \(buffer.count) bytes are taken")
        let number = descriptor.rawValue
        let count = buffer.withUnsafeMutableBytes { bytes in
            let room = UnsafeMutableRawBufferPointer(rebasing: bytes[start...])
            return uninterrupted { recv(number, room.baseAddress, room.count, 0) }
        }
        switch count {
        case 0: return .closed
        case 1...: return .bytes(count)
        default:
            let code = errno
            if code == EAGAIN { return .wouldBlock }
            throw systemError("recv", code)
        }
    }

    /// Breaks the connection (errno `ETIMEDOUT`) when what was sent stays unacknowledged, or the
    /// peer's window shut, for so long (`TCP_USER_TIMEOUT`, tcp(7)). Without it the kernel tries
    /// for a quarter of an hour, ever more rarely.
    package func limitUnacknowledged(to span: Milliseconds) throws(SystemError) {
        try setOption(
            descriptor, Int32(IPPROTO_TCP), TCP_USER_TIMEOUT, to: Int32(clamping: span.rawValue))
    }

    /// Ends our stream; the peer sees the end once it has everything. Bytes can still be received.
    package func shutdownSending() throws(SystemError) {
        let number = descriptor.rawValue
        try checked("shutdown") { shutdown(number, Int32(SHUT_WR)) }
    }

    /// This end's address.
    package func localAddress() throws(SystemError) -> SocketAddress {
        try SocketAddress("getsockname", of: descriptor, getsockname)
    }

    /// The other end's address. Throws errno `ENOTCONN` when it is already gone.
    package func peerAddress() throws(SystemError) -> SocketAddress {
        try SocketAddress("getpeername", of: descriptor, getpeername)
    }
}
