import Glibc
import HTTPProtocol
import SystemIO

/// A client that sends a request and does not hear the answer.
final class DeafClient {
    private let socket: Int32

    init(_ call: Call, to port: UInt16) throws {
        socket = try loopbackSocket(port) { connect($0, $1, $2) }
        var bytes: [UInt8] = []
        try call.request(to: port).append(to: &bytes)
        guard send(socket, bytes, bytes.count, 0) == bytes.count else {
            throw SystemError(operation: "send to port \(port)", errno: errno)
        }
    }

    deinit { close(socket) }
}

/// A stream socket that blocks, bound or connected to a port of this machine.
func loopbackSocket(
    _ port: UInt16,
    _ attach: (Int32, UnsafePointer<sockaddr>, socklen_t) -> Int32
) throws -> Int32 {
    let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let result = withUnsafePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            attach(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
        }
    }
    guard result == 0 else {
        let code = errno
        close(socket)
        throw SystemError(operation: "port \(port)", errno: code)
    }
    return socket
}
