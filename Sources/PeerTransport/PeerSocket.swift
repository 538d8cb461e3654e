import Glibc
import Primitives
import SystemIO
import Wire

/// A peer connection's socket and its registration with the loop. Closed for good when the last
/// reference goes; `close` ends the handler's calls at once.
final class PeerSocket {
    let socket: StreamSocket
    private let loop: EventLoop
    private var registration: Registration?

    init(_ socket: consuming StreamSocket, on loop: EventLoop) {
        self.socket = socket
        self.loop = loop
    }

    deinit { close() }

    /// Calls `handler` in place of any before it.
    func register(
        for interest: Interest, _ handler: @escaping EventLoop.Handler
    ) throws(SystemError) {
        close()
        registration = try loop.register(socket.descriptor, for: interest, handler)
    }

    func setInterest(_ interest: Interest) {
        if let registration { loop.modify(registration, for: interest) }
    }

    func close() {
        if let registration { loop.deregister(registration) }
        registration = nil
    }

    /// Sends a handshake's message, which any new connection has room for.
    func send(_ message: [UInt8]) throws(SystemError) {
        var output = OutputBuffer(byteLimit: 1)
        output.append(message)
        guard try output.flush(to: socket) == .everything else {
            throw SystemError(operation: "handshake: sendmsg", errno: EAGAIN)
        }
    }

    /// What became of a handshake after all that has arrived.
    enum HandshakeProgress {
        case unfinished
        case established(PeerSession)
        case refused(PeerRefusal)
    }

    /// Reads what the handshake wants, not a byte more, and sends what it answers.
    func advance(_ handshake: inout Handshake) -> HandshakeProgress {
        do {
            while true {
                var bytes = [UInt8](repeating: 0, count: handshake.bytesWanted)
                switch try socket.receive(into: &bytes) {
                case .wouldBlock: return .unfinished
                case .closed: return .refused(.closed)
                case .bytes(let count): bytes.removeLast(bytes.count - count)
                }
                switch handshake.receive(bytes) {
                case .proceed(let answer):
                    try send(answer)
                case .established(let session, let answer):
                    try send(answer)
                    return .established(session)
                case .failed(let error, let answer):
                    try send(answer)
                    return .refused(.handshake(error))
                }
            }
        } catch {
            return .refused(.unreachable(error))
        }
    }
}
