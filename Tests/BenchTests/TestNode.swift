import HTTPProtocol
import HTTPServer
import Primitives
import SystemIO
import Testing

/// A node that a test plays: an HTTP server whose every answer the test decides.
final class TestNode: HTTPService {
    enum Reply {
        case answer(HTTPStatus, body: String = "{}", location: String? = nil)
        case bytes(HTTPStatus, [UInt8])
        /// Closes the connection without an answer.
        case hangUp
        /// Never answers.
        case silence
    }

    private let loop: EventLoop
    private var server: HTTPServer<TestNode>?
    private var isFlushDue = false
    let address: SocketAddress
    var reply: (IncomingRequest) -> Reply
    private(set) var requestCount = 0

    init(_ loop: EventLoop, _ reply: @escaping (IncomingRequest) -> Reply) throws {
        self.loop = loop
        self.reply = reply
        let listener = try ListeningSocket(at: .ipv4(0x7F00_0001, port: 0))
        address = listener.address
        server = try HTTPServer(
            loop: loop, listener: listener, limits: HTTPServerLimits(), service: self)
    }

    /// The process dies: its port refuses connections.
    func die() { server = nil }

    func screen(_ head: RequestHead, on _: ConnectionID) -> Screening {
        .accept(bodyBytesMax: 1 << 20)
    }

    func respond(to request: IncomingRequest, at place: ResponsePlace) {
        requestCount += 1
        switch reply(request) {
        case .answer(let status, let body, let location):
            var headers = HeaderBlock()
            if let value = location.flatMap({ HTTPHeaderValue($0) }) {
                headers.add("Location", value)
            }
            send(HTTPResponse(status, headers: headers, body: Array(body.utf8)), place)
        case .bytes(let status, let body):
            send(HTTPResponse(status, body: body), place)
        case .hangUp: server?.abandon(place)
        case .silence: return
        }
    }

    func refusal(_ refusal: ServerRefusal, of head: RequestHead?) -> HTTPResponse {
        HTTPResponse(.badRequest)
    }

    private func send(_ response: HTTPResponse, _ place: ResponsePlace) {
        server?.respond(at: place, with: response)
        flushSoon()
    }

    /// After this turn's handlers: whoever turns the loop does not know of this server.
    private func flushSoon() {
        guard !isFlushDue else { return }
        isFlushDue = true
        loop.schedule(after: .zero) { [weak self] in
            self?.isFlushDue = false
            self?.server?.flush()
        }
    }
}

extension IncomingRequest {
    var pathText: String { String(decoding: head.path, as: UTF8.self) }
}
