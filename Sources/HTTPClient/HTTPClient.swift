package import HTTPProtocol
package import Primitives
package import SystemIO

/// An HTTP/1.1 client of one server on an event loop: a bounded pool of kept connections, one
/// request at a time on each, others waiting in order. It retries nothing: only its user knows
/// whether a request may be sent twice. Nothing of it may leave the loop's thread.
package final class HTTPClient {
    private let loop: EventLoop
    private let address: SocketAddress
    private let limits: HTTPLimits
    private let connectionsMax: Int
    private let waitingMax: Int

    private var connections: [ClientConnection] = []
    private var waiting: [Exchange] = []
    private var receiveBuffer = [UInt8](repeating: 0, count: 64 * 1_024)

    private static var sweepInterval: Milliseconds { Milliseconds(50) }

    /// - Parameters:
    ///   - connectionsMax: open at once.
    ///   - waitingMax: requests that wait for a connection; one more fails as not sent.
    package init(
        loop: EventLoop, address: SocketAddress, connectionsMax: Int, waitingMax: Int,
        limits: HTTPLimits = HTTPLimits()
    ) {
        self.loop = loop
        self.address = address
        self.connectionsMax = connectionsMax
        self.waitingMax = waitingMax
        self.limits = limits
        scheduleSweep()
    }

    /// Sends a request; `completion` is called once, with the response or why there is none.
    package func send(
        _ request: HTTPRequest, timeout: Milliseconds,
        completion: @escaping (Result<ClientResponse, HTTPClientError>) -> Void
    ) {
        let exchange = Exchange(
            request: request, deadline: loop.now + timeout, completion: completion)
        guard waiting.count < waitingMax else {
            return completion(.failure(.notSent(reason: "too many requests are waiting")))
        }
        waiting.append(exchange)
        dispatch()
    }

    /// Requests that wait or are under way.
    package var requestsUnderWay: Int {
        waiting.count + connections.count { $0.phase == .exchanging }
    }

    private func dispatch() {
        while !waiting.isEmpty {
            if let idle = connections.first(where: { $0.phase == .idle }) {
                start(waiting.removeFirst(), on: idle)
                continue
            }
            let connecting = connections.count { $0.phase == .connecting }
            guard connections.count < connectionsMax, connecting < waiting.count else { return }
            do {
                try connect()
            } catch {
                // Without a connection under way nobody would take these up again.
                if connections.isEmpty { failWaiting("\(error)") }
                return
            }
        }
    }

    private func connect() throws(SystemError) {
        let connection = ClientConnection(
            socket: try StreamSocket.connect(to: address), limits: limits)
        connection.registration = try loop.register(
            connection.socket.descriptor, for: [.read, .write]
        ) { [unowned self, unowned connection] readiness in
            handle(readiness, connection)
        }
        connections.append(connection)
    }

    private func start(_ exchange: Exchange, on connection: ClientConnection) {
        connection.phase = .exchanging
        connection.exchange = exchange
        connection.output.append { exchange.request.append(to: &$0) }
        flush(connection)
    }

    private func handle(_ readiness: Readiness, _ connection: ClientConnection) {
        if connection.phase == .connecting {
            do {
                try connection.socket.connectionResult()
            } catch {
                close(connection)
                if connections.isEmpty { failWaiting("\(error)") }
                return
            }
            connection.phase = .idle
            setInterest(connection)
            return dispatch()
        }
        if readiness.intersects(.write) { flush(connection) }
        if readiness.intersects(.read) || readiness.intersects(.failed) { receive(connection) }
    }

    private func flush(_ connection: ClientConnection) {
        do {
            _ = try connection.output.flush(to: connection.socket)
            setInterest(connection)
        } catch {
            fail(connection, .unanswered(reason: "\(error)"))
        }
    }

    private func receive(_ connection: ClientConnection) {
        guard connection.phase != .gone else { return }
        let received: Received
        do {
            received = try connection.socket.receive(into: &receiveBuffer)
        } catch {
            return fail(connection, .unanswered(reason: "\(error)"))
        }
        switch received {
        case .wouldBlock:
            return
        case .closed:
            connection.parser.receiveClose()
            read(connection)
            fail(connection, .unanswered(reason: "the server closed the connection"))
        case .bytes(let count):
            connection.parser.receive(receiveBuffer.span.extracting(0..<count))
            read(connection)
        }
    }

    private func read(_ connection: ClientConnection) {
        while let exchange = connection.exchange {
            switch connection.parser.next(answering: exchange.request.method) {
            case .needsMoreBytes:
                return
            case .head(let head):
                connection.head = head
            case .bodyPart(let part):
                connection.body.append(contentsOf: part)
            case .end:
                finish(connection, exchange)
            case .refused(let error):
                return fail(connection, .unanswered(reason: "\(error)"))
            }
        }
        // Bytes that nobody asked for.
        if connection.phase == .idle, case .refused = connection.parser.next(answering: .get) {
            close(connection)
        }
    }

    private func finish(_ connection: ClientConnection, _ exchange: Exchange) {
        guard let head = connection.head else {
            preconditionFailure("INV-53: a response ended before its head")
        }
        let response = ClientResponse(head: head, body: connection.body)
        connection.exchange = nil
        connection.head = nil
        connection.body = []
        connection.phase = .idle
        if head.persistence == .close { close(connection) }
        exchange.completion(.success(response))
        dispatch()
    }

    private func fail(_ connection: ClientConnection, _ error: HTTPClientError) {
        let exchange = connection.exchange
        connection.exchange = nil
        close(connection)
        exchange?.completion(.failure(error))
        dispatch()
    }

    private func close(_ connection: ClientConnection) {
        guard connection.phase != .gone else { return }
        connection.phase = .gone
        if let registration = connection.registration { loop.deregister(registration) }
        connections.removeAll { $0 === connection }
    }

    private func failWaiting(_ reason: String) {
        let failed = waiting
        waiting.removeAll()
        for exchange in failed { exchange.completion(.failure(.notSent(reason: reason))) }
    }

    private func setInterest(_ connection: ClientConnection) {
        guard let registration = connection.registration, connection.phase != .gone else { return }
        loop.modify(registration, for: connection.output.isEmpty ? .read : [.read, .write])
    }

    private func scheduleSweep() {
        loop.schedule(after: Self.sweepInterval) { [weak self] in
            self?.sweep()
            self?.scheduleSweep()
        }
    }

    private func sweep() {
        let late = connections.filter { connection in
            connection.exchange.map { $0.deadline <= loop.now } ?? false
        }
        for connection in late { fail(connection, .timedOut) }
        let lateWaiting = waiting.filter { $0.deadline <= loop.now }
        guard !lateWaiting.isEmpty else { return }
        waiting.removeAll { $0.deadline <= loop.now }
        for exchange in lateWaiting {
            exchange.completion(.failure(.notSent(reason: "no connection came free in time")))
        }
    }
}
