import HTTPClient
package import HTTPProtocol
import Inventory
package import NodeCore
package import Primitives
package import SystemIO

/// Makes the core's calls to the simulated provider over HTTP, on the loop it is given. Every call
/// is answered once, within twice the timeout. Whatever is not plainly the provider's word on the
/// very payment that was asked about is `unknown`.
package final class SimulatedGateway {
    private let client: HTTPClient
    private let host: HTTPHost
    private let timeout: Milliseconds

    /// - Parameters:
    ///   - host: the provider's `host:port`, as the `Host` header names it.
    ///   - connectionsMax: calls under way at once.
    ///   - waitingMax: calls that wait for a connection; one more is `unknown`.
    ///   - timeout: of one request. A call may take two, and a lost answer must be settled within
    ///     10 s.
    package init(
        loop: EventLoop, address: SocketAddress, host: HTTPHost, connectionsMax: Int = 256,
        waitingMax: Int = 16_384, timeout: Milliseconds = .seconds(3)
    ) {
        client = HTTPClient(
            loop: loop, address: address, connectionsMax: connectionsMax, waitingMax: waitingMax)
        self.host = host
        self.timeout = timeout
    }

    /// Makes the call; `completion` is called once, on the loop's thread.
    package func perform(
        _ call: ProviderCall, completion: @escaping (ProviderCallID, ProviderResult) -> Void
    ) {
        let finish: Completion = { completion(call.id, $0) }
        switch call.request {
        case .create(let attempt): create(attempt, finish)
        case .fetch(let attempt): fetch(attempt, finish)
        case .confirm(let attempt): act(.confirm, on: attempt, finish)
        case .cancel(let attempt): act(.cancel, on: attempt, finish)
        case .refund(let refund): give(refund, finish)
        }
    }

    private typealias Completion = (ProviderResult) -> Void

    private enum Action: String {
        case confirm
        case cancel
    }

    private func create(_ attempt: AttemptView, _ finish: @escaping Completion) {
        let request = post("/v1/payments", key: "\(attempt.id.text):create") { body in
            body.field("attempt_id", attempt.id.text)
            body.field("amount", attempt.amount)
            body.field("currency", attempt.currency)
            body.field("token", attempt.token)
        }
        send(request) { answer in
            // To call what can't be created absent would have it created again at once.
            finish(answer.intent(of: attempt) ?? answer.unknown)
        }
    }

    private func fetch(_ attempt: AttemptView, _ finish: @escaping Completion) {
        let target = RequestTarget("/v1/payments?attempt_id=\(percentEncoded(attempt.id.text))")
        send(target.map { HTTPRequest(.get, $0, host: host) }) { answer in
            finish(answer.intent(of: attempt) ?? answer.absence ?? answer.unknown)
        }
    }

    /// The log may not have the provider's id of the payment; then the provider is asked first.
    private func act(
        _ action: Action, on attempt: AttemptView, _ finish: @escaping Completion
    ) {
        guard attempt.reference.isEmpty else {
            return act(action, on: attempt, reference: attempt.reference, finish)
        }
        fetch(attempt) { [weak self] result in
            guard case .intent(let intent) = result, let self else { return finish(result) }
            act(action, on: attempt, reference: intent.reference, finish)
        }
    }

    private func act(
        _ action: Action, on attempt: AttemptView, reference: String,
        _ finish: @escaping Completion
    ) {
        let request = post(
            "/v1/payments/\(percentEncoded(reference))/\(action.rawValue)",
            key: "\(attempt.id.text):\(action.rawValue)"
        ) { _ in }
        send(request) { answer in
            finish(answer.intent(of: attempt) ?? answer.absence ?? answer.unknown)
        }
    }

    /// A refund that is refused is not forgotten: it stays due until a person has looked at it.
    private func give(_ refund: RefundView, _ finish: @escaping Completion) {
        let request = post("/v1/refunds", key: "\(refund.id.text):refund") { body in
            body.field("refund_id", refund.id.text)
            body.field("payment_id", refund.paymentReference)
            body.field("amount", refund.amount)
        }
        send(request) { finish($0.refund(refund) ?? $0.unknown) }
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

    private func send(
        _ request: HTTPRequest?, _ completion: @escaping (SimulatedGatewayAnswer) -> Void
    ) {
        guard let request else {
            invariantFailure("INV-63: ids and encoded references make a request")
        }
        client.send(request, timeout: timeout) { completion(SimulatedGatewayAnswer($0)) }
    }
}
