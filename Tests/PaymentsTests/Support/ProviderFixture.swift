import HTTPClient
import HTTPProtocol
import Payments
import Primitives
import SystemIO

/// A provider and a client of it on one loop, in one directory. Dropping it is a kill: nothing is
/// closed in order.
final class ProviderFixture {
    let loop: EventLoop
    let service: ProviderService
    let client: HTTPClient
    let address: SocketAddress

    init(
        in directory: TemporaryDirectory, webhookSecret: String = "secret",
        webhookURLs: [WebhookURL] = []
    ) throws {
        loop = try makeLoop()
        service = try ProviderService(
            loop: loop,
            configuration: ProviderConfiguration(
                listen: .loopback, directory: directory.path,
                webhookSecret: Array(webhookSecret.utf8), webhookURLs: webhookURLs))
        guard let address = service.address else { throw NeverHappened() }
        self.address = address
        client = HTTPClient(
            loop: loop, address: address, connectionsMax: 512, waitingMax: 100_000,
            limits: HTTPLimits(bodyBytesMax: 64 << 20))
    }

    func turn(until isDone: () -> Bool) throws {
        try PaymentsTests.turn(service.turn, until: isDone)
    }

    /// Sends a request and doesn't wait for its reply.
    func send(
        _ method: HTTPMethod, _ path: String, _ body: String = "",
        completion: @escaping (Reply) -> Void = { _ in }
    ) throws {
        guard let target = RequestTarget(path), let host = HTTPHost("\(address)") else {
            throw NeverHappened()
        }
        let request = HTTPRequest(method, target, host: host, body: Array(body.utf8))
        client.send(request, timeout: patience) { result in
            switch result {
            case .success(let response):
                completion(
                    .answer(
                        response.status, try? JSONValue(parsing: response.body)))
            case .failure:
                completion(.noAnswer)
            }
        }
    }

    func call(_ method: HTTPMethod, _ path: String, _ body: String = "") throws -> Reply {
        var reply: Reply?
        try send(method, path, body) { reply = $0 }
        try turn { reply != nil }
        guard let reply else { throw NeverHappened() }
        return reply
    }

    func create(_ attempt: String, amount: Int = 4_500, token: String = "tok_visa") throws -> Reply
    {
        try call(
            .post, "/v1/payments",
            """
            {"attempt_id":"\(attempt)","amount":\(amount),"currency":"EUR","token":"\(token)"}
            """)
    }

    /// Creates a payment and returns the provider's id of it.
    func createID(_ attempt: String, amount: Int = 4_500, token: String = "tok_visa") throws
        -> String
    {
        guard let id = try create(attempt, amount: amount, token: token)["payment_id"]?.text else {
            throw NeverHappened()
        }
        return id
    }

    func confirm(_ payment: String) throws -> Reply {
        try call(.post, "/v1/payments/\(payment)/confirm")
    }

    func cancel(_ payment: String) throws -> Reply {
        try call(.post, "/v1/payments/\(payment)/cancel")
    }

    func refund(_ refund: String, of payment: String, amount: Int) throws -> Reply {
        try call(
            .post, "/v1/refunds",
            """
            {"refund_id":"\(refund)","payment_id":"\(payment)","amount":\(amount)}
            """)
    }

    func fetch(_ attempt: String) throws -> Reply {
        try call(.get, "/v1/payments?attempt_id=\(attempt)")
    }

    /// Every charge as (attempt, amount, refunded).
    func charges(_ query: String = "") throws -> [Charge] {
        guard case .array(let charges)? = try call(.get, "/charges\(query)")["data"] else {
            throw NeverHappened()
        }
        return try charges.map { charge in
            guard let attempt = charge["attempt_id"]?.text, let amount = charge["amount"]?.integer,
                let refunded = charge["amount_refunded"]?.integer
            else { throw NeverHappened() }
            return Charge(attempt: attempt, amount: amount, refunded: refunded)
        }
    }
}

struct Charge: Hashable {
    var attempt: String
    var amount: Int64
    var refunded: Int64
}
