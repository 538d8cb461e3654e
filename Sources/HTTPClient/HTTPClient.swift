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
    private let connectTimeout: Milliseconds

    private var connections: [ClientConnection] = []
    /// The one used last is used next: the others then end of themselves, at the server's limit.
    private var idle: [ClientConnection] = []
    private var connectingCount = 0
    private var waiting = WaitingExchanges()
    private var receiveBuffer = [UInt8](repeating: 0, count: 64 * 1_024)
    private var sweepTimer: TimerID?

    /// How late a deadline may be noticed.
    private static var sweepInterval: Milliseconds { Milliseconds(50) }

    /// - Parameters:
    ///   - connectionsMax: open at once.
    ///   - waitingMax: requests that wait for a connection; one more fails as not sent.
    package init(
        loop: EventLoop, address: SocketAddress, connectionsMax: Int, waitingMax: Int,
        connectTimeout: Milliseconds = .seconds(3), limits: HTTPLimits = HTTPLimits()
    ) {
        self.loop = loop
        self.address = address
        self.connectionsMax = connectionsMax
        self.waitingMax = waitingMax
        self.connectTimeout = connectTimeout
        self.limits = limits
        scheduleSweep()
    }

    /// Who waits for an answer is not called any more.
    deinit {
        if let sweepTimer { loop.cancel(sweepTimer) }
        for connection in connections { close(connection) }
    }

    /// Sends a request. `completion` is called once, in a later turn or further on in this one,
    /// never before this returns: with the response or why there is none.
    package func send(
        _ request: HTTPRequest, timeout: Milliseconds,
        completion: @escaping (Result<ClientResponse, HTTPClientError>) -> Void
    ) {
        let exchange = Exchange(
            request: request, deadline: loop.now + timeout, completion: completion)
        guard waiting.count < waitingMax else {
            return failLater(exchange, .notSent(reason: "too many requests are waiting"))
        }
        waiting.append(exchange)
        dispatch()
    }

    /// Requests that wait or are under way.
    package var requestsUnderWay: Int {
        waiting.count + connections.count - connectingCount - idle.count
    }

    // MARK: connections

    private func dispatch() {
        while waiting.count > 0 {
            if let connection = takeIdle() {
                if let exchange = waiting.popFirst() { start(exchange, on: connection) }
                continue
            }
            guard connections.count < connectionsMax, connectingCount < waiting.count else {
                return
            }
            do {
                try connect()
            } catch {
                // Without a connection nobody would take these up again.
                if connections.isEmpty {
                    for exchange in waiting.removeAll() {
                        failLater(exchange, .notSent(reason: "\(error)"))
                    }
                }
                return
            }
        }
    }

    /// A server ends idle connections as it likes, and may have ended this one since the loop last
    /// looked: a request sent on it would be lost without need.
    private func takeIdle() -> ClientConnection? {
        while let connection = idle.popLast() {
            if case .wouldBlock? = try? connection.socket.receive(into: &receiveBuffer) {
                return connection
            }
            close(connection)
        }
        return nil
    }

    private func connect() throws(SystemError) {
        let connection = ClientConnection(
            socket: try .connect(to: address), limits: limits,
            connectUntil: loop.now + connectTimeout)
        connection.registration = try loop.register(
            connection.socket.descriptor, for: .write
        ) { [unowned self, unowned connection] readiness in
            handle(readiness, connection)
        }
        connections.append(connection)
        connectingCount += 1
    }

    private func handle(_ readiness: Readiness, _ connection: ClientConnection) {
        switch connection.phase {
        case .connecting:
            connected(connection)
        case .idle:
            // The end, or bytes that nobody asked for.
            idle.removeAll { $0 === connection }
            close(connection)
        case .exchanging:
            if readiness.intersects(.write) { flush(connection) }
            if readiness.intersects(.read) || readiness.intersects(.failed) {
                receive(connection)
            }
        case .gone:
            break
        }
    }

    private func connected(_ connection: ClientConnection) {
        do {
            try connection.socket.connectionResult()
        } catch {
            return giveUp(connection, reason: "\(error)")
        }
        connectingCount -= 1
        release(connection)
        dispatch()
    }

    /// A connection could not be made.
    private func giveUp(_ connection: ClientConnection, reason: String) {
        close(connection)
        guard connections.isEmpty else { return }
        for exchange in waiting.removeAll() { exchange.fail(.notSent(reason: reason)) }
    }

    private func release(_ connection: ClientConnection) {
        connection.phase = .idle
        idle.append(connection)
        setInterest(connection)
    }

    /// The caller has taken it out of `idle`.
    private func close(_ connection: ClientConnection) {
        switch connection.phase {
        case .gone: return
        case .connecting: connectingCount -= 1
        case .idle, .exchanging: break
        }
        connection.phase = .gone
        if let registration = connection.registration { loop.deregister(registration) }
        connections.removeAll { $0 === connection }
    }

    private func setInterest(_ connection: ClientConnection) {
        guard let registration = connection.registration else { return }
        loop.modify(registration, for: connection.output.isEmpty ? .read : [.read, .write])
    }

    // MARK: exchanges

    private func start(_ exchange: Exchange, on connection: ClientConnection) {
        connection.phase = .exchanging(exchange)
        connection.output.append { exchange.request.append(to: &$0) }
        let whole = connection.output.count
        do {
            _ = try connection.output.flush(to: connection.socket)
            setInterest(connection)
        } catch {
            guard connection.output.count == whole else { return stopSending(connection) }
            close(connection)
            failLater(exchange, .notSent(reason: "\(error)"))
        }
    }

    private func flush(_ connection: ClientConnection) {
        do {
            _ = try connection.output.flush(to: connection.socket)
            setInterest(connection)
        } catch {
            stopSending(connection)
        }
    }

    /// The server reads no more; it may have answered before it stopped, so that is looked at.
    private func stopSending(_ connection: ClientConnection) {
        connection.output.removeAll()
        setInterest(connection)
    }

    private func receive(_ connection: ClientConnection) {
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
            // It ends a body that nothing else does.
            connection.parser.receiveClose()
            read(connection)
            fail(connection, .unanswered(reason: "the server closed the connection"))
        case .bytes(let count):
            connection.parser.receive(receiveBuffer.span.extracting(0..<count))
            read(connection)
        }
    }

    /// Reads the response as far as it has arrived.
    private func read(_ connection: ClientConnection) {
        while case .exchanging(let exchange) = connection.phase {
            switch connection.parser.next(answering: exchange.request.method) {
            case .needsMoreBytes:
                return
            case .head(let head):
                connection.head = head
            case .bodyPart(let part):
                connection.body.append(contentsOf: part)
            case .end:
                return finish(connection, exchange)
            case .refused(let error):
                return fail(connection, .unanswered(reason: "\(error.detail)"))
            }
        }
    }

    private func finish(_ connection: ClientConnection, _ exchange: Exchange) {
        guard let head = connection.head.take() else {
            invariantFailure("INV-53: a response ended before its head")
        }
        let response = ClientResponse(head: head, body: connection.body)
        connection.body = []
        if connection.isReusable(after: head) {
            release(connection)
        } else {
            close(connection)
        }
        exchange.completion(.success(response))
        dispatch()
    }

    /// Nothing happens when the exchange has ended.
    private func fail(_ connection: ClientConnection, _ error: HTTPClientError) {
        guard case .exchanging(let exchange) = connection.phase else { return }
        close(connection)
        exchange.fail(error)
        dispatch()
    }

    /// In the next turn: a user who sends again from its completion must not come back here
    /// before `send` has returned.
    private func failLater(_ exchange: Exchange, _ error: HTTPClientError) {
        loop.schedule(after: .zero) { exchange.fail(error) }
    }

    // MARK: time

    private func scheduleSweep() {
        sweepTimer = loop.schedule(after: Self.sweepInterval) { [unowned self] in
            sweep()
            scheduleSweep()
        }
    }

    private func sweep() {
        for connection in connections {
            switch connection.phase {
            case .connecting(let deadline) where deadline <= loop.now:
                giveUp(connection, reason: "no connection in time")
            case .exchanging(let exchange) where exchange.deadline <= loop.now:
                fail(connection, .timedOut)
            case .connecting, .idle, .exchanging, .gone:
                break
            }
        }
        for exchange in waiting.removeAll(dueAt: loop.now) {
            exchange.fail(.notSent(reason: "no connection came free in time"))
        }
        dispatch()
    }
}
