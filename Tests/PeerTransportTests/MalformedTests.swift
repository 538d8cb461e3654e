import Glibc
import Primitives
import SystemIO
import Testing
import Wire

@testable import PeerTransport

/// Bytes that are no frames cost their connection and nothing else.
struct MalformedTests {
    private func node(limits: PeerLimits = .test) throws -> TestNode {
        let node = try TestNode()
        try node.start(identity(2), limits: limits, at: listener())
        return node
    }

    private func loss(_ node: TestNode) -> PeerLoss? {
        for case .lost(one, .receiving, let loss) in node.events { return loss }
        return nil
    }

    @Test func garbageEndsTheConnectionWithItsReasonAndIsCounted() throws {
        let node = try node()
        let raw = try RawPeer(authenticatedAs: identity(1), to: node, at: two)
        try raw.send(encoded([heartbeat(1)]) + [UInt8](repeating: 0xFF, count: 100))
        raw.awaitEnd(turning: node)
        #expect(node.frames == [heartbeat(1).label])
        #expect(loss(node) == .malformed(.badMagic(0xFFFF)))
        #expect(node.counters.malformedFrames == 1)
        #expect(node.counters.connectionsLost == 1)
    }

    @Test func aFrameOfAnotherClusterIsMalformed() throws {
        let node = try node()
        let raw = try RawPeer(authenticatedAs: identity(1), to: node, at: two)
        let seed = FrameSeed(cluster: ClusterID(0xC2), group: .first)
        var bytes: [UInt8] = []
        FrameEncoder(seed: seed).encode(
            StateDigest(index: .zero, digest: 1), sentAt: .zero, into: &bytes)
        try raw.send(bytes)
        raw.awaitEnd(turning: node)
        #expect(loss(node) == .malformed(.checksumMismatch))
    }

    @Test func aStreamCutAnywhereDeliversTheWholeFramesBeforeTheCut() throws {
        let node = try node()
        let frames = [heartbeat(1), append(1, bytes: 40), digest(3)]
        let ends = try (1...3).map { try encoded(Array(frames[..<$0])).count }
        let bytes = try encoded(frames)
        for cut in stride(from: 0, through: bytes.count, by: 5) {
            node.received = []
            node.events = []
            let raw = try RawPeer(authenticatedAs: identity(1), to: node, at: two)
            try raw.send(Array(bytes[..<cut]))
            try raw.socket.shutdownSending()
            raw.awaitEnd(turning: node)
            #expect(node.frames == frames[..<ends.count { $0 <= cut }].map(\.label))
            #expect(loss(node) == .closedByPeer)
        }
        #expect(node.counters.malformedFrames == 0)
    }

    @Test func aFlippedBitAnywhereIsNeverTakenForAFrame() throws {
        let node = try node()
        let frames = [heartbeat(1), append(1, bytes: 20), request(7, bytes: 9)]
        let bytes = try encoded(frames)
        for place in bytes.indices {
            node.received = []
            let raw = try RawPeer(authenticatedAs: identity(1), to: node, at: two)
            var flipped = bytes
            flipped[place] ^= 1 << UInt8(place % 8)
            try raw.send(flipped)
            // A flipped length may make the node wait for more: then the end tells it.
            try raw.socket.shutdownSending()
            raw.awaitEnd(turning: node)
            #expect(node.frames.count < frames.count)
            #expect(node.frames == frames[..<node.frames.count].map(\.label))
        }
        #expect(node.counters.malformedFrames > UInt64(bytes.count * 8 / 10))
    }

    @Test func randomBytesNeverStopTheNode() throws {
        let node = try node()
        var random = PRNG(seed: 11)
        for _ in 0..<100 {
            let raw = try RawPeer(authenticatedAs: identity(1), to: node, at: two)
            let noise = (0..<random.next(in: 24...600)).map { _ in
                UInt8(truncatingIfNeeded: random.next())
            }
            try raw.send(noise)
            raw.awaitEnd(turning: node)
        }
        #expect(node.counters.malformedFrames == 100)
        #expect(node.received.isEmpty)
        let honest = try RawPeer(authenticatedAs: identity(1), to: node, at: two)
        try honest.send(encoded([heartbeat(1)]))
        turn([node]) { node.frames == [heartbeat(1).label] }
    }

    @Test func bytesOnAConnectionThatOnlySendsEndIt() throws {
        let node = try TestNode()
        let socket = try listener()
        try node.start(
            identity(1), peers: [PeerEndpoint(node: two, address: socket.address)],
            at: listener())
        let raw = try answer(node, on: socket)
        turn([node]) { node.events == [.connected(two, .sending)] }
        try raw.send([1])
        let lost = TestNode.Event.lost(two, .sending, .spokeOutOfTurn)
        turn([node]) { node.events.contains(lost) }
    }

    /// Plays node 2, which the node dials.
    private func answer(
        _ node: TestNode, on listener: borrowing ListeningSocket
    ) throws -> RawPeer {
        var request = pollfd(
            fd: listener.descriptor.rawValue, events: Int16(POLLIN), revents: 0)
        node.turn()
        #expect(poll(&request, 1, 10_000) == 1)
        guard let socket = try listener.accept() else { throw PeerRefusal.closed }
        let raw = RawPeer(socket)
        var handshake = Handshake.accept(
            as: identity(2), secret: .test, nonce: HandshakeNonce(5))
        while handshake.bytesWanted > 0 {
            let bytes = try raw.receive(handshake.bytesWanted, turning: node)
            switch handshake.receive(bytes) {
            case .proceed(let answer), .established(_, let answer): try raw.send(answer)
            case .failed(let error, _): throw error
            }
        }
        return raw
    }

    @Test func aPeerThatFallsSilentIsLost() throws {
        var limits = PeerLimits.test
        limits.silenceTimeout = Milliseconds(300)
        let node = try node(limits: limits)
        let raw = try RawPeer(authenticatedAs: identity(1), to: node, at: two)
        // Bytes put the end off, even of an unfinished frame.
        let bytes = try encoded([heartbeat(1)])
        for byte in bytes {
            try raw.send([byte])
            turn([node], for: Milliseconds(8))
        }
        #expect(node.frames == [heartbeat(1).label])
        raw.awaitEnd(turning: node)
        #expect(loss(node) == .silent)
    }

    @Test func whatWaitedWhileTheProcessStoodStillIsNotRead() throws {
        var limits = PeerLimits.test
        limits.silenceTimeout = Milliseconds(100)
        let node = try node(limits: limits)
        let raw = try RawPeer(authenticatedAs: identity(1), to: node, at: two)
        try raw.send(encoded([heartbeat(1)]))
        usleep(150_000)
        raw.awaitEnd(turning: node)
        #expect(node.received.isEmpty)
        #expect(loss(node) == .silent)
    }

    @Test func aPeerThatStopsReadingIsLostWhenItsWindowStaysShut() throws {
        var limits = PeerLimits.test
        limits.silenceTimeout = Milliseconds(300)
        let node = try TestNode()
        let socket = try listener()
        try node.start(
            identity(1), peers: [PeerEndpoint(node: two, address: socket.address)],
            limits: limits, at: listener())
        let raw = try answer(node, on: socket)
        var index: UInt64 = 0
        turn([node]) {
            index += 1
            _ = node.send(append(index, bytes: 190_000), to: two)
            return node.counters.connectionsLost == 1
        }
        guard case .lost(two, .sending, .broken(let error))? = node.events.last else {
            Issue.record("\(node.events)")
            return
        }
        #expect(error.errno == ETIMEDOUT)
        withExtendedLifetime(raw) {}
    }
}
