import CLinux
import Glibc

/// A TCP socket that accepts connections.
package struct ListeningSocket: ~Copyable, Sendable {
    package let descriptor: Descriptor
    /// Where it listens; with the port that the kernel chose when port 0 was asked for.
    package let address: SocketAddress

    /// Listens at the address, with `SO_REUSEADDR`, so that a restart does not wait for old
    /// connections to time out. Throws errno `EADDRINUSE` when another socket listens there. The
    /// kernel cuts the backlog to `net.core.somaxconn`.
    package init(at address: SocketAddress, backlog: Int32 = 1_024) throws(SystemError) {
        try self.init(at: address, backlog: backlog, .alone)
    }

    private enum Sharing {
        case alone
        /// `SO_REUSEPORT`.
        case withSiblings
    }

    private init(
        at address: SocketAddress, backlog: Int32, _ sharing: Sharing
    ) throws(SystemError) {
        let type = streamType | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        let descriptor = Descriptor(
            owning: try checked("socket") { socket(address.family, type, 0) })
        let number = descriptor.rawValue
        try setOption(descriptor, SOL_SOCKET, SO_REUSEADDR, to: 1)
        if case .withSiblings = sharing {
            try setOption(descriptor, SOL_SOCKET, SO_REUSEPORT, to: 1)
        }
        // Accepted connections inherit it.
        try setOption(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, to: 1)
        guard address.withSystemAddress({ bind(number, $0, $1) }) == 0 else {
            // Even EINVAL is the address's fault: a link-local one without its scope.
            throw SystemError(operation: "bind \(address)", errno: errno)
        }
        try checked("listen \(address)") { listen(number, backlog) }
        self.address = try SocketAddress("getsockname", of: descriptor, getsockname)
        self.descriptor = descriptor
    }

    /// Another socket that listens at the same address: the kernel gives each new connection to
    /// one of them, evenly by a hash of its addresses (`SO_REUSEPORT`, socket(7)). This one was
    /// bound without that option, so the port was nobody else's; that the option may follow is
    /// the kernel's rule (inet_csk_get_port looks at what is set when the next one binds), and
    /// where it were not, this call would throw `EADDRINUSE`.
    package func sibling(backlog: Int32 = 1_024) throws(SystemError) -> ListeningSocket {
        try setOption(descriptor, SOL_SOCKET, SO_REUSEPORT, to: 1)
        return try ListeningSocket(at: address, backlog: backlog, .withSiblings)
    }

    /// Takes the next connection, not blocking, with `TCP_NODELAY`; nil when there is none. Call
    /// it until it returns nil. Throws when the process or machine is out of descriptors or
    /// memory; the connection then waits and the socket stays ready, so drop the interest in
    /// reading for a while.
    package func accept() throws(SystemError) -> StreamSocket? {
        let number = descriptor.rawValue
        while true {
            let flags = Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
            let accepted = uninterrupted { accept4(number, nil, nil, flags) }
            if accepted >= 0 {
                return StreamSocket(Descriptor(owning: accepted))
            }
            switch errno {
            case EAGAIN: return nil
            // The connection failed before it was taken; accept(2) says to go on with the next.
            case ECONNABORTED, EPROTO, ENETDOWN, ENOPROTOOPT, EHOSTDOWN, ENONET, EHOSTUNREACH,
                EOPNOTSUPP, ENETUNREACH:
                continue
            case let code: throw systemError("accept \(address)", code)
            }
        }
    }
}

/// Sets an integer socket option (setsockopt(2)).
func setOption(
    _ descriptor: borrowing Descriptor, _ level: Int32, _ option: Int32, to value: Int32
) throws(SystemError) {
    let number = descriptor.rawValue
    var value = value
    try checked("setsockopt \(option)") {
        setsockopt(number, level, option, &value, socklen_t(MemoryLayout<Int32>.size))
    }
}
