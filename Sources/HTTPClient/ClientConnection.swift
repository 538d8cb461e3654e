package import HTTPProtocol
import Primitives
import SystemIO

/// One connection of a client: one exchange at a time.
final class ClientConnection {
    enum Phase {
        /// → idle, or gone
        case connecting
        /// → exchanging
        case idle
        /// A request is out. → idle, or gone
        case exchanging
        case gone
    }

    let socket: StreamSocket
    var registration: Registration?
    var phase = Phase.connecting
    var parser: ResponseParser
    var output = OutputBuffer(byteLimit: 1 << 20)
    var exchange: Exchange?
    var head: ResponseHead?
    var body: [UInt8] = []

    init(socket: consuming StreamSocket, limits: HTTPLimits) {
        self.socket = socket
        parser = ResponseParser(limits: limits)
    }
}

/// One request and who waits for its answer.
struct Exchange {
    let request: HTTPRequest
    let deadline: MonotonicTime
    let completion: (Result<ClientResponse, HTTPClientError>) -> Void
}

/// A whole response.
package struct ClientResponse: Sendable {
    package let head: ResponseHead
    package let body: [UInt8]
    package var status: UInt16 { head.statusCode }
}

/// Why there is no response.
package enum HTTPClientError: Error, Hashable, Sendable {
    /// The request never left: no connection, or too many requests wait for one.
    case notSent(reason: String)
    /// The request left, and whether it was acted on isn't known.
    case unanswered(reason: String)
    /// No answer came in time; the request may have been acted on.
    case timedOut
}
