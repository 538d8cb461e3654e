package import HTTPProtocol
import Primitives
package import SystemIO

/// An HTTP/1.1 server on one event loop: accepts, reads requests, and sends the service's answers
/// in the order of their requests. The owner calls `flush` after each turn of the loop, so that
/// all answers of a turn leave with one system call a connection.
package final class HTTPServer<Service: HTTPService> {
    private let loop: EventLoop
    private let listener: ListeningSocket
    private let limits: HTTPServerLimits
    private unowned let service: Service

    private enum Acceptance {
        case accepting(Registration)
        /// Out of room, of descriptors or memory: tried again at the next sweep.
        case paused
        case stopped
    }

    private var acceptance = Acceptance.paused
    private var connections: [Connection?] = []
    private var freeSlots: [Int] = []
    private var lastGeneration: UInt64 = 0
    private var dirty: [Connection] = []
    private var receiveBuffer = [UInt8](repeating: 0, count: 64 * 1_024)
    private var date: HTTPDate
    private var dateSecond: Int64

    /// Open connections.
    package private(set) var connectionCount = 0
    /// Where it listens.
    package var address: SocketAddress { listener.address }

    private static var sweepInterval: Milliseconds { Milliseconds(500) }
    private static var lingerTimeout: Milliseconds { .seconds(2) }

    package init(
        loop: EventLoop, listener: consuming ListeningSocket, limits: HTTPServerLimits,
        service: Service
    ) throws(SystemError) {
        self.loop = loop
        self.listener = listener
        self.limits = limits
        self.service = service
        let wall = SystemClock.wallNow()
        date = HTTPDate(wall)
        dateSecond = wall.rawValue / 1_000
        try listen()
        scheduleSweep()
    }

    /// Ends the accepting of connections; open ones go on.
    package func stopAccepting() {
        pauseAccepting()
        acceptance = .stopped
    }

    /// Closes the connections that wait for a request, and every other one after its answers.
    package func drain() {
        stopAccepting()
        for case .some(let connection) in connections {
            if connection.phase == .open { connection.phase = .ending }
            markDirty(connection)
        }
        flush()
    }

    /// Answers a request. Ignored when its connection is gone.
    package func respond(at place: ResponsePlace, with response: HTTPResponse) {
        guard let connection = connection(place.connection) else { return }
        connection.answer(place.turn, response, date: date)
        markDirty(connection)
    }

    /// Closes the request's connection without an answer.
    package func abandon(_ place: ResponsePlace) {
        guard let connection = connection(place.connection) else { return }
        close(connection)
    }

    /// Sends what has been answered since the last call.
    package func flush() {
        var index = 0
        // Sending may let a connection read on, which may answer, which adds to the list.
        while index < dirty.count {
            let connection = dirty[index]
            index += 1
            connection.isDirty = false
            if self.connection(connection.id) != nil { send(connection) }
        }
        dirty.removeAll(keepingCapacity: true)
    }

    // MARK: accepting

    private func listen() throws(SystemError) {
        guard case .paused = acceptance else { return }
        let registration = try loop.register(listener.descriptor, for: .read) {
            [unowned self] _ in acceptAll()
        }
        acceptance = .accepting(registration)
    }

    private func pauseAccepting() {
        guard case .accepting(let registration) = acceptance else { return }
        loop.deregister(registration)
        acceptance = .paused
    }

    private func acceptAll() {
        do {
            while connectionCount < limits.connectionsMax {
                guard let socket = try listener.accept() else { return }
                try open(socket)
            }
        } catch {
            // Out of descriptors or memory: the connection waits in the backlog.
        }
        pauseAccepting()
    }

    private func open(_ socket: consuming StreamSocket) throws(SystemError) {
        let slot = freeSlots.popLast() ?? connections.count
        if slot == connections.count { connections.append(nil) }
        lastGeneration += 1
        let connection = Connection(
            id: ConnectionID(slot: slot, generation: lastGeneration), socket: socket,
            limits: limits, deadline: loop.now + limits.idleTimeout)
        do {
            connection.registration = try loop.register(
                connection.socket.descriptor, for: .read
            ) { [unowned self, unowned connection] readiness in
                handle(readiness, connection)
            }
        } catch {
            freeSlots.append(slot)
            throw error
        }
        connections[slot] = connection
        connectionCount += 1
    }

    private func close(_ connection: Connection) {
        guard self.connection(connection.id) != nil else { return }
        if let registration = connection.registration { loop.deregister(registration) }
        connections[connection.id.slot] = nil
        freeSlots.append(connection.id.slot)
        connectionCount -= 1
    }

    private func connection(_ id: ConnectionID) -> Connection? {
        guard id.slot < connections.count, let connection = connections[id.slot],
            connection.id == id
        else { return nil }
        return connection
    }

    private func markDirty(_ connection: Connection) {
        guard !connection.isDirty else { return }
        connection.isDirty = true
        dirty.append(connection)
    }

    // MARK: reading

    private func handle(_ readiness: Readiness, _ connection: Connection) {
        if readiness.intersects(.write) { markDirty(connection) }
        if readiness.intersects(.read) || readiness.intersects(.failed) { receive(connection) }
    }

    private func receive(_ connection: Connection) {
        let received: Received
        do {
            received = try connection.socket.receive(into: &receiveBuffer)
        } catch {
            return close(connection)
        }
        switch received {
        case .wouldBlock:
            break
        case .closed:
            receivedEnd(connection)
        case .bytes(let count):
            switch connection.phase {
            case .open:
                connection.parser.receive(receiveBuffer.span.extracting(0..<count))
                advance(connection)
            case .ending, .lingering:
                break
            }
        }
    }

    /// The client has ended its stream. What it asked for is still answered.
    private func receivedEnd(_ connection: Connection) {
        guard connection.phase == .open, !connection.isDrained else { return close(connection) }
        connection.phase = .ending
        setInterest(connection)
    }

    /// Reads as many requests as may be answered.
    private func advance(_ connection: Connection) {
        while connection.takesRequests {
            switch connection.parser.next() {
            case .needsMoreBytes:
                noteWaiting(connection)
                return setInterest(connection)
            case .head(let head):
                screen(head, connection)
            case .continueExpected:
                expectContinue(connection)
            case .body(let body):
                finish(body, connection)
            case .refused(let error):
                refuse(.malformed(error), connection)
            }
        }
        setInterest(connection)
    }

    private func screen(_ head: RequestHead, _ connection: Connection) {
        connection.pendingHead = head
        switch service.screen(head) {
        case .accept(let bodyBytesMax):
            connection.parser.bodyBytesMax = bodyBytesMax
        case .refuse(let response):
            connection.pendingRefusal = response
        }
    }

    /// A refused request's body is not asked for: the answer goes out and the connection ends.
    private func expectContinue(_ connection: Connection) {
        guard let refusal = connection.pendingRefusal, let head = connection.pendingHead else {
            connection.output.append { ResponseWriter.appendContinue(to: &$0) }
            return markDirty(connection)
        }
        connection.pendingRefusal = nil
        answerFinally(
            refusal,
            ResponseWriter(method: head.method, version: head.version, persistence: .close),
            connection)
    }

    private func finish(_ body: [UInt8], _ connection: Connection) {
        guard let head = connection.pendingHead else {
            preconditionFailure("INV-52: a body without a head")
        }
        connection.pendingHead = nil
        let turn = connection.beginTurn(
            ResponseWriter(
                method: head.method, version: head.version, persistence: head.persistence))
        if head.persistence == .close { connection.phase = .ending }
        let place = ResponsePlace(connection: connection.id, turn: turn)
        if let refusal = connection.pendingRefusal {
            connection.pendingRefusal = nil
            respond(at: place, with: refusal)
        } else {
            service.respond(to: IncomingRequest(head: head, body: body), at: place)
        }
    }

    private func refuse(_ refusal: ServerRefusal, _ connection: Connection) {
        answerFinally(service.refusal(refusal), .refusal, connection)
    }

    /// The last answer of a connection, after those still on their way.
    private func answerFinally(
        _ response: HTTPResponse, _ writer: ResponseWriter, _ connection: Connection
    ) {
        let turn = connection.beginTurn(writer)
        connection.phase = .ending
        connection.answer(turn, response, date: date)
        markDirty(connection)
    }

    // MARK: sending

    private func send(_ connection: Connection) {
        let before = connection.output.count
        do {
            _ = try connection.output.flush(to: connection.socket)
        } catch {
            return close(connection)
        }
        if connection.wait == .forAnswer, connection.output.count < before {
            connection.deadline = loop.now + limits.idleTimeout
        }
        switch connection.phase {
        case .open:
            // There may be room again for requests that were already received.
            advance(connection)
        case .ending:
            if connection.isDrained { linger(connection) } else { setInterest(connection) }
        case .lingering:
            break
        }
    }

    private func linger(_ connection: Connection) {
        do {
            try connection.socket.shutdownSending()
        } catch {
            return close(connection)
        }
        connection.phase = .lingering
        connection.wait = .forClose
        connection.deadline = loop.now + Self.lingerTimeout
        setInterest(connection)
    }

    private func setInterest(_ connection: Connection) {
        guard let registration = connection.registration,
            self.connection(connection.id) != nil
        else { return }
        var interest: Interest = []
        switch connection.phase {
        case .open: if connection.takesRequests { interest.insert(.read) }
        case .ending: break
        case .lingering: interest.insert(.read)
        }
        if !connection.output.isEmpty { interest.insert(.write) }
        loop.modify(registration, for: interest)
    }

    // MARK: time

    /// Starts a request's deadline at its first byte; bytes that trickle in don't move it.
    private func noteWaiting(_ connection: Connection) {
        let wait: Connection.Wait =
            !connection.turns.isEmpty || !connection.output.isEmpty
            ? .forAnswer
            : connection.parser.isIdle ? .forRequest : .forMoreOfRequest
        guard wait != connection.wait || wait == .forRequest else { return }
        connection.wait = wait
        let span = wait == .forMoreOfRequest ? limits.requestTimeout : limits.idleTimeout
        connection.deadline = loop.now + span
    }

    private func scheduleSweep() {
        loop.schedule(after: Self.sweepInterval) { [weak self] in
            self?.sweep()
            self?.scheduleSweep()
        }
    }

    private func sweep() {
        let wall = SystemClock.wallNow()
        if wall.rawValue / 1_000 != dateSecond {
            dateSecond = wall.rawValue / 1_000
            date = HTTPDate(wall)
        }
        for case .some(let connection) in connections where connection.deadline <= loop.now {
            expire(connection)
        }
        if connectionCount < limits.connectionsMax { try? listen() }
        flush()
    }

    private func expire(_ connection: Connection) {
        switch connection.wait {
        case .forMoreOfRequest where connection.phase == .open:
            refuse(.tooSlow, connection)
            connection.wait = .forClose
            connection.deadline = loop.now + Self.lingerTimeout
        case .forAnswer where connection.output.isEmpty && !connection.turns.isEmpty:
            // The service owes an answer; its own patience bounds that.
            connection.deadline = loop.now + limits.idleTimeout
        case .forRequest, .forMoreOfRequest, .forAnswer, .forClose:
            close(connection)
        }
    }
}
