import HTTPClient
package import HTTPProtocol
import NodeCore
import Primitives
package import SystemIO

/// Tells Holdfast's nodes of settled payments and refunds, signed as Stripe signs. An event goes
/// to one node after the other until one takes it, with growing pauses; what is not taken when the
/// provider ends is found by the nodes' own polls.
final class WebhookSender {
    private struct Event {
        var body: [UInt8]
        var attempts = 0
    }

    private struct Endpoint {
        var client: HTTPClient
        var host: HTTPHost
        var target: RequestTarget
    }

    private static let pauseMin = Milliseconds(500)
    private static let pauseDoublingsMax = 7
    private static let attemptsMax = 200

    private let loop: EventLoop
    private let secret: [UInt8]
    private let endpoints: [Endpoint]
    private var lastEvent: UInt64 = 0
    private let eventPrefix: String

    init(loop: EventLoop, secret: [UInt8], urls: [WebhookURL], eventPrefix: String) {
        self.loop = loop
        self.secret = secret
        self.eventPrefix = eventPrefix
        endpoints = urls.map { url in
            Endpoint(
                client: HTTPClient(
                    loop: loop, address: url.address, connectionsMax: 32, waitingMax: 65_536),
                host: url.host, target: url.target)
        }
    }

    func announce(_ payment: ProviderPayment) {
        announce("payment.\(payment.status.word)") { data in
            data.field("object", "payment")
            payment.write(to: &data)
        }
    }

    func announce(_ refund: ProviderBook.Refund) {
        announce("refund.succeeded") { data in
            data.field("object", "refund")
            data.field("payment_id", refund.paymentID)
            data.field("refund_id", refund.reference)
            data.field("holdfast_refund_id", refund.refundID)
            data.field("amount", refund.amount)
            data.field("status", "succeeded")
        }
    }

    private func announce(_ type: String, _ write: (inout JSONObjectWriter) -> Void) {
        lastEvent += 1
        var body: [UInt8] = []
        body.appendJSONObject { event in
            event.field("id", "\(eventPrefix)_\(lastEvent)")
            event.field("type", type)
            event.field("created", SystemClock.wallNow().rawValue / 1_000)
            event.object("data", write)
        }
        deliver(Event(body: body))
    }

    private func deliver(_ event: Event) {
        guard !endpoints.isEmpty, event.attempts < Self.attemptsMax else { return }
        let endpoint = endpoints[event.attempts % endpoints.count]
        let request = HTTPRequest(
            .post, endpoint.target, host: endpoint.host, headers: headers(for: event.body),
            body: event.body)
        endpoint.client.send(request, timeout: .seconds(5)) { [weak self] result in
            if case .success(let response) = result, response.status == 200 { return }
            self?.retry(event)
        }
    }

    private func retry(_ event: Event) {
        var event = event
        event.attempts += 1
        let rounds = min(event.attempts / endpoints.count, Self.pauseDoublingsMax)
        loop.schedule(after: Milliseconds(Self.pauseMin.rawValue << Int64(rounds))) { [weak self] in
            self?.deliver(event)
        }
    }

    /// Signed anew for each attempt: the receiver refuses old times.
    private func headers(for body: [UInt8]) -> HeaderBlock {
        let seconds = SystemClock.wallNow().rawValue / 1_000
        let signature = HMACSHA256.authenticate(Array("\(seconds).".utf8) + body, key: secret)
        var headers = HeaderBlock()
        headers.add("Content-Type", "application/json")
        if let value = HTTPHeaderValue("t=\(seconds),v1=\(Hex.encode(signature))") {
            headers.add("Stripe-Signature", value)
        }
        return headers
    }
}

/// Where webhooks go.
package struct WebhookURL: Sendable {
    package let address: SocketAddress
    package let host: HTTPHost
    package let target: RequestTarget

    /// `http://host:port/path`; the host may be a name. Nil when the text is something else.
    package init?(_ text: String) {
        let scheme = "http://"
        guard text.hasPrefix(scheme) else { return nil }
        let rest = text.dropFirst(scheme.count)
        let slash = rest.firstIndex(of: "/") ?? rest.endIndex
        let authority = String(rest[..<slash])
        let path = slash == rest.endIndex ? "/" : String(rest[slash...])
        guard let host = HTTPHost(authority), let target = RequestTarget(path),
            let address = (try? SocketAddress.resolve(authority))?.first
        else { return nil }
        self.host = host
        self.target = target
        self.address = address
    }
}
