import HTTPProtocol
import Primitives
import SystemIO
import Testing

@testable import HTTPServer

/// A server on a loop of its own, turned by the test, with a service that remembers what it is
/// asked and answers at once or when it is told to.
final class TestServer: HTTPService {
    enum Answering {
        /// With the request's path and body.
        case atOnce
        /// Through `answer`.
        case whenTold
    }

    let loop: EventLoop
    var answering: Answering
    /// What `screen` says of each path that isn't accepted with the usual body.
    var screenings: [String: Screening] = [:]
    /// The body of each answer at once, in place of the echo.
    var answerBody: [UInt8]?
    var requests: [(request: IncomingRequest, place: ResponsePlace)] = []
    /// The paths of requests that the server itself refused; nil: before the head was whole.
    private(set) var refusedPaths: [String?] = []
    /// The path that was screened last, by its connection's slot.
    private var screened: [Int: String] = [:]
    /// What had been screened last on each request's connection.
    private(set) var screenedPaths: [String] = []
    private(set) var server: HTTPServer<TestServer>?
    let address: SocketAddress

    init(
        _ answering: Answering = .atOnce, limits: HTTPServerLimits = HTTPServerLimits(),
        _ allowance: ConnectionAllowance? = nil
    ) throws {
        loop = try EventLoop(wakeup: Wakeup())
        self.answering = answering
        let listener = try ListeningSocket(at: .ipv4(0x7F00_0001, port: 0))
        address = listener.address
        server = try HTTPServer(
            loop: loop, listener: listener, limits: limits, allowance: allowance, service: self)
    }

    func turn() {
        loop.turn(waitingAtMost: .zero)
        server?.flush()
    }

    /// Turns until the condition holds; an issue is recorded when it does not in a minute.
    func turn(sourceLocation: SourceLocation = #_sourceLocation, until isDone: () -> Bool) {
        let end = SystemClock.monotonicNow() + .seconds(60)
        while !isDone() {
            turn()
            guard SystemClock.monotonicNow() < end else {
                Issue.record("nothing came of it", sourceLocation: sourceLocation)
                return
            }
        }
    }

    /// Turns for a while, in which something must not happen.
    func turn(for span: Milliseconds) {
        let end = SystemClock.monotonicNow() + span
        while SystemClock.monotonicNow() < end { turn() }
    }

    func stop() { server = nil }

    var connectionCount: Int { server?.connectionCount ?? 0 }
    var paths: [String] { requests.map { String(decoding: $0.request.head.path, as: UTF8.self) } }

    /// Answers the request of that number.
    func answer(_ number: Int, _ body: String = "") {
        guard number < requests.count else {
            Issue.record("\(requests.count) requests came, not \(number + 1)")
            return
        }
        server?.respond(
            at: requests[number].place,
            with: HTTPResponse(.ok, body: Array((body.isEmpty ? paths[number] : body).utf8)))
    }

    // MARK: HTTPService

    func screen(_ head: RequestHead, on connection: ConnectionID) -> Screening {
        let path = String(decoding: head.path, as: UTF8.self)
        screened[connection.slot] = path
        if head.method == .unknown { return .refuse(HTTPResponse(.notImplemented)) }
        return screenings[path] ?? .accept(bodyBytesMax: 1_000)
    }

    func respond(to request: IncomingRequest, at place: ResponsePlace) {
        requests.append((request, place))
        screenedPaths.append(screened[place.connection.slot] ?? "")
        switch answering {
        case .atOnce:
            let body = answerBody ?? Array(request.head.path) + request.body
            server?.respond(at: place, with: HTTPResponse(.ok, body: body))
        case .whenTold:
            break
        }
    }

    func refusal(_ refusal: ServerRefusal, of head: RequestHead?) -> HTTPResponse {
        refusedPaths.append(head.map { String(decoding: $0.path, as: UTF8.self) })
        return switch refusal {
        case .malformed(let error):
            HTTPResponse(error.status, body: Array("\(error)".utf8))
        case .tooSlow:
            HTTPResponse(.requestTimeout, body: Array("too slow".utf8))
        }
    }
}

extension HTTPServerLimits {
    /// Patience short enough to wait for, for the deadline that a test is about.
    static func short(_ deadline: WritableKeyPath<HTTPServerLimits, Milliseconds>) -> Self {
        var limits = HTTPServerLimits()
        limits[keyPath: deadline] = Milliseconds(60)
        return limits
    }
}
