import Primitives
import SystemIO

/// Whom a call is for.
enum Addressee: Hashable, Sendable {
    /// Whoever leads, now or when it is asked again.
    case leader
    /// This node and no other.
    case node(NodePlace)
}

/// One keep-alive connection and the one call that is under way on it. A call is repeated, at
/// whatever node leads by then, until it is answered definitely; its user hears of nothing else.
final class Caller {
    /// Called with the status and the body of a definite answer. It may begin the next call.
    typealias Handler = (_ status: UInt16, _ body: Span<UInt8>) -> Void

    private enum Link {
        case none
        /// → open, none
        case connecting(NodeConnection)
        /// → none
        case open(NodeConnection)
    }

    private enum Phase {
        /// → attempting
        case idle
        /// Waits for a connection or for an answer, lost at `until`. → pausing, idle
        case attempting(until: MonotonicTime)
        /// Waits for its next attempt. → attempting, idle
        case pausing(TimerID)
    }

    private let loop: EventLoop
    private let nodes: ClusterNodes
    private let patience: Milliseconds
    private var link = Link.none
    private var phase = Phase.idle
    private var addressee = Addressee.leader
    private var request: [UInt8] = []
    private var attempt = 0
    private var watch: TimerID?

    /// Often enough for a patience of seconds.
    private static var watchInterval: Milliseconds { Milliseconds(250) }

    /// Set before the first call.
    var handler: Handler = { _, _ in }
    /// When the call began.
    private(set) var startedAt = MonotonicTime.zero

    /// - Parameter patience: how long a node may take for one answer.
    init(loop: EventLoop, nodes: ClusterNodes, patience: Milliseconds = .seconds(5)) {
        self.loop = loop
        self.nodes = nodes
        self.patience = patience
    }

    deinit {
        // The loop must forget a descriptor before it is closed.
        disconnect()
    }

    /// Whether a call is under way.
    var isCalling: Bool {
        switch phase {
        case .idle: false
        case .attempting, .pausing: true
        }
    }

    /// Begins a call; `write` appends the request's bytes.
    func call(_ addressee: Addressee, _ write: (inout [UInt8]) -> Void) {
        invariant(!isCalling, "one call at a time")
        self.addressee = addressee
        request.removeAll(keepingCapacity: true)
        write(&request)
        attempt = 0
        startedAt = SystemClock.monotonicNow()
        tryOnce()
    }

    /// Ends the call without an answer, and the connection with it.
    func abandon() {
        if case .pausing(let timer) = phase { loop.cancel(timer) }
        phase = .idle
        disconnect()
    }

    private func tryOnce() {
        attempt += 1
        phase = .attempting(until: loop.now + patience)
        watchPatience()
        let target = target
        if case .open(let connection) = link, connection.node == target {
            return transmit(on: connection)
        }
        disconnect()
        connect(to: target)
    }

    /// One timer for all calls of a busy caller: a timer for each call would cost more than it.
    private func watchPatience() {
        guard watch == nil else { return }
        watch = loop.schedule(after: Self.watchInterval) { [weak self] in
            guard let self else { return }
            watch = nil
            switch phase {
            case .idle: return
            case .attempting(let until) where until <= loop.now: fail(.lost)
            case .attempting, .pausing: watchPatience()
            }
        }
    }

    private var target: NodePlace {
        switch addressee {
        case .leader: nodes.leader
        case .node(let place): place
        }
    }

    private func connect(to node: NodePlace) {
        do {
            let connection = NodeConnection(
                node: node, socket: try StreamSocket.connect(to: nodes.address(of: node)))
            connection.registration = try loop.register(
                connection.socket.descriptor, for: [.read, .write]
            ) { [unowned self, unowned connection] readiness in
                handle(readiness, connection)
            }
            link = .connecting(connection)
        } catch {
            fail(.unreachable)
        }
    }

    private func disconnect() {
        switch link {
        case .none: return
        case .connecting(let connection), .open(let connection):
            if let registration = connection.registration { loop.deregister(registration) }
            link = .none
        }
    }

    private func handle(_ readiness: Readiness, _ connection: NodeConnection) {
        switch link {
        case .none:
            return
        case .connecting:
            do {
                try connection.socket.connectionResult()
            } catch {
                return fail(.unreachable)
            }
            link = .open(connection)
            transmit(on: connection)
        case .open:
            if readiness.intersects(.read) || readiness.intersects(.failed) {
                receive(on: connection)
            } else {
                flush(connection)
            }
        }
    }

    private func transmit(on connection: NodeConnection) {
        connection.output.append(request)
        flush(connection)
    }

    private func flush(_ connection: NodeConnection) {
        do {
            let flushed = try connection.output.flush(to: connection.socket)
            guard let registration = connection.registration else { return }
            switch flushed {
            case .everything: loop.modify(registration, for: .read)
            case .blocked: loop.modify(registration, for: [.read, .write])
            }
        } catch {
            fail(.lost)
        }
    }

    private func receive(on connection: NodeConnection) {
        do {
            switch try connection.receive() {
            case .wouldBlock: return
            case .closed: fail(.lost)
            case .bytes: read(connection)
            }
        } catch {
            fail(.lost)
        }
    }

    private func read(_ connection: NodeConnection) {
        switch connection.scan() {
        case .incomplete: return
        case .malformed: fail(.lost)
        case .whole(let response): take(response, connection)
        }
    }

    private func take(_ response: ScannedResponse, _ connection: NodeConnection) {
        guard case .attempting = phase, response.byteCount == connection.receivedCount else {
            // More than was asked for: there is no telling what answers what.
            return fail(.lost)
        }
        let bytes = connection.input
        connection.forgetInput()
        switch response.ending {
        case .keepAlive: break
        case .close: disconnect()
        }
        let result = AttemptResult.status(response.status)
        switch CallFate(result) {
        case .definite:
            phase = .idle
            handler(response.status, bytes.span.extracting(response.headBytes..<response.byteCount))
        case .redirected:
            if let location = response.location {
                nodes.believe(location: String(decoding: bytes[location], as: UTF8.self))
            }
            retry(.redirected, result)
        case .elsewhere:
            nodes.doubt(connection.node)
            retry(.elsewhere, result)
        case .again:
            retry(.again, result)
        }
    }

    /// The connection is of no use any more; neither is what was asked on it.
    private func fail(_ result: AttemptResult) {
        let node =
            switch link {
            case .none: target
            case .connecting(let connection), .open(let connection): connection.node
            }
        disconnect()
        // Between calls a node may close as it likes.
        guard case .attempting = phase else { return }
        nodes.doubt(node)
        retry(CallFate(result), result)
    }

    private func retry(_ fate: CallFate, _ result: AttemptResult) {
        nodes.tally.count(result)
        let timer = loop.schedule(after: fate.pause(afterAttempt: attempt)) { [weak self] in
            self?.tryOnce()
        }
        phase = .pausing(timer)
    }
}
