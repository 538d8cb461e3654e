import Primitives
import SystemIO
import Wire

/// Takes the peers' connections. A stranger costs a socket and a few hundred bytes until it has
/// proven that it knows the secret; there is room for a few, each for a short time.
final class PeerAcceptor {
    private final class Stranger {
        let line: PeerSocket
        var handshake: Handshake
        var timeout: TimerID?
        init(_ line: PeerSocket, _ handshake: Handshake) {
            self.line = line
            self.handshake = handshake
        }
    }

    private enum Acceptance {
        case accepting(Registration)
        /// Out of descriptors or memory. → accepting, closed
        case resting(TimerID)
        case closed
    }

    private static var restInterval: Milliseconds { Milliseconds(100) }

    private let listener: ListeningSocket
    private let context: MeshContext
    private let outgoing: OutgoingLinks
    private var acceptance = Acceptance.closed
    /// Oldest first.
    private var strangers: [Stranger] = []
    private var streams: [IncomingStream] = []
    private var report = RefusalReport()

    /// - Parameter outgoing: told of each peer that has reached this node.
    init(
        _ listener: consuming ListeningSocket, context: MeshContext, outgoing: OutgoingLinks
    ) throws(SystemError) {
        self.listener = listener
        self.context = context
        self.outgoing = outgoing
        try accept()
    }

    var address: SocketAddress { listener.address }

    /// Ends everything without a word.
    func close() {
        switch acceptance {
        case .accepting(let registration): context.loop.deregister(registration)
        case .resting(let timer): context.loop.cancel(timer)
        case .closed: break
        }
        acceptance = .closed
        for stranger in strangers { forget(stranger) }
        for stream in streams { stream.close() }
        streams = []
    }

    // MARK: strangers

    private func accept() throws(SystemError) {
        acceptance = .accepting(
            try context.loop.register(listener.descriptor, for: .read) { [unowned self] _ in
                acceptAll()
            })
    }

    private func acceptAll() {
        do {
            while case .accepting = acceptance, let socket = try listener.accept() {
                try admit(PeerSocket(socket, on: context.loop))
            }
        } catch {
            // Connections wait in the backlog meanwhile.
            rest()
        }
    }

    private func rest() {
        if case .accepting(let registration) = acceptance {
            context.loop.deregister(registration)
        }
        acceptance = .resting(
            context.loop.schedule(after: Self.restInterval) { [unowned self] in
                do { try accept() } catch { rest() }
            })
    }

    private func admit(_ line: PeerSocket) throws(SystemError) {
        // The oldest goes: peers need a moment only, so a crowd can't keep them out.
        if strangers.count == context.limits.strangersMax {
            refuse(strangers[0], .crowdedOut)
        }
        let handshake = Handshake.accept(
            as: context.identity, secret: context.secret, nonce: context.nonce())
        let stranger = Stranger(line, handshake)
        try line.register(for: .read) { [unowned self, unowned stranger] _ in advance(stranger) }
        stranger.timeout = context.loop.schedule(after: context.limits.handshakeTimeout) {
            [unowned self, unowned stranger] in refuse(stranger, .timedOut)
        }
        strangers.append(stranger)
    }

    private func advance(_ stranger: Stranger) {
        switch stranger.line.advance(&stranger.handshake) {
        case .unfinished: break
        case .established(let session): welcome(stranger, session)
        case .refused(let refusal): refuse(stranger, refusal)
        }
    }

    private func refuse(_ stranger: Stranger, _ refusal: PeerRefusal) {
        forget(stranger)
        context.counters.strangersRefused += 1
        guard let untold = report.permission(at: context.loop.now) else { return }
        let address = try? stranger.line.socket.peerAddress()
        context.receiver.strangerRefused(refusal, from: address, untold: untold)
    }

    private func forget(_ stranger: Stranger) {
        stranger.line.close()
        if let timeout = stranger.timeout { context.loop.cancel(timeout) }
        strangers.removeAll { $0 === stranger }
    }

    // MARK: peers

    private func welcome(_ stranger: Stranger, _ session: PeerSession) {
        forget(stranger)
        let stream: IncomingStream
        do {
            stream = try IncomingStream(from: session, over: stranger.line, context: context) {
                [unowned self] in lose($0, $1)
            }
        } catch {
            return refuse(stranger, .unreachable(error))
        }
        if let older = streams.first(where: { $0.peer == session.peer }) {
            older.close()
            lose(older, .replaced)
        }
        streams.append(stream)
        context.receiver.peerConnected(session, .receiving)
        outgoing.link(to: session.peer)?.peerIsThere()
    }

    private func lose(_ stream: IncomingStream, _ loss: PeerLoss) {
        streams.removeAll { $0 === stream }
        context.counters.connectionsLost += 1
        context.receiver.peerLost(stream.peer, .receiving, loss)
    }
}

/// At most one refusal a second is told: a stranger must not be able to fill the log.
struct RefusalReport {
    private var toldAt: MonotonicTime?
    private var untold = 0

    /// How many went untold before the one that may be told now; nil: this one may not.
    mutating func permission(at now: MonotonicTime) -> Int? {
        if let toldAt, now.milliseconds(since: toldAt) < .seconds(1) {
            untold += 1
            return nil
        }
        defer { untold = 0 }
        toldAt = now
        return untold
    }
}
