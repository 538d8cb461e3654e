import HTTPProtocol
import HTTPServer
import Payments
import Primitives
import SystemIO

/// A server whose answers a test decides.
final class StubServer: HTTPService {
    enum Answer {
        case json(HTTPStatus, String)
        /// None, ever.
        case silence
        /// The connection is closed instead.
        case hangUp
    }

    private(set) var requests: [IncomingRequest] = []
    var answer: (IncomingRequest) -> Answer
    private var server: HTTPServer<StubServer>?

    init(loop: EventLoop, answer: @escaping (IncomingRequest) -> Answer) throws {
        self.answer = answer
        server = try HTTPServer(
            loop: loop, listener: try ListeningSocket(at: .loopback), limits: HTTPServerLimits(),
            service: self)
    }

    var address: SocketAddress {
        guard let server else { preconditionFailure("a stub without its server") }
        return server.address
    }

    func webhookURL() throws -> WebhookURL {
        guard let url = WebhookURL("http://\(address)/payments/webhooks/simulated") else {
            throw NeverHappened()
        }
        return url
    }

    func screen(_ head: RequestHead, on _: ConnectionID) -> Screening {
        .accept(bodyBytesMax: 1 << 20)
    }

    func respond(to request: IncomingRequest, at place: ResponsePlace) {
        requests.append(request)
        switch answer(request) {
        case .json(let status, let text):
            server?.respond(at: place, with: HTTPResponse(status, body: Array(text.utf8)))
            server?.flush()
        case .silence: break
        case .hangUp: server?.abandon(place)
        }
    }

    func refusal(_ refusal: ServerRefusal, of head: RequestHead?) -> HTTPResponse {
        HTTPResponse(.badRequest)
    }
}

extension IncomingRequest {
    var path: String { String(decoding: head.pathAndQuery, as: UTF8.self) }
    var json: JSONValue? { try? JSONValue(parsing: body) }
}
