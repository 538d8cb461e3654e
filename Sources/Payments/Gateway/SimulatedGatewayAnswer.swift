import HTTPClient
import HTTPProtocol
import Inventory
import NodeCore

/// What came back from the simulated provider, and what may be made of it. An answer about
/// something else than was asked for is never taken for the provider's word.
struct SimulatedGatewayAnswer {
    private let result: Result<ClientResponse, HTTPClientError>
    private let body: JSONValue?

    init(_ result: Result<ClientResponse, HTTPClientError>) {
        self.result = result
        if case .success(let response) = result {
            body = try? JSONValue(parsing: response.body)
        } else {
            body = nil
        }
    }

    /// The attempt's payment; nil when the answer isn't that.
    func intent(of attempt: AttemptView) -> ProviderResult? {
        guard status == 200, let payment = body.flatMap(ProviderPayment.init),
            payment.attemptID == attempt.id.text
        else { return nil }
        return .intent(payment.intent)
    }

    /// Nil unless the provider says that it doesn't know the payment.
    var absence: ProviderResult? { status == 404 ? .absent : nil }

    /// The refund, given; nil when the answer isn't that.
    func refund(_ refund: RefundView) -> ProviderResult? {
        guard status == 200, body?["refund_id"]?.text == refund.id.text,
            let reference = body?["refund_reference"]?.text, !reference.isEmpty
        else { return nil }
        return .refunded(reference: reference)
    }

    /// For whatever is nothing better, with the reason.
    var unknown: ProviderResult {
        switch result {
        case .failure(.notSent(let reason)): .unknown(reason: "not sent: \(reason)")
        case .failure(.unanswered(let reason)): .unknown(reason: "no answer: \(reason)")
        case .failure(.timedOut): .unknown(reason: "no answer in time")
        case .success(let response) where response.status == 200:
            .unknown(reason: "an answer about something else")
        case .success(let response):
            .unknown(reason: "status \(response.status): \(detail)")
        }
    }

    private var status: UInt16? { try? result.get().status }

    private var detail: String { body?["detail"]?.text.map { String($0.prefix(200)) } ?? "" }
}
