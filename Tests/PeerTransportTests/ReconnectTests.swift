import Primitives
import SystemIO
import Testing
import Wire

@testable import PeerTransport

/// How connections come back, and how often that is tried.
struct ReconnectTests {
    @Test func aPeerThatRestartsIsReachedAgainBothWays() throws {
        let nodes = try connectedNodes(2)
        let addresses = nodes.compactMap { $0.mesh?.address }
        nodes[1].stop()
        turn(nodes) {
            nodes[0].events.contains(.lost(two, .sending, .closedByPeer))
                && nodes[0].events.contains(.lost(two, .receiving, .closedByPeer))
        }
        #expect(nodes[0].send(heartbeat(1), to: two) == .dropped(.notConnected))
        nodes[0].events = []
        nodes[1].events = []
        try nodes[1].start(
            identity(2), peers: [PeerEndpoint(node: one, address: addresses[0])],
            at: ListeningSocket(at: addresses[1]))
        let back: Set<TestNode.Event> = [.connected(two, .sending), .connected(two, .receiving)]
        turn(nodes) { back.isSubset(of: nodes[0].events) && nodes[1].events.count == 2 }
        _ = nodes[0].send(heartbeat(2), to: two)
        _ = nodes[1].send(heartbeat(3), to: one)
        turn(nodes) { nodes.allSatisfy { !$0.received.isEmpty } }
        #expect(nodes[1].frames == [heartbeat(2).label])
        #expect(nodes[0].frames == [heartbeat(3).label])
    }

    @Test func whatWaitedForALostPeerIsNotSentToItsNextLife() throws {
        let nodes = try connectedNodes(2)
        let addresses = nodes.compactMap { $0.mesh?.address }
        #expect(nodes[0].mesh?.send(heartbeat(1), to: two) == .queued)
        nodes[1].stop()
        nodes[0].loop.turn(waitingAtMost: .seconds(1))
        turn(nodes) { nodes[0].mesh?.isConnected(to: two) == false }
        try nodes[1].start(
            identity(2), peers: [PeerEndpoint(node: one, address: addresses[0])],
            at: ListeningSocket(at: addresses[1]))
        turn(nodes) { nodes[0].mesh?.isConnected(to: two) == true }
        #expect(nodes[0].send(heartbeat(2), to: two) == .queued)
        turn(nodes) { !nodes[1].received.isEmpty }
        #expect(nodes[1].frames == [heartbeat(2).label])
    }

    @Test func anUnreachablePeerIsDialledEverMoreRarelyAndToldOnce() throws {
        var limits = PeerLimits.test
        limits.backoffMin = Milliseconds(8)
        limits.backoffMax = Milliseconds(64)
        let node = try TestNode()
        // Bound and closed again: nobody listens there.
        let address = try listener().address
        try node.start(
            identity(1), peers: [PeerEndpoint(node: two, address: address)], limits: limits,
            at: listener())
        let start = SystemClock.monotonicNow()
        turn([node]) { node.counters.dialsFailed >= 6 }
        // Waits of at least 4, 8, 16, 32 and 32 ms.
        #expect(SystemClock.monotonicNow().milliseconds(since: start) >= Milliseconds(92))
        #expect(node.events.count == 1)
        guard case .dialFailed(two, .unreachable(let error))? = node.events.first else {
            Issue.record("\(node.events)")
            return
        }
        #expect(error.description.contains("refused"))
    }

    @Test func aPeerThatRefusesTheHandshakeIsNotHammered() throws {
        var limits = PeerLimits.test
        limits.backoffMin = Milliseconds(8)
        limits.backoffMax = Milliseconds(64)
        let nodes = [try TestNode(), try TestNode()]
        try nodes[1].start(identity(2, cluster: 0xC2), at: listener())
        let address = try #require(nodes[1].mesh).address
        try nodes[0].start(
            identity(1), peers: [PeerEndpoint(node: two, address: address)], limits: limits,
            at: listener())
        let start = SystemClock.monotonicNow()
        turn(nodes) { nodes[0].counters.dialsFailed >= 6 }
        #expect(SystemClock.monotonicNow().milliseconds(since: start) >= Milliseconds(92))
        #expect(nodes[0].events.count == 1)
    }

    @Test func aPeerThatAcceptsAndSaysNothingIsGivenUpInTime() throws {
        var limits = PeerLimits.test
        limits.handshakeTimeout = Milliseconds(20)
        let silent = try listener()
        let node = try TestNode()
        try node.start(
            identity(1), peers: [PeerEndpoint(node: two, address: silent.address)],
            limits: limits, at: listener())
        turn([node]) { !node.events.isEmpty }
        #expect(node.events == [.dialFailed(two, .timedOut)])
    }

    /// A wait of a minute would outlast the test: only the peer's own dial can end it.
    @Test func aPeerThatComesBackIsDialledAtOnce() throws {
        var limits = PeerLimits.test
        limits.backoffMin = .seconds(60)
        limits.backoffMax = .seconds(60)
        let address = try listener().address
        let nodes = [try TestNode(), try TestNode()]
        try nodes[0].start(
            identity(1), peers: [PeerEndpoint(node: two, address: address)], limits: limits,
            at: listener())
        turn(nodes) { nodes[0].counters.dialsFailed == 1 }
        let back = try #require(nodes[0].mesh).address
        try nodes[1].start(
            identity(2), peers: [PeerEndpoint(node: one, address: back)], limits: limits,
            at: ListeningSocket(at: address))
        turn(nodes) { nodes[0].mesh?.isConnected(to: two) == true }
    }

    @Test func aPeersNewestConnectionReplacesTheOneBefore() throws {
        let node = try TestNode()
        try node.start(identity(2), at: listener())
        let older = try RawPeer(authenticatedAs: identity(1), to: node, at: two)
        let newer = try RawPeer(authenticatedAs: identity(1), to: node, at: two)
        older.awaitEnd(turning: node)
        #expect(
            node.events == [
                .connected(one, .receiving), .lost(one, .receiving, .replaced),
                .connected(one, .receiving),
            ])
        try newer.send(encoded([heartbeat(1)]))
        turn([node]) { node.frames == [heartbeat(1).label] }
    }

    @Test func anUnprovenClaimToBeAPeerReplacesNothing() throws {
        let node = try TestNode()
        try node.start(identity(2), at: listener())
        let peer = try RawPeer(authenticatedAs: identity(1), to: node, at: two)
        let thief = try RawPeer(to: node)
        let (_, hello) = Handshake.initiate(
            from: identity(1), to: two, secret: .other, nonce: HandshakeNonce(1))
        try thief.send(hello + [UInt8](repeating: 0, count: 400))
        thief.awaitEnd(turning: node)
        try peer.send(encoded([heartbeat(1)]))
        turn([node]) { node.frames == [heartbeat(1).label] }
    }
}

struct BackoffTests {
    @Test func waitsDoubleWithinTheirHalvesAndStartAgainAfterAReset() {
        var backoff = Backoff(from: Milliseconds(50), to: .seconds(2))
        var random = PRNG(seed: 1)
        for whole: Int64 in [50, 100, 200, 400, 800, 1_600, 2_000, 2_000] {
            let wait = backoff.wait(&random)
            #expect((whole / 2...whole).contains(wait.rawValue))
        }
        backoff.reset()
        #expect(backoff.wait(&random) <= Milliseconds(50))
    }

    @Test func waitsAreSpread() {
        var random = PRNG(seed: 2)
        let waits = (0..<100).map { _ in
            var backoff = Backoff(from: .seconds(1), to: .seconds(2))
            return backoff.wait(&random)
        }
        #expect(Set(waits).count > 50)
    }

    @Test func theShortestWaitIsNeverNothing() {
        var backoff = Backoff(from: Milliseconds(1), to: Milliseconds(1))
        var random = PRNG(seed: 3)
        #expect((0..<10).allSatisfy { _ in backoff.wait(&random) == Milliseconds(1) })
    }
}
