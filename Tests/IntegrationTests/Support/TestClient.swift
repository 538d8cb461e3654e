import HTTPClient
import HTTPProtocol
import Primitives
import SystemIO
import Testing

/// A request of a test.
struct Call {
    var method: HTTPMethod
    var path: String
    var headers: [(name: StaticString, value: String)] = []
    var body: [UInt8] = []

    static func get(_ path: String) -> Call { Call(method: .get, path: path) }
    static func delete(_ path: String) -> Call { Call(method: .delete, path: path) }

    static func post(_ path: String, _ json: String = "") -> Call {
        Call(method: .post, path: path, body: Array(json.utf8))
    }

    func with(_ name: StaticString, _ value: String) -> Call {
        var call = self
        call.headers.append((name, value))
        return call
    }

    /// The message as it goes over the wire.
    func request(to port: UInt16) throws -> HTTPRequest {
        var block = HeaderBlock()
        for (name, value) in headers { block.add(name, try #require(HTTPHeaderValue(value))) }
        return HTTPRequest(
            method, try #require(RequestTarget(path)),
            host: try #require(HTTPHost("127.0.0.1:\(port)")), headers: block, body: body)
    }

    func key(_ key: String) -> Call { with("Authorization", "Bearer \(key)") }
    var asAdmin: Call { key(ClusterFiles.adminKey) }
}

/// What a node has answered.
struct Answer {
    let status: Int
    let head: ResponseHead
    let body: [UInt8]
    /// Nil when the body is no JSON.
    let json: JSONValue?

    init(_ response: ClientResponse) {
        status = Int(response.status)
        head = response.head
        body = response.body
        json = try? JSONValue(parsing: response.body)
    }

    /// The value of the first field of this name, in whatever case.
    func header(_ name: String) -> String? {
        let wanted = name.lowercased()
        return head.fields.all
            .first { String(decoding: $0.name, as: UTF8.self).lowercased() == wanted }
            .map { String(decoding: $0.value, as: UTF8.self) }
    }

    subscript(key: String) -> JSONValue? { json?[key] }
    /// What a problem document is about.
    var code: String? { json?["code"]?.text }
    var text: String { String(decoding: body, as: UTF8.self) }
}

/// A client of nodes on this machine, on a loop that turns while a test waits.
final class TestClient {
    private let loop: EventLoop
    private var clients: [UInt16: HTTPClient] = [:]

    init() throws { loop = try EventLoop(wakeup: try Wakeup()) }

    /// Sends a request and waits for its answer.
    func send(
        _ call: Call, to port: UInt16, timeout: Milliseconds = .seconds(20)
    ) throws -> Answer {
        // Kept connections that a dead node has closed are noticed before one is chosen.
        loop.turn(waitingAtMost: .zero)
        var result: Result<Answer, HTTPClientError>?
        try start(call, to: port, timeout: timeout) { result = $0 }
        while true {
            if let result { return try result.get() }
            turn()
        }
    }

    /// Sends a request; its answer is told during a later turn.
    func start(
        _ call: Call, to port: UInt16, timeout: Milliseconds = .seconds(20),
        _ completion: @escaping (Result<Answer, HTTPClientError>) -> Void
    ) throws {
        client(of: port).send(try call.request(to: port), timeout: timeout) {
            completion($0.map(Answer.init))
        }
    }

    func turn() { loop.turn(waitingAtMost: Milliseconds(5)) }

    private func client(of port: UInt16) -> HTTPClient {
        if let client = clients[port] { return client }
        let client = HTTPClient(
            loop: loop, address: .loopback(port), connectionsMax: 64, waitingMax: 1_024,
            limits: HTTPLimits(bodyBytesMax: 8 << 20))
        clients[port] = client
        return client
    }
}
