import Glibc

/// Why a text names no address.
package enum AddressError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Not `host:port`, with an IPv6 host in brackets and a port of 0…65,535.
    case malformed(String)
    /// The resolver does not know the name; `reason` is its own words.
    case unresolved(String, reason: String)

    package var description: String {
        switch self {
        case .malformed(let text): "\(text): not host:port (an IPv6 host goes in brackets)"
        case .unresolved(let text, let reason): "\(text): \(reason)"
        }
    }
}

/// An IP address and a TCP port: `127.0.0.1:8101` or `[::1]:8101`.
package enum SocketAddress: Hashable, Sendable, CustomStringConvertible {
    /// The address's 32 bits, the first octet highest.
    case ipv4(UInt32, port: UInt16)
    /// The address's 128 bits in halves, the first octet highest; no scope. Not one `UInt128`:
    /// Swift 6.3 gives an enum's 128-bit payload, passed by value, a stack slot aligned for 64
    /// bits, and debug builds fault on it.
    case ipv6(high: UInt64, low: UInt64, port: UInt16)

    /// Reads a numeric address and port, without asking a resolver. Nil when it is neither.
    package init?(_ text: String) {
        guard let (host, port) = Self.split(text),
            let address = Self.numeric(host: host, port: port)
        else { return nil }
        self = address
    }

    /// Reads `host:port`, where the host may be a name, and gives its addresses in the resolver's
    /// order (getaddrinfo(3)). Blocks for seconds when a name server does not answer: for start-up
    /// only.
    package static func resolve(_ text: String) throws(AddressError) -> [SocketAddress] {
        guard let (host, port) = split(text) else { throw .malformed(text) }
        if let address = numeric(host: host, port: port) { return [address] }
        var hints = addrinfo()
        hints.ai_socktype = streamType
        var list: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(String(host), String(port), &hints, &list)
        guard code == 0 else {
            throw .unresolved(text, reason: String(cString: gai_strerror(code)))
        }
        defer { freeaddrinfo(list) }
        var addresses: [SocketAddress] = []
        var next = list
        while let entry = next {
            if let address = entry.pointee.ai_addr.flatMap(SocketAddress.init(reading:)) {
                addresses.append(address)
            }
            next = entry.pointee.ai_next
        }
        return addresses
    }

    /// The TCP port; 0 lets the kernel choose one when it is bound.
    package var port: UInt16 {
        switch self {
        case .ipv4(_, let port), .ipv6(_, _, let port): port
        }
    }

    package var description: String {
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        switch self {
        case .ipv4(let bits, let port):
            var network = bits.bigEndian
            inet_ntop(AF_INET, &network, &text, socklen_t(text.count))
            return "\(Self.string(text)):\(port)"
        case .ipv6(let high, let low, let port):
            var network = (high.bigEndian, low.bigEndian)
            inet_ntop(AF_INET6, &network, &text, socklen_t(text.count))
            return "[\(Self.string(text))]:\(port)"
        }
    }

    private static func string(_ text: [CChar]) -> String {
        String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// Cuts at the last colon; takes the brackets from an IPv6 host.
    private static func split(_ text: String) -> (host: Substring, port: UInt16)? {
        guard let colon = text.lastIndex(of: ":") else { return nil }
        let digits = text[text.index(after: colon)...]
        guard digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let port = UInt16(digits)
        else { return nil }
        let host = text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") {
            return (host.dropFirst().dropLast(), port)
        }
        return host.isEmpty || host.contains(":") ? nil : (host, port)
    }

    private static func numeric(host: Substring, port: UInt16) -> SocketAddress? {
        var bits: UInt32 = 0
        if inet_pton(AF_INET, String(host), &bits) == 1 {
            return .ipv4(UInt32(bigEndian: bits), port: port)
        }
        var halves: (UInt64, UInt64) = (0, 0)
        if inet_pton(AF_INET6, String(host), &halves) == 1 {
            return .ipv6(
                high: UInt64(bigEndian: halves.0), low: UInt64(bigEndian: halves.1), port: port)
        }
        return nil
    }
}

/// `SOCK_STREAM`, as socket(2) and getaddrinfo(3) take it.
let streamType = Int32(SOCK_STREAM.rawValue)

extension SocketAddress {
    var family: Int32 {
        switch self {
        case .ipv4: AF_INET
        case .ipv6: AF_INET6
        }
    }

    /// The address in the form that the kernel takes.
    func withSystemAddress<Result>(
        _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
    ) -> Result {
        switch self {
        case .ipv4(let bits, let port):
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = port.bigEndian
            address.sin_addr.s_addr = bits.bigEndian
            return Self.rebound(address, body)
        case .ipv6(let high, let low, let port):
            var address = sockaddr_in6()
            address.sin6_family = sa_family_t(AF_INET6)
            address.sin6_port = port.bigEndian
            withUnsafeMutableBytes(of: &address.sin6_addr) {
                $0.storeBytes(of: high.bigEndian, as: UInt64.self)
                $0.storeBytes(of: low.bigEndian, toByteOffset: 8, as: UInt64.self)
            }
            return Self.rebound(address, body)
        }
    }

    private static func rebound<Address, Result>(
        _ address: Address, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
    ) -> Result {
        withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<Address>.size))
            }
        }
    }

    /// Reads what the kernel or the resolver filled in; nil for other families.
    init?(reading address: UnsafeMutablePointer<sockaddr>) {
        let raw = UnsafeRawPointer(address)
        switch Int32(address.pointee.sa_family) {
        case AF_INET:
            let address = raw.loadUnaligned(as: sockaddr_in.self)
            self = .ipv4(
                UInt32(bigEndian: address.sin_addr.s_addr),
                port: UInt16(bigEndian: address.sin_port))
        case AF_INET6:
            let address = raw.loadUnaligned(as: sockaddr_in6.self)
            let (high, low) = withUnsafeBytes(of: address.sin6_addr) {
                (
                    $0.loadUnaligned(as: UInt64.self),
                    $0.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
                )
            }
            self = .ipv6(
                high: UInt64(bigEndian: high), low: UInt64(bigEndian: low),
                port: UInt16(bigEndian: address.sin6_port))
        default:
            return nil
        }
    }

    /// The address that `query` (getsockname(2) or getpeername(2)) tells of a socket.
    init(
        _ operation: String, of descriptor: borrowing Descriptor,
        _ query: (Int32, UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> Int32
    ) throws(SystemError) {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let number = descriptor.rawValue
        try checked(operation) {
            withUnsafeMutableBytes(of: &storage) { bytes in
                bytes.withMemoryRebound(to: sockaddr.self) { addresses in
                    addresses.baseAddress.map { query(number, $0, &length) } ?? -1
                }
            }
        }
        let address = withUnsafeMutableBytes(of: &storage) { bytes in
            bytes.withMemoryRebound(to: sockaddr.self) {
                $0.baseAddress.flatMap(Self.init(reading:))
            }
        }
        guard let address else { throw SystemError(operation: operation, errno: EAFNOSUPPORT) }
        self = address
    }
}
