import Primitives
import Testing
import Wire

struct HandshakeTests {
    private static let secret = ClusterSecret(Array("a secret of the cluster".utf8))
    private static let first = identity(node: 1)
    private static let second = identity(node: 2)

    private static func identity(
        node: UInt16, cluster: UInt128 = 0xC1, group: UInt8 = 0
    ) -> NodeIdentity {
        NodeIdentity(
            cluster: ClusterID(cluster), group: GroupID(group), node: NodeID(node),
            incarnation: Incarnation(UInt64(node) * 100))
    }

    private struct Outcome: Hashable {
        var initiator: HandshakeStep?
        var acceptor: HandshakeStep?
    }

    /// Runs both ends, with what the wire does to each message in between.
    private func run(
        from local: NodeIdentity = first, to peer: NodeID = second.node,
        as acceptorIdentity: NodeIdentity = second, secret: ClusterSecret = secret,
        acceptorSecret: ClusterSecret = secret, acceptorNonce: UInt128 = 22,
        wire: (Int, [UInt8]) -> [UInt8] = { $1 }
    ) -> Outcome {
        var (initiator, hello) = Handshake.initiate(
            from: local, to: peer, secret: secret, nonce: HandshakeNonce(11))
        var acceptor = Handshake.accept(
            as: acceptorIdentity, secret: acceptorSecret, nonce: HandshakeNonce(acceptorNonce))
        var outcome = Outcome()
        outcome.acceptor = deliver(wire(0, hello), to: &acceptor)
        guard let challenge = outcome.acceptor?.bytes, !challenge.isEmpty else { return outcome }
        outcome.initiator = deliver(wire(1, challenge), to: &initiator)
        guard let proof = outcome.initiator?.bytes, !proof.isEmpty else { return outcome }
        outcome.acceptor = deliver(wire(2, proof), to: &acceptor)
        return outcome
    }

    /// Feeds a message in the largest pieces that the handshake allows, until it is answered.
    private func deliver(_ bytes: [UInt8], to handshake: inout Handshake) -> HandshakeStep? {
        var rest = bytes[...]
        var step: HandshakeStep?
        while !rest.isEmpty, handshake.bytesWanted > 0 {
            let piece = rest.prefix(handshake.bytesWanted)
            rest = rest.dropFirst(piece.count)
            step = handshake.receive(Array(piece))
        }
        return step
    }

    @Test func twoNodesOfOneClusterRecogniseEachOther() {
        let outcome = run()
        guard case .established(let initiated, let proof) = outcome.initiator,
            case .established(let accepted, let nothing) = outcome.acceptor
        else {
            Issue.record("\(outcome)")
            return
        }
        #expect(initiated.peer == Self.second.node)
        #expect(initiated.peerIncarnation == Self.second.incarnation)
        #expect(accepted.peer == Self.first.node)
        #expect(accepted.peerIncarnation == Self.first.incarnation)
        #expect(initiated.version == accepted.version)
        #expect(initiated.seed == accepted.seed)
        #expect(!proof.isEmpty && nothing.isEmpty)
    }

    @Test func oneByteAtATimeIsEnough() {
        var (initiator, hello) = Handshake.initiate(
            from: Self.first, to: Self.second.node, secret: Self.secret, nonce: HandshakeNonce(1))
        var acceptor = Handshake.accept(
            as: Self.second, secret: Self.secret, nonce: HandshakeNonce(2))
        let challenge = hello.compactMap { acceptor.receive([$0]).bytes }.flatMap { $0 }
        let proof = challenge.compactMap { initiator.receive([$0]).bytes }.flatMap { $0 }
        let last = proof.map { acceptor.receive([$0]) }.last
        #expect(last?.session?.peer == Self.first.node)
        #expect(initiator.bytesWanted == 0 && acceptor.bytesWanted == 0)
    }

    @Test func noMessageIsLongerThanTheLimitAndNoByteOfAFrameIsWanted() {
        var acceptor = Handshake.accept(
            as: Self.second, secret: Self.secret, nonce: HandshakeNonce(2))
        #expect(acceptor.bytesWanted == 8)
        #expect(acceptor.receive(Array("dfhs".utf8) + [1, 0, 0xF9, 0x03]).error == .malformed)
        #expect(acceptor.bytesWanted == 0)
    }

    @Test func differentSecretsAreNoticedByTheInitiator() {
        let other = ClusterSecret(Array("a secret of another one".utf8))
        let outcome = run(acceptorSecret: other)
        #expect(outcome.initiator?.error == .wrongSecret)
        #expect(outcome.acceptor?.session == nil)
    }

    @Test func anInitiatorWithoutTheSecretIsRefusedByTheAcceptor() {
        let outcome = run { number, bytes in
            number == 2 ? bytes.dropLast(32) + [UInt8](repeating: 0, count: 32) : bytes
        }
        #expect(outcome.acceptor?.error == .wrongSecret)
    }

    @Test func anotherClusterOrGroupIsRefusedWithTheReason() {
        for stranger in [Self.identity(node: 2, cluster: 0xC2), Self.identity(node: 2, group: 1)] {
            let outcome = run(as: stranger)
            #expect(outcome.acceptor?.error == .wrongCluster(Self.first.cluster, .first))
            #expect(outcome.initiator?.error == .refused(.wrongCluster))
        }
    }

    @Test func aDialThatReachesTheWrongNodeIsRefused() {
        let outcome = run(to: NodeID(3))
        #expect(outcome.acceptor?.error == .unexpectedNode(NodeID(3)))
        #expect(outcome.initiator?.error == .refused(.unexpectedNode))
    }

    @Test func aNodeThatDialsItselfIsRefused() {
        let outcome = run(to: Self.first.node, as: Self.first)
        #expect(outcome.acceptor?.error == .unexpectedNode(Self.first.node))
    }

    @Test func versionsWithoutOverlapAreRefused() {
        let outcome = run { number, bytes in
            var bytes = bytes
            if number == 0 { bytes.replaceSubrange(8..<10, with: [7, 9]) }
            return bytes
        }
        let offered = ProtocolVersionRange(oldest: 7, newest: 9)
        #expect(outcome.acceptor?.error == .unsupportedVersions(offered))
        #expect(outcome.initiator?.error == .refused(.version))
    }

    @Test func aReflectedHelloOrProofIsRefused() {
        var (initiator, hello) = Handshake.initiate(
            from: Self.first, to: Self.second.node, secret: Self.secret, nonce: HandshakeNonce(1))
        #expect(deliver(hello, to: &initiator)?.error == .malformed)
        let outcome = run { number, bytes in
            // The acceptor's own proof comes back to it.
            number == 2 ? bytes.dropLast(32) + challengeProof(nonce: 22) : bytes
        }
        #expect(outcome.acceptor?.error == .wrongSecret)
    }

    @Test func aReplayedProofFailsAgainstANewNonce() {
        var recorded: [UInt8] = []
        #expect(
            run { number, bytes in
                if number == 2 { recorded = bytes }
                return bytes
            }.acceptor?.session != nil)
        let outcome = run(acceptorNonce: 23) { number, bytes in number == 2 ? recorded : bytes }
        #expect(outcome.acceptor?.error == .wrongSecret)
    }

    @Test func everyFlippedBitOfEveryMessageFailsTheHandshake() {
        for (number, count) in [(0, 55), (1, 86), (2, 40)] {
            for bit in 0..<count * 8 {
                let outcome = run { current, bytes in
                    var bytes = bytes
                    if current == number { bytes[bit / 8] ^= 1 << UInt8(bit % 8) }
                    return bytes
                }
                let both = outcome.initiator?.session != nil && outcome.acceptor?.session != nil
                #expect(!both, "bit \(bit) of message \(number)")
            }
        }
    }

    @Test(arguments: 0..<100)
    func noBytesMakeItTrap(seed: UInt64) {
        var random = PRNG(seed: seed)
        var acceptor = Handshake.accept(
            as: Self.second, secret: Self.secret, nonce: HandshakeNonce(2))
        var bytes = Handshake.initiate(
            from: Self.first, to: Self.second.node, secret: Self.secret, nonce: HandshakeNonce(1)
        ).hello
        for _ in 0..<8 { bytes[random.next(in: 4...54)] = UInt8(random.next(in: 0...255)) }
        _ = deliver(bytes, to: &acceptor)
        #expect(acceptor.bytesWanted <= 1_024)
    }

    private func challengeProof(nonce: UInt128) -> [UInt8] {
        var acceptor = Handshake.accept(
            as: Self.second, secret: Self.secret, nonce: HandshakeNonce(nonce))
        let hello = Handshake.initiate(
            from: Self.first, to: Self.second.node, secret: Self.secret, nonce: HandshakeNonce(11)
        ).hello
        return Array((deliver(hello, to: &acceptor)?.bytes ?? []).suffix(32))
    }
}

extension HandshakeStep {
    fileprivate var bytes: [UInt8] {
        switch self {
        case .proceed(let bytes), .established(_, let bytes), .failed(_, let bytes): bytes
        }
    }

    fileprivate var session: PeerSession? {
        switch self {
        case .established(let session, _): session
        case .proceed, .failed: nil
        }
    }

    fileprivate var error: HandshakeError? {
        switch self {
        case .failed(let error, _): error
        case .proceed, .established: nil
        }
    }
}
