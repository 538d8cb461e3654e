import Glibc
import HTTPProtocol
import Primitives
import SystemIO
import Testing

@testable import HTTPServer

/// A client that sends exactly what it is told, and remembers every byte it is sent.
final class RawClient {
    enum End {
        case open
        /// The server has ended its stream.
        case closed
        /// The server has broken the connection.
        case reset
    }

    let socket: StreamSocket
    let server: TestServer
    private(set) var received: [UInt8] = []
    private(set) var end = End.open

    init(_ server: TestServer) throws {
        self.server = server
        socket = try .connect(to: server.address)
        var request = pollfd(fd: socket.descriptor.rawValue, events: Int16(POLLOUT), revents: 0)
        #expect(poll(&request, 1, 10_000) == 1)
        try socket.connectionResult()
    }

    var text: String { String(decoding: received, as: UTF8.self) }

    func send(_ text: String) throws { try send(Array(text.utf8)) }

    /// Sends all of it, turning the server when the socket is full.
    func send(_ bytes: [UInt8]) throws {
        var output = OutputBuffer(byteLimit: 1)
        output.append(bytes)
        while try output.flush(to: socket) == .blocked { server.turn() }
    }

    /// Takes what has arrived, at most `most` bytes.
    func receive(atMost most: Int = 1 << 16) {
        guard end == .open else { return }
        var buffer = [UInt8](repeating: 0, count: most)
        do {
            switch try socket.receive(into: &buffer) {
            case .bytes(let count): received += buffer[..<count]
            case .wouldBlock: break
            case .closed: end = .closed
            }
        } catch {
            end = .reset
        }
    }

    /// Turns the server until it has ended the connection.
    func awaitEnd(sourceLocation: SourceLocation = #_sourceLocation) {
        server.turn(sourceLocation: sourceLocation) {
            receive()
            return end != .open
        }
    }

    /// Turns the server until that many whole responses have come, and gives them.
    func responses(
        _ count: Int, answering method: HTTPMethod = .get,
        sourceLocation: SourceLocation = #_sourceLocation
    ) -> [Response] {
        var responses: [Response] = []
        server.turn(sourceLocation: sourceLocation) {
            receive()
            responses = parsed(answering: method)
            return responses.count >= count || end != .open
        }
        return responses
    }

    struct Response: Hashable {
        var status: UInt16
        var body: String
        var closes: Bool
    }

    /// The whole responses so far.
    func parsed(answering method: HTTPMethod = .get) -> [Response] {
        var limits = HTTPLimits()
        limits.bodyBytesMax = 64 << 20
        var parser = ResponseParser(limits: limits)
        parser.receive(received)
        var responses: [Response] = []
        var head: ResponseHead?
        var body: [UInt8] = []
        while true {
            switch parser.next(answering: method) {
            case .needsMoreBytes, .refused: return responses
            case .head(let next):
                head = next
                body = []
            case .bodyPart(let part): body += part
            case .end:
                guard let head else { return responses }
                responses.append(
                    Response(
                        status: head.statusCode, body: String(decoding: body, as: UTF8.self),
                        closes: head.persistence == .close))
            }
        }
    }

    /// Lets the connection end with a reset when this client is let go, as when a process is
    /// killed with answers unread.
    func resetAtEnd() {
        var value = linger(l_onoff: 1, l_linger: 0)
        let size = socklen_t(MemoryLayout<linger>.size)
        #expect(setsockopt(socket.descriptor.rawValue, SOL_SOCKET, SO_LINGER, &value, size) == 0)
    }
}

/// A GET of the path.
func get(_ path: String, _ fields: String...) -> String {
    "GET \(path) HTTP/1.1\r\nHost: a\r\n" + fields.map { $0 + "\r\n" }.joined() + "\r\n"
}

/// A POST with that body.
func post(_ path: String, _ body: String, _ fields: String...) -> String {
    "POST \(path) HTTP/1.1\r\nHost: a\r\nContent-Length: \(body.utf8.count)\r\n"
        + fields.map { $0 + "\r\n" }.joined() + "\r\n" + body
}
