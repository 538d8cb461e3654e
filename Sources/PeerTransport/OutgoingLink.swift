import Primitives
import SystemIO
import Wire

/// This node's way to one peer: dials, proves itself, sends, and dials again whenever that ends.
final class OutgoingLink {
    private enum Phase {
        /// Until the timer fires, or the peer shows that it is there. → connecting, closed
        case waiting(TimerID)
        /// → handshaking, waiting, closed
        case connecting(PeerSocket, timeout: TimerID)
        /// → open, waiting, closed
        case handshaking(PeerSocket, Handshake, timeout: TimerID)
        /// → waiting, closed
        case open(PeerSocket, since: MonotonicTime)
        case closed
    }

    /// Whether the socket takes bytes, as far as is known.
    private enum Room {
        case free
        /// Until the loop says `.write`.
        case none
    }

    let peer: PeerEndpoint
    private let context: MeshContext
    private var phase = Phase.closed
    private var room = Room.free
    private var queue: SendQueue
    private var backoff: Backoff
    /// Why the last dial failed, told already; nil once one succeeds.
    private var lastRefusal: PeerRefusal?

    init(to peer: PeerEndpoint, context: MeshContext) {
        self.peer = peer
        self.context = context
        queue = Self.emptyQueue(context)
        backoff = Backoff(from: context.limits.backoffMin, to: context.limits.backoffMax)
        wait(.zero)
    }

    private static func emptyQueue(_ context: MeshContext) -> SendQueue {
        let seed = FrameSeed(cluster: context.identity.cluster, group: context.identity.group)
        return SendQueue(seed: seed, limits: context.limits)
    }

    var isOpen: Bool {
        switch phase {
        case .open: true
        case .waiting, .connecting, .handshaking, .closed: false
        }
    }

    /// Ends the link, without a word to the receiver.
    func close() {
        switch phase {
        case .waiting(let timer):
            context.loop.cancel(timer)
        case .connecting(let line, let timeout), .handshaking(let line, _, let timeout):
            context.loop.cancel(timeout)
            line.close()
        case .open(let line, _):
            line.close()
        case .closed:
            break
        }
        phase = .closed
    }

    /// The peer has reached this node: waiting longer to reach it would be for nothing.
    func peerIsThere() {
        guard case .waiting = phase else { return }
        close()
        wait(.zero)
    }

    // MARK: dialling

    private func wait(_ delay: Milliseconds) {
        phase = .waiting(context.loop.schedule(after: delay) { [unowned self] in dial() })
    }

    private func dial() {
        let timeout = context.loop.schedule(after: context.limits.handshakeTimeout) {
            [unowned self] in fail(.timedOut)
        }
        do {
            let line = PeerSocket(try .connect(to: peer.address), on: context.loop)
            try line.socket.limitUnacknowledged(to: context.limits.silenceTimeout)
            try line.register(for: .write) { [unowned self] in handle($0) }
            phase = .connecting(line, timeout: timeout)
        } catch {
            context.loop.cancel(timeout)
            fail(.unreachable(error))
        }
    }

    private func handle(_ readiness: Readiness) {
        switch phase {
        case .connecting(let line, let timeout):
            connected(line, timeout)
        case .handshaking(let line, let handshake, let timeout):
            shakeHands(line, handshake, timeout)
        case .open(let line, _):
            if readiness.intersects(.write) {
                room = .free
                flush()
            }
            if readiness.intersects(.read) || readiness.intersects(.failed) { listen(line) }
        case .waiting, .closed:
            invariantFailure("INV-54: node \(peer.node)'s link is called in \(phase)")
        }
    }

    private func connected(_ line: PeerSocket, _ timeout: TimerID) {
        let (handshake, hello) = Handshake.initiate(
            from: context.identity, to: peer.node, secret: context.secret,
            nonce: context.nonce())
        do {
            try line.socket.connectionResult()
            try line.send(hello)
        } catch {
            return fail(.unreachable(error))
        }
        line.setInterest(.read)
        phase = .handshaking(line, handshake, timeout: timeout)
    }

    private func shakeHands(_ line: PeerSocket, _ handshake: Handshake, _ timeout: TimerID) {
        var handshake = handshake
        switch line.advance(&handshake) {
        case .unfinished:
            phase = .handshaking(line, handshake, timeout: timeout)
        case .established(let session):
            context.loop.cancel(timeout)
            phase = .open(line, since: context.loop.now)
            lastRefusal = nil
            context.receiver.peerConnected(session, .sending)
        case .refused(let refusal):
            fail(refusal)
        }
    }

    private func fail(_ refusal: PeerRefusal) {
        close()
        context.counters.dialsFailed += 1
        wait(backoff.wait(&context.random))
        guard refusal != lastRefusal else { return }
        lastRefusal = refusal
        context.receiver.dialFailed(peer, refusal)
    }

    // MARK: sending

    func send(_ frame: PeerFrame) -> SendOutcome {
        guard isOpen else { return .dropped(.notConnected) }
        return queue.append(frame, sentAt: SystemClock.wallNow())
    }

    func flush() {
        guard case .open(let line, _) = phase, room == .free, !queue.isEmpty else { return }
        let before = queue.bytesSent
        let flushed = Result { () throws(SystemError) in
            try queue.flush(to: line.socket, at: SystemClock.wallNow())
        }
        context.counters.bytesSent += UInt64(queue.bytesSent - before)
        switch flushed {
        case .success(.everything):
            line.setInterest(.read)
        case .success(.blocked):
            room = .none
            line.setInterest([.read, .write])
        case .failure(let error):
            lose(.broken(error))
        }
    }

    /// The peer has nothing to say here: it closes, or is not what it should be.
    private func listen(_ line: PeerSocket) {
        var byte: [UInt8] = [0]
        do {
            switch try line.socket.receive(into: &byte) {
            case .wouldBlock: break
            case .closed: lose(.closedByPeer)
            case .bytes: lose(.spokeOutOfTurn)
            }
        } catch {
            lose(.broken(error))
        }
    }

    /// A connection that lasted was a success; one that didn't counts as one more failed dial.
    private func lose(_ loss: PeerLoss) {
        guard case .open(_, let since) = phase else { return }
        close()
        let lived = context.loop.now.milliseconds(since: since)
        if lived >= context.limits.backoffMax { backoff.reset() }
        queue = Self.emptyQueue(context)
        room = .free
        context.counters.connectionsLost += 1
        wait(backoff.wait(&context.random))
        context.receiver.peerLost(peer.node, .sending, loss)
    }
}
