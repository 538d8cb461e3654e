import HTTPProtocol
import Inventory
import NodeCore
import Primitives
import Testing

@testable import API

/// A response as a client reads it off the wire.
struct Received {
    var status: Int
    var fields: HTTPFields
    var body: String
    var bytes: [UInt8]

    subscript(_ name: StaticString) -> String? { fields.text(name) }
    /// The problem document's code.
    var code: String? { document?["code"]?.text }
    /// The fields that the problem document blames.
    var blamed: [String] {
        guard case .array(let errors)? = document?["errors"] else { return [] }
        return errors.compactMap { $0["field"]?.text }
    }
    var document: JSONValue? { try? JSONValue(parsing: bytes) }
}

struct UnreadableResponse: Error {}

/// A gateway, a responder, and a client that talks to them.
struct Client {
    static let buyer = "buyer-key"
    static let organizer = "organizer-key"
    static let operating = "operator-key"
    static let admin = "admin-key"
    static let digests: [(text: String, digest: String, role: Role)] = [
        (buyer, "68a34cff1e34101c175da35204216308d587ab147ab29ee1ded97b8dc288bc96", .buyer),
        (organizer, "5eb8847fa2184e323c60823fd501a7316abd275dbf57cd8bd56f42b2e1a61b14", .organizer),
        (operating, "c9736463f555cdb7d2a78cfd7aa8b8c4f09d906d78f8dab9228eda30a28c2818", .operator),
        (admin, "69a5265506c94c77b787a7d7377b7685a0eff82e33920a71e7ee22cd6154953e", .admin),
    ]

    static var configuration: APIConfiguration {
        var configuration = APIConfiguration(
            node: NodeID(2), clusterID: "c1",
            members: [
                MemberAddress(
                    id: NodeID(1), httpURL: "http://127.0.0.1:8101", raftAddress: "127.0.0.1:9101"),
                MemberAddress(
                    id: NodeID(2), httpURL: "http://127.0.0.1:8102", raftAddress: "127.0.0.1:9102"),
            ], shardCount: 8)
        configuration.keys = digests.map { text, digest, role in
            let bytes = Hex.decode(digest.utf8) ?? []
            let number = { (part: ArraySlice<UInt8>) in
                part.reduce(UInt128(0)) { $0 << 8 | UInt128($1) }
            }
            return APIKey(
                name: text,
                digest: Digest256(high: number(bytes[..<16]), low: number(bytes[16...])),
                role: role)
        }
        configuration.webhookSecrets = [
            WebhookSecret(provider: "simulated", secret: Array("whsec_test".utf8))
        ]
        return configuration
    }

    var configuration = Client.configuration
    var key: String? = Client.admin
    /// What is drawn as random, one more each time.
    var drawn: UInt128 = 100
    var now = Sample.now

    init() {}

    static func head(
        _ method: String, _ target: String, headers: [(String, String)] = []
    ) throws -> RequestHead {
        var text = "\(method) \(target) HTTP/1.1\r\nHost: h\r\n"
        for (name, value) in headers { text += "\(name): \(value)\r\n" }
        var parser = RequestParser()
        parser.receive(Array((text + "\r\n").utf8))
        guard case .head(let head) = parser.next() else { throw UnreadableResponse() }
        return head
    }

    /// What the gateway makes of a head.
    func admit(
        _ method: String, _ target: String, headers: [(String, String)] = []
    ) throws -> Gateway.Admission {
        let authorization = key.map { [("Authorization", "Bearer \($0)")] } ?? []
        let head = try Client.head(method, target, headers: authorization + headers)
        return Gateway(configuration).admit(head) { drawn }
    }

    func exchange(
        _ method: String, _ target: String, headers: [(String, String)] = []
    ) throws -> Exchange {
        guard case .admitted(let exchange, _) = try admit(method, target, headers: headers) else {
            throw UnreadableResponse()
        }
        return exchange
    }

    /// A decoded request, or the refusal of it.
    mutating func decode(
        _ method: String, _ target: String, headers: [(String, String)] = [],
        body: [UInt8]
    ) throws -> (Exchange, Decision) {
        var exchange = try exchange(method, target, headers: headers)
        let decision = Gateway(configuration).decode(&exchange, body: body, at: now) {
            drawn += 1
            return drawn
        }
        return (exchange, decision)
    }

    /// What a request is refused with, by its head or its body; nil when it is submitted.
    mutating func refusal(
        _ method: String, _ target: String, headers: [(String, String)] = [], _ body: String = ""
    ) throws -> Received? {
        if case .refused(let response) = try admit(method, target, headers: headers) {
            return try Client.receive(response)
        }
        let (_, decision) = try decode(
            method, target, headers: headers, body: Array(body.utf8))
        switch decision {
        case .respond(let response): return try Client.receive(response)
        case .submit, .metrics: return nil
        }
    }

    mutating func write(
        _ method: String, _ target: String, headers: [(String, String)] = [], _ body: String = ""
    ) throws -> WriteOperation {
        let (_, decision) = try decode(
            method, target, headers: headers, body: Array(body.utf8))
        guard case .submit(.write(let operation)) = decision else { throw UnreadableResponse() }
        return operation
    }

    mutating func read(_ target: String) throws -> (ReadOperation, Consistency) {
        let (_, decision) = try decode("GET", target, body: [])
        guard case .submit(.read(let operation, let consistency)) = decision else {
            throw UnreadableResponse()
        }
        return (operation, consistency)
    }

    /// The answer of the core, as the client gets it. The request's body is empty: what the
    /// operation is doesn't matter here.
    mutating func response(
        _ method: String, _ target: String, headers: [(String, String)] = [], to answer: Answer,
        staleness: Milliseconds? = Milliseconds(12)
    ) throws -> Received {
        let (exchange, _) = try decode(method, target, headers: headers, body: [])
        var responder = Responder(configuration)
        let turn = responder.respond(
            to: exchange,
            with: Reply(id: RequestID(1), answer: answer, staleness: staleness),
            at: MonotonicTime(nanoseconds: 5_000_000_000))
        guard case .respond(let response) = turn else { throw UnreadableResponse() }
        return try Client.receive(response, method: exchange.head.method)
    }

    static func wire(_ response: HTTPResponse, method: HTTPMethod = .get) -> [UInt8] {
        var bytes: [UInt8] = []
        ResponseWriter(method: method, version: .http11, persistence: .keepAlive)
            .append(response, date: HTTPDate(Sample.now), to: &bytes)
        return bytes
    }

    static func receive(_ response: HTTPResponse, method: HTTPMethod = .get) throws -> Received {
        var parser = ResponseParser()
        parser.receive(wire(response, method: method))
        guard case .head(let head) = parser.next(answering: method) else {
            throw UnreadableResponse()
        }
        var body: [UInt8] = []
        while case .bodyPart(let part) = parser.next(answering: method) { body += part }
        return Received(
            status: Int(head.statusCode), fields: head.fields,
            body: String(decoding: body, as: UTF8.self), bytes: body)
    }
}
