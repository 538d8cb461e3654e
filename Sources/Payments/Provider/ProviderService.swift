package import HTTPProtocol
package import HTTPServer
import Primitives
package import SystemIO

/// What the simulated provider is told.
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
    private let lock: DirectoryLock
    private var provider: SimulatedProvider<PosixDisk>
    private let webhooks: WebhookSender
    private var server: HTTPServer<ProviderService>?
    private var random = SecureRandom()
    private var answers: [(ResponsePlace, ProviderAnswer)] = []
    private var waiting = WaitingConfirms(countMax: 4_096)

    private static let bodyBytesMax = 16 * 1_024

    /// Takes the directory for itself, reads the ledger, goes on with late payments, and listens.
    package init(
        loop: EventLoop, configuration: ProviderConfiguration
    ) throws(ProviderError) {
        self.loop = loop
        var disk = PosixDisk()
        do throws(DiskError) {
            try disk.makeDirectory(configuration.directory)
        } catch {
            throw .disk(error)
        }
        do throws(DirectoryLockError) {
            lock = try DirectoryLock(directory: configuration.directory)
        } catch {
            throw .locked(error)
        }
        provider = try SimulatedProvider(
            disk: disk, directory: configuration.directory, at: .now())
        webhooks = WebhookSender(
            loop: loop, secret: configuration.webhookSecret, urls: configuration.webhookURLs,
            eventPrefix: "evt_\(Base32.encode(random.nextUInt128()))")
        do throws(SystemError) {
            let listener = try ListeningSocket(at: configuration.listen)
            server = try HTTPServer(
                loop: loop, listener: listener, limits: HTTPServerLimits(), service: self)
        } catch {
            throw .system(error)
        }
    }

    /// Where it listens.
    package var address: SocketAddress? { server?.address }
    /// How many payments the ledger has, and how many bytes of an untold record were dropped from
    /// its end.
    package var paymentCount: Int { provider.book.payments.count }
    package var tornBytes: Int { provider.tornBytes }
    /// Whether nobody is connected any more; of use after `stop`.
    package var isDeserted: Bool { server?.connectionCount == 0 }

    /// One turn: takes what arrived, makes it durable, then tells. After an error nothing of the
    /// turn has been told, and the process must end.
    package func turn() throws(ProviderError) {
        loop.turn(waitingAtMost: timeout)
        provider.settleDue(at: .now())
        let news = try provider.commit()
        let turnAnswers = answers
        answers.removeAll(keepingCapacity: true)
        for (place, answer) in turnAnswers { give(answer, at: place) }
        for case .settled(let payment) in news {
            for place in waiting.take(payment.paymentID) { give(.payment(payment), at: place) }
        }
        // Sending makes room for more requests, whose answers belong to the next turn.
        server?.flush()
        for news in news { webhooks.announce(news) }
    }

    /// Takes no more connections and closes those there are, after their answers: those who wait
    /// for a late payment are told that it is under way. Keep turning until `isDeserted`.
    package func stop() {
        for (id, places) in waiting.takeAll() {
            for place in places { giveStatus(of: id, at: place) }
        }
        waiting = WaitingConfirms(countMax: 0)
        server?.drain()
    }

    /// What arrived while the last answers were sent must not wait for something else to happen.
    private var timeout: Milliseconds {
        guard answers.isEmpty else { return .zero }
        let longest = Milliseconds.seconds(1)
        guard let due = provider.nextDue else { return longest }
        return min(longest, due.milliseconds(since: SystemClock.monotonicNow()) + Milliseconds(1))
    }

    private func give(_ answer: ProviderAnswer, at place: ResponsePlace) {
        switch answer {
        case .now(let response): server?.respond(at: place, with: response)
        case .never: server?.abandon(place)
        case .onceSettled(let id):
            if waiting.isFull {
                giveStatus(of: id, at: place)
            } else {
                waiting.add(place, for: id)
            }
        }
    }

    private func giveStatus(of payment: String, at place: ResponsePlace) {
        guard let payment = provider.book.payment(payment) else {
            invariantFailure("INV-60: somebody waits for unknown payment \(payment)")
        }
        give(.payment(payment.shown), at: place)
    }

    private func answer(_ request: IncomingRequest) throws(ProviderRefusal) -> ProviderAnswer {
        switch try ProviderRequest(request) {
        case .health:
            .now(HTTPResponse.json { $0.field("status", "ok") })
        case .charges:
            .now(ChargeReport.everything(provider.book))
        case .chargeTotals:
            .now(ChargeReport.totals(provider.book))
        case .charge(let attempt):
            .now(ChargeReport.charge(ofAttempt: attempt, provider.book))
        case .find(let attempt):
            try provider.find(attempt: attempt)
        case .create(let payment):
            try provider.create(payment, id: newID("pi"), at: .now())
        case .confirm(let id):
            try provider.confirm(id, at: .now())
        case .cancel(let id):
            try provider.cancel(id)
        case .refund(let refund):
            try provider.refund(refund, reference: newID("re"))
        }
    }

    private func newID(_ prefix: String) -> String {
        "\(prefix)_\(Base32.encode(random.nextUInt128()))"
    }
}

extension ProviderService: HTTPService {
    package func screen(_ head: RequestHead, on _: ConnectionID) -> Screening {
        .accept(bodyBytesMax: Self.bodyBytesMax)
    }

    package func respond(to request: IncomingRequest, at place: ResponsePlace) {
        do throws(ProviderRefusal) {
            answers.append((place, try answer(request)))
        } catch {
            answers.append((place, .now(error.response)))
        }
    }

    package func refusal(_ refusal: ServerRefusal, of head: RequestHead?) -> HTTPResponse {
        switch refusal {
        case .malformed(let error):
            ProviderRefusal(error.status, error.detail.description).response
        case .tooSlow:
            ProviderRefusal(.requestTimeout, "The request took too long to arrive.").response
        }
    }
}
