import Glibc
import HTTPClient
import HTTPProtocol
import Primitives
import SystemIO
import Testing

/// A client on a loop of its own, and a server that says exactly what a test wants said.
final class ScriptedServer {
    typealias Outcome = Result<ClientResponse, HTTPClientError>

    /// One accepted connection.
    final class Peer {
        let socket: StreamSocket
        private(set) var received: [UInt8] = []
        init(_ socket: consuming StreamSocket) { self.socket = socket }

        var text: String { String(decoding: received, as: UTF8.self) }

        func receive() {
            var buffer = [UInt8](repeating: 0, count: 1 << 16)
            while case .bytes(let count)? = try? socket.receive(into: &buffer) {
                received += buffer[..<count]
            }
        }

        func send(_ text: String) throws {
            var output = OutputBuffer(byteLimit: 1)
            output.append(Array(text.utf8))
            #expect(try output.flush(to: socket) == .everything)
        }
    }

    let loop: EventLoop
    private let listener: ListeningSocket
    private(set) var client: HTTPClient?
    private(set) var peers: [Peer] = []
    /// In the order in which they came.
    private(set) var outcomes: [Outcome] = []

    init(
        connectionsMax: Int = 4, waitingMax: Int = 100, limits: HTTPLimits = HTTPLimits()
    ) throws {
        loop = try EventLoop(wakeup: Wakeup())
        listener = try ListeningSocket(at: .ipv4(0x7F00_0001, port: 0))
        client = HTTPClient(
            loop: loop, address: listener.address, connectionsMax: connectionsMax,
            waitingMax: waitingMax, limits: limits)
    }

    func turn() throws {
        loop.turn(waitingAtMost: .zero)
        while let socket = try listener.accept() { peers.append(Peer(socket)) }
        for peer in peers { peer.receive() }
    }

    /// Turns until the condition holds; an issue is recorded when it does not in a minute.
    func turn(
        sourceLocation: SourceLocation = #_sourceLocation, until isDone: () -> Bool
    ) throws {
        let end = SystemClock.monotonicNow() + .seconds(60)
        while !isDone() {
            try turn()
            guard SystemClock.monotonicNow() < end else {
                Issue.record("nothing came of it: \(labels)", sourceLocation: sourceLocation)
                return
            }
        }
    }

    /// Turns for a while, in which something must not happen.
    func turn(for span: Milliseconds) throws {
        let end = SystemClock.monotonicNow() + span
        while SystemClock.monotonicNow() < end { try turn() }
    }

    func drop(_ peer: Int) { peers.remove(at: peer) }
    func stop() { client = nil }

    func send(
        _ method: HTTPMethod = .get, _ path: String = "/", body: String = "",
        timeout: Milliseconds = .seconds(60)
    ) throws {
        let request = HTTPRequest(
            method, try #require(RequestTarget(path)), host: try #require(HTTPHost("a")),
            body: Array(body.utf8))
        client?.send(request, timeout: timeout) { [unowned self] in outcomes.append($0) }
    }

    /// Each outcome in a word or two: status and body, or the error's kind.
    var labels: [String] {
        outcomes.map { outcome in
            switch outcome {
            case .success(let response):
                "\(response.status) " + String(decoding: response.body, as: UTF8.self)
            case .failure(.notSent): "not sent"
            case .failure(.unanswered): "unanswered"
            case .failure(.timedOut): "timed out"
            }
        }
    }
}
