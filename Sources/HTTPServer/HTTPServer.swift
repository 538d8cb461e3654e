package import HTTPProtocol
import Primitives
package import SystemIO

/// An HTTP/1.1 server on one event loop: accepts, reads requests, and sends the service's answers
/// in the order of their requests. The owner calls `flush` after each turn of the loop, so that
/// all answers of a turn leave with one system call a connection.
package final class HTTPServer<Service: HTTPService> {
    private enum Acceptance {
        case accepting(Registration)
        /// Out of room, of descriptors or memory: tried again when a connection closes, and at
        /// each sweep.
        case paused
        case stopped
    }

    /// Whether another request may follow on a connection.
    enum Course {
        case serving
        /// Each connection ends with the requests that it has begun.
        case draining
    }

    let loop: EventLoop
    let limits: HTTPServerLimits
    private let allowance: ConnectionAllowance
    unowned let service: Service
    private let listener: ListeningSocket

    private var acceptance = Acceptance.paused
    private(set) var course = Course.serving
    private(set) var connections: [Connection?] = []
    private var freeSlots: [Int] = []
    private var lastGeneration: UInt64 = 0
    /// Connections that `flush` looks at.
    private var dirty: [Connection] = []
    /// What one connection receives in one turn, at most.
    var receiveBuffer = [UInt8](repeating: 0, count: 64 * 1_024)
    private(set) var date: HTTPDate
    private var dateSecond: Int64
    private var sweepTimer: TimerID?

    /// Open connections.
    package private(set) var connectionCount = 0
    /// Where it listens.
    package var address: SocketAddress { listener.address }

    /// Accepted in one turn, at most: a flood of connections must not keep requests waiting.
    private static var acceptsPerTurnMax: Int { 64 }

    /// - Parameters:
    ///   - allowance: of the servers that share `limits.connectionsMax`; nil: this one has all.
    ///   - service: not kept alive; it must live as long as the server.
    package init(
        loop: EventLoop, listener: consuming ListeningSocket, limits: HTTPServerLimits,
        allowance: ConnectionAllowance? = nil, service: Service
    ) throws(SystemError) {
        self.loop = loop
        self.listener = listener
        self.limits = limits
        self.allowance =
            allowance ?? ConnectionAllowance(connectionsMax: limits.connectionsMax)
        self.service = service
        let wall = SystemClock.wallNow()
        date = HTTPDate(wall)
        dateSecond = wall.rawValue / 1_000
        try listen()
        scheduleSweep()
    }

    deinit {
        if let sweepTimer { loop.cancel(sweepTimer) }
        stopAccepting()
        for case .some(let connection) in connections { close(connection) }
    }

    /// Ends the accepting of connections; open ones go on.
    package func stopAccepting() {
        pauseAccepting()
        acceptance = .stopped
    }

    /// Closes the connections that wait for a request, and every other one after the answers to
    /// what it has asked, or begun to ask. All are closed once `connectionCount` is zero.
    package func drain() {
        stopAccepting()
        course = .draining
        for case .some(let connection) in connections where connection.phase == .open {
            // What has arrived was sent before the client could know.
            receive(connection)
            end(connection)
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
            if connection.phase != .closed { send(connection) }
        }
        dirty.removeAll(keepingCapacity: true)
    }

    func markDirty(_ connection: Connection) {
        guard !connection.isDirty else { return }
        connection.isDirty = true
        dirty.append(connection)
    }

    // MARK: accepting

    private func listen() throws(SystemError) {
        guard case .paused = acceptance, !allowance.isExhausted else { return }
        let registration = try loop.register(listener.descriptor, for: .read) {
            [unowned self] _ in acceptSome()
        }
        acceptance = .accepting(registration)
    }

    private func pauseAccepting() {
        guard case .accepting(let registration) = acceptance else { return }
        loop.deregister(registration)
        acceptance = .paused
    }

    private func acceptSome() {
        do {
            for _ in 0..<Self.acceptsPerTurnMax {
                guard try acceptOne() else { return }
            }
        } catch {
            // Out of descriptors or memory: the connection waits in the backlog.
            pauseAccepting()
        }
    }

    /// - Returns: whether another one may be there.
    private func acceptOne() throws(SystemError) -> Bool {
        guard allowance.take() else {
            pauseAccepting()
            return false
        }
        var isOpen = false
        defer { if !isOpen { allowance.giveBack() } }
        guard let socket = try listener.accept() else { return false }
        try open(socket)
        isOpen = true
        return true
    }

    private func open(_ socket: consuming StreamSocket) throws(SystemError) {
        let slot = freeSlots.last ?? connections.count
        lastGeneration += 1
        let connection = Connection(
            id: ConnectionID(slot: slot, generation: lastGeneration), socket: socket,
            limits: limits)
        connection.registration = try loop.register(
            connection.socket.descriptor, for: .read
        ) { [unowned self, unowned connection] readiness in
            handle(readiness, connection)
        }
        if freeSlots.popLast() == nil {
            connections.append(connection)
        } else {
            connections[slot] = connection
        }
        connectionCount += 1
        beginWait(connection)
    }

    func close(_ connection: Connection) {
        guard connection.phase != .closed else { return }
        connection.phase = .closed
        if let registration = connection.registration { loop.deregister(registration) }
        connections[connection.id.slot] = nil
        freeSlots.append(connection.id.slot)
        connectionCount -= 1
        allowance.giveBack()
        // What failed here is tried again at the next sweep.
        try? listen()
    }

    private func connection(_ id: ConnectionID) -> Connection? {
        guard id.slot < connections.count, let connection = connections[id.slot],
            connection.id == id
        else { return nil }
        return connection
    }

    // MARK: time

    private func scheduleSweep() {
        sweepTimer = loop.schedule(after: limits.sweepInterval) { [unowned self] in
            sweep()
            scheduleSweep()
        }
    }

    private func sweep() {
        let wall = SystemClock.wallNow()
        if wall.rawValue / 1_000 != dateSecond {
            dateSecond = wall.rawValue / 1_000
            date = HTTPDate(wall)
        }
        for case .some(let connection) in connections {
            if let deadline = connection.deadline, deadline <= loop.now { expire(connection) }
        }
        try? listen()
        flush()
    }
}
