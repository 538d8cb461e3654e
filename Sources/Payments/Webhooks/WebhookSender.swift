import HTTPClient
import HTTPProtocol
import Primitives
import SystemIO

/// Tells Holdfast's nodes of settled payments and refunds. An event goes to one node after the
/// other until one takes it, then, after a pause that doubles, round again. It may arrive twice.
///
/// Webhooks are a help, not a promise: what nobody takes, what is too much to remember, and what
/// is still on its way when the provider ends, is found by the nodes' own polls.
final class WebhookSender {
    private struct Endpoint {
        var client: HTTPClient
        var host: HTTPHost
        var target: RequestTarget
    }

    private struct Delivery {
        let event: WebhookEvent
        /// The endpoint that each round begins with.
        let first: Int
        var failures = 0
    }

    private let loop: EventLoop
    private let secret: [UInt8]
    private let endpoints: [Endpoint]
    private let eventPrefix: String
    private let limits: WebhookLimits
    private var lastEvent: UInt64 = 0
    /// The endpoint that new events go to first: one that isn't known to have failed since it last
    /// took an event, if there is one.
    private var preferred = 0

    /// Events that nobody has taken yet.
    private(set) var outstanding = 0
    /// Events that were never told to anybody, or given up.
    private(set) var dropped = 0

    init(
        loop: EventLoop, secret: [UInt8], urls: [WebhookURL], eventPrefix: String,
        limits: WebhookLimits = WebhookLimits()
    ) {
        self.loop = loop
        self.secret = secret
        self.eventPrefix = eventPrefix
        self.limits = limits
        endpoints = urls.map { url in
            Endpoint(
                client: HTTPClient(
                    loop: loop, address: url.address,
                    connectionsMax: limits.connectionsMax, waitingMax: limits.outstandingMax),
                host: url.host, target: url.target)
        }
    }

    func announce(_ news: ProviderNews) {
        guard !endpoints.isEmpty else { return }
        guard outstanding < limits.outstandingMax else {
            dropped += 1
            return
        }
        outstanding += 1
        lastEvent += 1
        let event = WebhookEvent(
            news, id: "\(eventPrefix)_\(lastEvent)", at: SystemClock.wallNow())
        deliver(Delivery(event: event, first: preferred))
    }

    private func deliver(_ delivery: Delivery) {
        let place = (delivery.first + delivery.failures) % endpoints.count
        let endpoint = endpoints[place]
        let request = HTTPRequest(
            .post, endpoint.target, host: endpoint.host,
            headers: delivery.event.headers(secret: secret, at: SystemClock.wallNow()),
            body: delivery.event.body)
        endpoint.client.send(request, timeout: limits.timeout) { [weak self] result in
            if case .success(let response) = result, (200...299).contains(response.status) {
                self?.taken(by: place)
            } else {
                self?.failed(delivery, at: place)
            }
        }
    }

    private func taken(by place: Int) {
        preferred = place
        outstanding -= 1
    }

    private func failed(_ delivery: Delivery, at place: Int) {
        if preferred == place { preferred = (place + 1) % endpoints.count }
        var delivery = delivery
        delivery.failures += 1
        let (rounds, untold) = delivery.failures.quotientAndRemainder(
            dividingBy: endpoints.count)
        guard untold == 0 else { return deliver(delivery) }
        guard rounds < limits.roundsMax else {
            outstanding -= 1
            dropped += 1
            return
        }
        loop.schedule(after: limits.pause(afterRounds: rounds)) { [weak self] in
            self?.deliver(delivery)
        }
    }
}

/// What webhooks may cost.
struct WebhookLimits: Hashable {
    var connectionsMax = 32
    /// Events that nobody has taken yet; further ones are not told.
    var outstandingMax = 16_384
    /// Of one attempt.
    var timeout = Milliseconds.seconds(5)
    /// Some hours, once the pauses have their full length.
    var roundsMax = 200
    var pauseMin = Milliseconds(500)
    var pauseDoublingsMax = 7

    /// 500 ms, 1 s, 2 s, up to 64 s.
    func pause(afterRounds rounds: Int) -> Milliseconds {
        Milliseconds(pauseMin.rawValue << Int64(min(rounds - 1, pauseDoublingsMax)))
    }
}
