import API
import HTTPProtocol
import HTTPServer
import Inventory
import NodeCore
import Primitives
import SystemIO
import Telemetry
import Wire

/// A node's HTTP side: makes operations of requests and responses of replies, and sends on to the
/// leader what must go there.
final class Front {
    private let loop: EventLoop
    private let gateway: Gateway
    private var responder: Responder
    private let metrics: NodeMetrics
    private unowned let host: any FrontHost
    private var server: HTTPServer<Front>?
    private weak var peers: (any ForwardingPeers)?
    private var random = SecureRandom()
    private var pending: PendingRequests
    /// What the heads showed of the requests whose bodies are being read, by connection's slot.
    private var admitted: [Exchange?] = []
    /// Those that the gauge of all connections counts.
    private var countedConnections = 0
    /// Requests that wait for the leader's answer; the sweep is idle without them.
    private var forwardedCount = 0

    /// How long a forwarded request may take: longer than any patience of the leader's own.
    private static let forwardTimeout = Milliseconds.seconds(10)
    private static let sweepInterval = Milliseconds(250)

    /// - Parameters:
    ///   - number: of this front among its node's.
    ///   - host: not kept alive; it must live as long as the front.
    init(
        number: Int, loop: EventLoop, configuration: APIConfiguration, metrics: NodeMetrics,
        host: any FrontHost
    ) {
        self.loop = loop
        gateway = Gateway(configuration)
        responder = Responder(configuration)
        self.metrics = metrics
        self.host = host
        pending = PendingRequests(front: number)
        scheduleSweep()
    }

    /// Begins to serve clients.
    func serve(_ server: HTTPServer<Front>) { self.server = server }

    /// Begins to serve peers that send their clients' requests on.
    func serve(_ peers: any ForwardingPeers) { self.peers = peers }

    // MARK: requests

    private func take(_ exchange: consuming Exchange, _ body: [UInt8], from origin: Origin) {
        let decision = gateway.decode(
            &exchange, body: body, at: SystemClock.wallNow(),
            random: { random.nextUInt128() })
        act(on: decision, exchange, body, origin)
    }

    private func act(
        on decision: Decision, _ exchange: Exchange, _ body: [UInt8], _ origin: Origin
    ) {
        switch decision {
        case .respond(let response):
            finish(response, exchange, origin, since: loop.now)
        case .metrics:
            finish(exchange.metrics(metrics.prometheusText()), exchange, origin, since: loop.now)
        case .submit(let operation):
            if let response = responder.cachedResponse(to: exchange, at: loop.now) {
                return finish(response, exchange, origin, since: loop.now)
            }
            let mayBeForwarded = gateway.leaderRouting(of: exchange.endpoint) == .forward
            let id = pending.insert(
                PendingRequest(
                    exchange: exchange, origin: origin, body: mayBeForwarded ? body : [],
                    startedAt: loop.now))
            host.submit(ClientRequest(id: id, operation: operation))
        }
    }

    // MARK: replies

    private func respond(to request: PendingRequest, with reply: Reply) {
        switch responder.respond(to: request.exchange, with: reply, at: loop.now) {
        case .respond(let response):
            count(reply.answer, request.exchange.endpoint)
            finish(response, request.exchange, request.origin, since: request.startedAt)
        case .wait(let until):
            let span = until.milliseconds(since: loop.now) + Milliseconds(1)
            loop.schedule(after: span) { [weak self] in
                self?.respond(to: request, with: reply)
            }
        }
    }

    private func count(_ answer: Answer, _ endpoint: Endpoint) {
        switch endpoint {
        case .hold: metrics.holds[HoldOutcome(answer)].add()
        case .commit: metrics.commits[CommitOutcome(answer)].add()
        case .createVenue, .readVenue, .createEvent, .listEvents, .readEvent, .setBlocked,
            .readSeatMap, .readLayout, .readHold, .amendHold, .releaseHold, .readOrder,
            .cancelOrder, .listUserOrders, .webhook, .health, .readiness, .leadership, .metrics,
            .clusterStatus, .transferLeadership, .flush:
            break
        }
    }

    private func finish(
        _ response: HTTPResponse, _ exchange: Exchange, _ origin: Origin,
        since start: MonotonicTime
    ) {
        metrics.httpRequests.observe(
            route: exchange.endpoint.ordinal, status: Int(response.status.rawValue),
            nanoseconds: SystemClock.monotonicNow().nanoseconds - start.nanoseconds)
        give(response, to: origin)
    }

    private func give(_ response: HTTPResponse, to origin: Origin) {
        switch origin {
        case .client(let place):
            server?.respond(at: place, with: response)
        case .peer(let peer, let forward):
            let headers = response.headers.lines.map { ForwardHeader(name: $0, value: $1) }
            peers?.answer(
                ForwardResponse(
                    id: forward, status: UInt16(response.status.rawValue), headers: headers,
                    body: response.body),
                to: peer)
        }
    }

    // MARK: forwarding

    private func forward(_ request: PendingRequest, to leader: NodeID) {
        var request = request
        request.waiting = .forLeader(leader, until: loop.now + Self.forwardTimeout)
        let id = pending.insert(request)
        forwardedCount += 1
        host.forward(
            ForwardRequest(request.exchange.head, body: request.body, id: id.rawValue),
            to: leader)
    }

    /// A peer has sent a client's request on to this node.
    func receive(_ forward: ForwardRequest, from peer: NodeID) {
        let origin = Origin.peer(peer, forward: forward.id)
        guard let (head, body) = forward.parsed() else {
            let refusal = gateway.refusal(
                Problem(.malformedRequest, "The forwarded request can't be read."), of: nil,
                random: { random.nextUInt128() })
            return give(refusal, to: origin)
        }
        switch gateway.admit(head, random: { random.nextUInt128() }) {
        case .refused(let response): give(response, to: origin)
        case .admitted(let exchange, _): take(exchange, body, from: origin)
        }
    }

    private func giveUp(where fits: (PendingRequest.Waiting) -> Bool) {
        guard forwardedCount > 0 else { return }
        for request in pending.removeAll(where: { fits($0.waiting) }) {
            forwardedCount -= 1
            respond(to: request, with: .outcomeUnknown)
        }
    }

    private func respond(to request: PendingRequest, with answer: Answer) {
        respond(to: request, with: Reply(id: RequestID(0), answer: answer, staleness: nil))
    }

    private func scheduleSweep() {
        loop.schedule(after: Self.sweepInterval) { [weak self] in
            guard let self else { return }
            let now = loop.now
            giveUp { waiting in
                guard case .forLeader(_, let until) = waiting else { return false }
                return until <= now
            }
            scheduleSweep()
        }
    }
}

extension Front: FrontPort {
    /// Nothing happens when nobody waits for it any more.
    func receive(_ reply: Reply) {
        guard let request = pending.remove(reply.id) else { return }
        guard case .notLeader(let hint) = reply.answer else {
            return respond(to: request, with: reply)
        }
        switch request.origin {
        case .peer:
            // One hop at most: the forwarder asks again, and nothing was appended.
            respond(to: request, with: .unavailable(.noLeader))
        case .client:
            switch gateway.leaderRouting(of: request.exchange.endpoint) {
            case .redirect: respond(to: request, with: reply)
            case .forward: forward(request, to: hint.leader)
            }
        }
    }

    func receive(_ response: ForwardResponse) {
        guard let request = takeForwarded(RequestID(response.id)) else { return }
        guard let answer = response.response else {
            return respond(to: request, with: .outcomeUnknown)
        }
        finish(answer, request.exchange, request.origin, since: request.startedAt)
    }

    func notForwarded(_ id: RequestID) {
        guard let request = takeForwarded(id) else { return }
        respond(to: request, with: .unavailable(.noLeader))
    }

    func lost(_ peer: NodeID) {
        giveUp { waiting in
            guard case .forLeader(let leader, _) = waiting else { return false }
            return leader == peer
        }
    }

    func drain() {
        server?.drain()
        host.draining()
    }

    /// Sends the answers of a turn.
    func flush() {
        guard let server else { return }
        server.flush()
        metrics.httpConnections.add(Int64(server.connectionCount - countedConnections))
        countedConnections = server.connectionCount
    }

    private func takeForwarded(_ id: RequestID) -> PendingRequest? {
        guard let request = pending.remove(id) else { return nil }
        forwardedCount -= 1
        return request
    }
}

extension Front: HTTPService {
    func screen(_ head: RequestHead, on connection: ConnectionID) -> Screening {
        switch gateway.admit(head, random: { random.nextUInt128() }) {
        case .admitted(let exchange, let bodyBytesMax):
            while admitted.count <= connection.slot { admitted.append(nil) }
            admitted[connection.slot] = exchange
            return .accept(bodyBytesMax: bodyBytesMax)
        case .refused(let response):
            return .refuse(response)
        }
    }

    func respond(to request: IncomingRequest, at place: ResponsePlace) {
        guard let exchange = admitted[place.connection.slot].take() else {
            invariantFailure("INV-75: \(place) has a request that was not admitted")
        }
        take(exchange, request.body, from: .client(place))
    }

    func refusal(_ refusal: ServerRefusal, of head: RequestHead?) -> HTTPResponse {
        let problem =
            switch refusal {
            case .malformed(let error): Problem(error)
            case .tooSlow:
                Problem(.requestTimeout, "The request took too long to arrive.")
            }
        return gateway.refusal(problem, of: head, random: { random.nextUInt128() })
    }
}
