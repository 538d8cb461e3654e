import Primitives
import SystemIO
import Testing
import Wire

@testable import PeerTransport

/// Who is not let in, and what it costs a node to say so.
struct HandshakeTests {
    /// Node 1 dials `target`, which listens where `answering` does.
    private func dial(
        _ target: NodeID = two, answering: NodeIdentity, secret: ClusterSecret = .test
    ) throws -> [TestNode] {
        let nodes = [try TestNode(), try TestNode()]
        try nodes[1].start(answering, secret: secret, at: listener())
        let address = try #require(nodes[1].mesh).address
        try nodes[0].start(
            identity(1), peers: [PeerEndpoint(node: target, address: address)], at: listener())
        return nodes
    }

    @Test func anotherSecretIsRefusedByTheDialler() throws {
        let nodes = try dial(answering: identity(2), secret: .other)
        let refusal = TestNode.Event.dialFailed(two, .handshake(.wrongSecret))
        turn(nodes) { nodes[0].events.contains(refusal) && !nodes[1].events.isEmpty }
        #expect(nodes[1].events == [.strangerRefused(.closed)])
        #expect(nodes[0].mesh?.isConnected(to: two) == false)
    }

    @Test func anotherSecretIsRefusedByTheDialled() throws {
        let node = try TestNode()
        try node.start(identity(2), at: listener())
        let raw = try RawPeer(to: node)
        var (handshake, hello) = Handshake.initiate(
            from: identity(1), to: two, secret: .other, nonce: HandshakeNonce(1))
        try raw.send(hello)
        // A thief without the secret guesses the proof; the length of the challenge is known.
        while handshake.bytesWanted > 0 {
            let bytes = try raw.receive(handshake.bytesWanted, turning: node)
            _ = handshake.receive(bytes)
        }
        let proof = try recordedConversation(with: .other).proof
        try raw.send(proof)
        raw.awaitEnd(turning: node)
        #expect(node.events == [.strangerRefused(.handshake(.wrongSecret))])
    }

    @Test func anotherClusterIsRefusedAndBothAreTold() throws {
        let nodes = try dial(answering: identity(2, cluster: 0xC2))
        turn(nodes) { nodes.allSatisfy { !$0.events.isEmpty } }
        #expect(nodes[0].events.first == .dialFailed(two, .handshake(.refused(.wrongCluster))))
        #expect(
            nodes[1].events.first
                == .strangerRefused(.handshake(.wrongCluster(ClusterID(0xC1), .first))))
    }

    @Test func anotherNodeAtThePeersAddressIsRefused() throws {
        let nodes = try dial(answering: identity(3))
        turn(nodes) { nodes.allSatisfy { !$0.events.isEmpty } }
        #expect(nodes[0].events.first == .dialFailed(two, .handshake(.refused(.unexpectedNode))))
        #expect(nodes[1].events.first == .strangerRefused(.handshake(.unexpectedNode(two))))
    }

    @Test func aReplayedHandshakeIsRefused() throws {
        let recorded = try recordedConversation(with: .test)
        let node = try TestNode()
        try node.start(identity(2), at: listener())
        let raw = try RawPeer(to: node)
        try raw.send(recorded.hello)
        turn([node]) { (try? raw.receive(1, turning: node).isEmpty) == false }
        try raw.send(recorded.proof)
        raw.awaitEnd(turning: node)
        #expect(node.events == [.strangerRefused(.handshake(.wrongSecret))])
    }

    @Test func framesBeforeTheProofAreNotRead() throws {
        let node = try TestNode()
        try node.start(identity(2), at: listener())
        let raw = try RawPeer(to: node)
        try raw.send(encoded([heartbeat(1)]))
        raw.awaitEnd(turning: node)
        #expect(node.events == [.strangerRefused(.handshake(.malformed))])
        #expect(node.received.isEmpty)
        #expect(node.counters.bytesReceived == 0)
    }

    @Test func framesRightBehindTheProofAreRead() throws {
        let node = try TestNode()
        try node.start(identity(2), at: listener())
        let raw = try RawPeer(to: node)
        var (handshake, hello) = Handshake.initiate(
            from: identity(1), to: two, secret: .test, nonce: HandshakeNonce(1))
        try raw.send(hello)
        while handshake.bytesWanted > 0 {
            let bytes = try raw.receive(handshake.bytesWanted, turning: node)
            if case .established(_, let proof) = handshake.receive(bytes) {
                try raw.send(proof + encoded([heartbeat(1), heartbeat(2)]))
            }
        }
        turn([node]) { node.received.count == 2 }
        #expect(node.frames == [heartbeat(1).label, heartbeat(2).label])
    }

    @Test func aHandshakeByteByByteSucceeds() throws {
        let node = try TestNode()
        try node.start(identity(2), at: listener())
        let raw = try RawPeer(to: node)
        var (handshake, hello) = Handshake.initiate(
            from: identity(1), to: two, secret: .test, nonce: HandshakeNonce(1))
        var toSend = hello
        while handshake.bytesWanted > 0 {
            for byte in toSend {
                try raw.send([byte])
                node.turn()
            }
            toSend = []
            switch handshake.receive(try raw.receive(1, turning: node)) {
            case .proceed: continue
            case .established(_, let proof): toSend = proof
            case .failed(let error, _): throw error
            }
        }
        for byte in toSend {
            try raw.send([byte])
            node.turn()
        }
        turn([node]) { node.events == [.connected(one, .receiving)] }
    }

    @Test func aSilentStrangerIsClosedInTime() throws {
        var limits = PeerLimits.test
        limits.handshakeTimeout = Milliseconds(20)
        let node = try TestNode()
        try node.start(identity(2), limits: limits, at: listener())
        let raw = try RawPeer(to: node)
        raw.awaitEnd(turning: node)
        #expect(node.events == [.strangerRefused(.timedOut)])
    }

    @Test func theOldestOfACrowdGoesAndAPeerStillGetsIn() throws {
        var limits = PeerLimits.test
        limits.strangersMax = 4
        let node = try TestNode()
        try node.start(identity(2), limits: limits, at: listener())
        let crowd = try (0..<12).map { _ in try RawPeer(to: node) }
        turn([node]) { node.counters.strangersRefused == 8 }
        let peer = try RawPeer(authenticatedAs: identity(1), to: node, at: two)
        #expect(node.counters.strangersRefused == 9)
        for raw in crowd[..<9] { raw.awaitEnd(turning: node) }
        try peer.send(encoded([heartbeat(1)]))
        turn([node]) { node.frames == [heartbeat(1).label] }
    }

    @Test func refusalsAreAllCountedAndOneASecondIsTold() throws {
        let node = try TestNode()
        try node.start(identity(2), at: listener())
        for _ in 0..<10 {
            let raw = try RawPeer(to: node)
            try raw.send(Array("GET / HTTP/1.1\r\n\r\n".utf8))
            raw.awaitEnd(turning: node)
        }
        #expect(node.counters.strangersRefused == 10)
        #expect((1...9).contains(node.events.count))
    }

    @Test func aReportTellsHowManyWentUntold() {
        var report = RefusalReport()
        let start = MonotonicTime(nanoseconds: 5)
        #expect(report.permission(at: start) == 0)
        #expect(report.permission(at: start + Milliseconds(1)) == nil)
        #expect(report.permission(at: start + Milliseconds(999)) == nil)
        #expect(report.permission(at: start + Milliseconds(1_000)) == 2)
        #expect(report.permission(at: start + Milliseconds(2_000)) == 0)
    }

    /// What an honest node 1 once said to node 2, as an eavesdropper has it.
    private func recordedConversation(
        with secret: ClusterSecret
    ) throws -> (hello: [UInt8], proof: [UInt8]) {
        var (dialling, hello) = Handshake.initiate(
            from: identity(1), to: two, secret: secret, nonce: HandshakeNonce(1))
        var accepting = Handshake.accept(
            as: identity(2), secret: secret, nonce: HandshakeNonce(2))
        var challenge: [UInt8] = []
        var rest = hello[...]
        while !rest.isEmpty {
            let part = rest.prefix(accepting.bytesWanted)
            rest = rest.dropFirst(part.count)
            if case .proceed(let answer) = accepting.receive(Array(part)) { challenge += answer }
        }
        var left = challenge[...]
        while !left.isEmpty {
            let part = left.prefix(dialling.bytesWanted)
            left = left.dropFirst(part.count)
            if case .established(_, let proof) = dialling.receive(Array(part)) {
                return (hello, proof)
            }
        }
        throw HandshakeError.malformed
    }
}
