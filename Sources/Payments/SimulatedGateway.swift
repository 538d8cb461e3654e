import HTTPClient
package import HTTPProtocol
import Inventory
package import NodeCore
import Primitives
package import SystemIO

/// Makes the core's calls to the simulated provider over HTTP, on the loop it is given. Every call
/// is answered: silence becomes `unknown` after the timeout.
package final class SimulatedGateway {
    private let client: HTTPClient
    private let host: HTTPHost

    /// Shorter than the time in which the reconciler must settle a lost answer (10 s).
    private static var timeout: Milliseconds { .seconds(3) }

    /// - Parameter host: the provider's `host:port`, as the `Host` header names it.
    package init(
        loop: EventLoop, address: SocketAddress, host: HTTPHost, connectionsMax: Int = 256,
        waitingMax: Int = 65_536
    ) {
        client = HTTPClient(
            loop: loop, address: address, connectionsMax: connectionsMax, waitingMax: waitingMax)
        self.host = host
    }

    /// Makes the call; `completion` is called once, on the loop's thread.
    package func perform(
        _ call: ProviderCall, completion: @escaping (ProviderCallID, ProviderResult) -> Void
    ) {
        guard let request = request(for: call.request) else {
            return completion(call.id, .absent)
        }
        client.send(request, timeout: Self.timeout) { result in
            completion(call.id, Self.interpret(result, of: call.request))
        }
    }

    /// Nil for what can't be asked: a payment that was never found has no path.
    private func request(for call: ProviderCall.Request) -> HTTPRequest? {
        switch call {
        case .create(let attempt):
            post("/v1/payments", key: "\(attempt.id.text):create") { body in
                body.field("attempt_id", attempt.id.text)
                body.field("amount", attempt.amount)
                body.field("currency", attempt.currency)
                body.field("token", attempt.token)
            }
        case .confirm(let attempt):
            attempt.reference.isEmpty
                ? nil
                : post(
                    "/v1/payments/\(attempt.reference)/confirm", key: "\(attempt.id.text):confirm"
                ) { _ in }
        case .cancel(let attempt):
            attempt.reference.isEmpty
                ? nil
                : post(
                    "/v1/payments/\(attempt.reference)/cancel", key: "\(attempt.id.text):cancel"
                ) { _ in }
        case .fetch(let attempt):
            RequestTarget("/v1/payments?attempt_id=\(attempt.id.text)").map {
                HTTPRequest(.get, $0, host: host)
            }
        case .refund(let refund):
            post("/v1/refunds", key: "\(refund.id.text):refund") { body in
                body.field("refund_id", refund.id.text)
                body.field("payment_id", refund.paymentReference)
                body.field("amount", refund.amount)
            }
        }
    }

    private func post(
        _ path: String, key: String, _ write: (inout JSONObjectWriter) -> Void
    ) -> HTTPRequest? {
        guard let target = RequestTarget(path), let key = HTTPHeaderValue(key) else { return nil }
        var headers = HeaderBlock()
        headers.add("Content-Type", "application/json")
        headers.add("Idempotency-Key", key)
        var body: [UInt8] = []
        body.appendJSONObject(write)
        return HTTPRequest(.post, target, host: host, headers: headers, body: body)
    }

    private static func interpret(
        _ result: Result<ClientResponse, HTTPClientError>, of call: ProviderCall.Request
    ) -> ProviderResult {
        switch result {
        case .failure(let error):
            return .unknown(reason: "\(error)")
        case .success(let response) where response.status == 404:
            return .absent
        case .success(let response):
            guard response.status == 200, let value = JSONValue(parsing: response.body) else {
                return .unknown(reason: "status \(response.status)")
            }
            if case .refund = call {
                guard let reference = value["refund_reference"]?.text else {
                    return .unknown(reason: "an unreadable refund")
                }
                return .refunded(reference: reference)
            }
            guard let payment = ProviderPayment(value) else {
                return .unknown(reason: "an unreadable payment")
            }
            return .intent(payment.intent)
        }
    }
}
