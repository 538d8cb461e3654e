package import HTTPProtocol
package import HTTPServer
import NodeCore
import Primitives
package import SystemIO

/// What `holdfast provider` is told.
package struct ProviderConfiguration: Sendable {
    package var listen: SocketAddress
    /// Where the ledger lives.
    package var directory: String
    package var webhookSecret: [UInt8]
    package var webhookURLs: [WebhookURL]
    package init(
        listen: SocketAddress, directory: String, webhookSecret: [UInt8],
        webhookURLs: [WebhookURL]
    ) {
        self.listen = listen
        self.directory = directory
        self.webhookSecret = webhookSecret
        self.webhookURLs = webhookURLs
    }
}

/// The simulated provider as a server: requests of one turn share one sync of the ledger, and are
/// answered after it.
package final class ProviderService {
    private let loop: EventLoop
    private var provider: SimulatedProvider<PosixDisk>
    private let webhooks: WebhookSender
    private var server: HTTPServer<ProviderService>?
    private var random = SecureRandom()
    private var answers: [(ResponsePlace, ProviderAnswer)] = []
    private var waiting: [String: [ResponsePlace]] = [:]

    private static let bodyBytesMax = 16 * 1_024

    /// Opens the ledger, goes on with late payments, and listens.
    package init(
        loop: EventLoop, configuration: ProviderConfiguration
    ) throws(ProviderError) {
        self.loop = loop
        provider = try SimulatedProvider(
            disk: PosixDisk(), directory: configuration.directory)
        webhooks = WebhookSender(
            loop: loop, secret: configuration.webhookSecret, urls: configuration.webhookURLs,
            eventPrefix: "evt_\(Base32.encode(random.nextUInt128()))")
        do throws(SystemError) {
            let listener = try ListeningSocket(at: configuration.listen)
            server = try HTTPServer(
                loop: loop, listener: listener, limits: HTTPServerLimits(), service: self)
        } catch {
            throw .system("\(error)")
        }
        for late in provider.processing { schedule(late.id, dueAt: late.dueAt) }
    }

    /// Where it listens.
    package var address: SocketAddress? { server?.address }

    /// One turn: takes what arrived, makes it durable, then tells.
    package func turn() throws(ProviderError) {
        loop.turn(waitingAtMost: .seconds(1))
        try provider.commit()
        let (payments, refunds) = provider.takeSettled()
        for (place, answer) in answers { give(answer, at: place) }
        answers.removeAll(keepingCapacity: true)
        for payment in payments {
            let places = waiting.removeValue(forKey: payment.paymentID) ?? []
            for place in places { give(.payment(payment), at: place) }
            webhooks.announce(payment)
        }
        for refund in refunds { webhooks.announce(refund) }
        server?.flush()
    }

    private func give(_ answer: ProviderAnswer, at place: ResponsePlace) {
        switch answer {
        case .now(let response): server?.respond(at: place, with: response)
        case .never: server?.abandon(place)
        case .onceSettled(let id): waiting[id, default: []].append(place)
        }
    }

    private func schedule(_ id: String, dueAt: WallTime) {
        let span = max(.zero, dueAt - SystemClock.wallNow())
        loop.schedule(after: span) { [weak self] in self?.provider.succeedLate(id) }
    }

    private func answer(_ request: IncomingRequest) -> ProviderAnswer {
        let path = request.head.path.split(separator: UInt8(ascii: "/")).map {
            String(decoding: $0, as: UTF8.self)
        }
        let now = SystemClock.wallNow()
        switch (request.head.method, path.count, path.first, path.dropFirst().first) {
        case (.get, 1, "healthz", _):
            return .now(HTTPResponse.json { $0.field("status", "ok") })
        case (.get, 1, "charges", _):
            return provider.charges()
        case (.get, 2, "v1", "payments"):
            return find(request.head.query)
        case (.post, 2, "v1", "payments"):
            return withBody(request) { provider.create($0, id: newID("pi"), at: now) }
        case (.post, 2, "v1", "refunds"):
            return withBody(request) { provider.refund($0, reference: newID("re")) }
        case (.post, 4, "v1", "payments"):
            return move(path[2], path[3], at: now)
        default:
            return .problem(.notFound, "no such resource")
        }
    }

    private func move(_ id: String, _ verb: String, at now: WallTime) -> ProviderAnswer {
        switch verb {
        case "confirm":
            let answer = provider.confirm(id, at: now)
            if let payment = provider.book.payment(id), let due = payment.dueAt,
                payment.shown.status == .processing
            {
                schedule(id, dueAt: due)
            }
            return answer
        case "cancel":
            return provider.cancel(id)
        default:
            return .problem(.notFound, "no such action")
        }
    }

    private func find(_ query: ArraySlice<UInt8>?) -> ProviderAnswer {
        let prefix = Array("attempt_id=".utf8)
        guard let query, query.starts(with: prefix) else {
            return .problem(.badRequest, "attempt_id is needed")
        }
        return provider.find(
            attempt: String(decoding: query.dropFirst(prefix.count), as: UTF8.self))
    }

    private func withBody(
        _ request: IncomingRequest, _ act: (JSONValue) -> ProviderAnswer
    ) -> ProviderAnswer {
        guard let body = JSONValue(parsing: request.body) else {
            return .problem(.badRequest, "the body is not JSON")
        }
        return act(body)
    }

    private func newID(_ prefix: String) -> String {
        "\(prefix)_\(Base32.encode(random.nextUInt128()))"
    }
}

extension ProviderService: HTTPService {
    package func screen(_ head: RequestHead) -> Screening {
        .accept(bodyBytesMax: Self.bodyBytesMax)
    }

    package func respond(to request: IncomingRequest, at place: ResponsePlace) {
        answers.append((place, answer(request)))
    }

    package func refusal(_ refusal: ServerRefusal) -> HTTPResponse {
        let status: HTTPStatus
        switch refusal {
        case .malformed(let error): status = error.status
        case .tooSlow: status = .requestTimeout
        }
        return HTTPResponse(status)
    }
}
