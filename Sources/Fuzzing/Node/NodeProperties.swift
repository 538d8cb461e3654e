import API
import HTTPProtocol
import Inventory
import NodeCore
import Primitives
import Raft

/// A client's connection to a node that leads: its requests go through parser, gateway, core, log,
/// provider and rendering. The n-th request draws n as its random bits, so that inputs can name
/// what they made. `X-Wait: N` lets N seconds pass before a request; a webhook is signed here.
enum NodeProperties {
    static let key = "boss-key"

    static func check(_ input: [UInt8]) throws(BrokenProperty) -> Verdict {
        var service = try Service.prepared.get()
        var parser = RequestParser(
            limits: HTTPLimits(headBytesMax: 2_048, targetBytesMax: 512, bodyBytesMax: 4_096))
        parser.receive(input)
        var head: RequestHead?
        reading: while service.count < 24 {
            switch parser.next() {
            case .needsMoreBytes, .refused: break reading
            case .head(let found): head = found
            case .continueExpected: break
            case .body(let body):
                if let head { try service.serve(head, body) }
            }
        }
        try service.node.checkWitnesses()
        return service.hasWritten ? .accepted : .refused
    }
}

private struct Service {
    private static let secret = Array("whsec_0123456789".utf8)

    var node: FuzzedNode
    private let gateway: Gateway
    private var responder: Responder
    /// Requests so far.
    private(set) var count = 0
    /// Whether a write came to more than a refusal.
    private(set) var hasWritten = false

    /// A service with a venue and an event, which every input begins with.
    static let prepared = Result<Service, BrokenProperty> { () throws(BrokenProperty) in
        do {
            var service = Service(
                try FuzzedNode(try Membership(voters: [NodeID(1)])), configuration)
            for request in NodeSeeds.preparation {
                var parser = RequestParser()
                parser.receive(request)
                guard case .head(let head) = parser.next(), case .body(let body) = parser.next()
                else { throw BrokenProperty("the preparation can be read") }
                try service.serve(head, body)
            }
            try require(
                service.node.core.inventory.event(FuzzedNode.event) != nil, "the event is there")
            service.count = 0
            service.hasWritten = false
            return service
        } catch let error as BrokenProperty {
            throw error
        } catch {
            throw BrokenProperty("\(error)")
        }
    }

    private static var configuration: APIConfiguration {
        let member = MemberAddress(
            id: NodeID(1), httpURL: "http://127.0.0.1:8101", raftAddress: "127.0.0.1:9101")
        var configuration = APIConfiguration(
            node: NodeID(1), clusterID: "c1", members: [member],
            shardCount: FuzzedNode.shardCount)
        configuration.sales = .open
        configuration.keys = [
            APIKey(
                name: FuzzedNode.owner, digest: SHA256.digest(Array(NodeProperties.key.utf8)),
                role: .admin)
        ]
        configuration.webhookSecrets = [WebhookSecret(provider: "simulated", secret: secret)]
        return configuration
    }

    private init(_ node: FuzzedNode, _ configuration: APIConfiguration) {
        self.node = node
        gateway = Gateway(configuration)
        responder = Responder(configuration)
    }

    mutating func serve(_ head: RequestHead, _ body: [UInt8]) throws(BrokenProperty) {
        count += 1
        if let seconds = head.fields.text("x-wait").flatMap({ Int64($0) }), 1...1_000 ~= seconds {
            try node.pass(.seconds(seconds))
        }
        let bits = UInt128(count)
        switch gateway.admit(try signed(head, body), random: { bits }) {
        case .refused(let response):
            try check(response, head)
        case .admitted(var exchange, let bodyBytesMax):
            guard body.count <= bodyBytesMax else { return }
            let decision = gateway.decode(
                &exchange, body: body, at: node.now.wall, random: { bits })
            switch decision {
            case .respond(let response): try check(response, head)
            case .metrics: break
            case .submit(let operation): try serve(exchange, operation)
            }
        }
    }

    private mutating func serve(
        _ exchange: Exchange, _ operation: Operation
    ) throws(BrokenProperty) {
        let cached = responder.cachedResponse(to: exchange, at: node.now.monotonic)
        if let cached { return try check(cached, exchange.head) }
        let reply = try node.reply(to: operation, as: RequestID(UInt64(count)))
        if case .write = operation, case .outcome(let outcome) = reply.answer {
            if case .refused = outcome {} else { hasWritten = true }
        }
        for _ in 0..<2 {
            let turn = responder.respond(to: exchange, with: reply, at: node.now.monotonic)
            switch turn {
            case .respond(let response): return try check(response, exchange.head)
            case .wait: try node.pass(.seconds(1))
            }
        }
        throw BrokenProperty("an answer waits once at most")
    }

    /// What a client gets: a response that can be read, JSON where it says so, no fault of ours.
    private func check(
        _ response: HTTPResponse, _ head: RequestHead
    ) throws(BrokenProperty) {
        try require(
            response.status != .internalServerError && response.status != .badGateway,
            "no client finds a fault of ours")
        var bytes: [UInt8] = []
        ResponseWriter(
            method: head.method, version: head.version, persistence: head.persistence
        ).append(response, date: HTTPDate(node.now.wall), to: &bytes)
        var limits = HTTPLimits.wide
        limits.bodyBytesMax = 1 << 24
        var parser = ResponseParser(limits: limits)
        parser.receive(bytes)
        guard case .head(let seen) = parser.next(answering: head.method) else {
            throw BrokenProperty("an answer can be read")
        }
        try require(seen.statusCode == response.status.rawValue, "with its status")
        try require(seen.fields.first("request-id") != nil, "with its id")
        guard let type = seen.fields.text("content-type"), MediaType.isJSON(Array(type.utf8)[...])
        else { return }
        let value = try? JSONValue(parsing: response.body)
        try require(value != nil, "its JSON can be read: \(response.status)")
        if response.status.rawValue >= 400 {
            try require(value?["code"]?.text?.isEmpty == false, "an error has its code")
        }
    }

    /// A webhook's head as its provider sends it; any other as it is.
    private func signed(
        _ head: RequestHead, _ body: [UInt8]
    ) throws(BrokenProperty) -> RequestHead {
        guard head.method == .post, head.path.starts(with: "/payments/webhooks/".utf8) else {
            return head
        }
        let header = SignatureProperties.header(of: body, secret: Self.secret, at: node.now.wall)
        var bytes = Array("POST ".utf8) + head.path + Array(" HTTP/1.1\r\nHost: a\r\n".utf8)
        bytes += Array("Stripe-Signature: ".utf8) + header + Array("\r\n\r\n".utf8)
        var parser = RequestParser()
        parser.receive(bytes)
        guard case .head(let signed) = parser.next() else {
            throw BrokenProperty("a signed head can be read")
        }
        return signed
    }
}
