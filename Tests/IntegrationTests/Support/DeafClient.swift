import Glibc
import HTTPProtocol
import SystemIO

/// A client that sends a request and does not hear the answer.
final class DeafClient {
    private let socket: Int32

    init(_ call: Call, to port: UInt16) throws {
        socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let connected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        var bytes: [UInt8] = []
        try call.request(to: port).append(to: &bytes)
        guard connected == 0, send(socket, bytes, bytes.count, 0) == bytes.count else {
            throw SystemError(operation: "send to port \(port)", errno: errno)
        }
    }

    deinit { close(socket) }
}
