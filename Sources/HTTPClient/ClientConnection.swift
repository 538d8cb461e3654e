import HTTPProtocol
import Primitives
import SystemIO

/// One connection of a client: one exchange at a time.
final class ClientConnection {
    enum Phase {
        /// Given up at the deadline. → idle, gone
        case connecting(until: MonotonicTime)
        /// → exchanging, gone
        case idle
        /// A request is out, or on its way. → idle, gone
        case exchanging(Exchange)
        case gone
    }

    let socket: StreamSocket
    var registration: Registration?
    var phase: Phase
    var parser: ResponseParser
    var output = OutputBuffer(byteLimit: 1 << 20)
    var head: ResponseHead?
    var body: [UInt8] = []

    init(socket: consuming StreamSocket, limits: HTTPLimits, connectUntil: MonotonicTime) {
        self.socket = socket
        parser = ResponseParser(limits: limits)
        phase = .connecting(until: connectUntil)
    }

    /// Whether another exchange may follow: both sides agree on where the next one starts.
    func isReusable(after head: ResponseHead) -> Bool {
        head.persistence == .keepAlive && parser.isIdle && output.isEmpty
    }
}
