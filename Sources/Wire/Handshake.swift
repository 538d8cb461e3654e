package import Primitives

/// What every node of a cluster knows and nobody else.
package struct ClusterSecret: Sendable {
    let bytes: [UInt8]
    /// At least 16 bytes, which the configuration's reader checks.
    package init(_ bytes: [UInt8]) {
        invariant(bytes.count >= 16, "a cluster secret of \(bytes.count) bytes")
        self.bytes = bytes
    }
}

/// What a handshake has proven: the connection's other end knows the secret and claims this node.
package struct PeerSession: Hashable, Sendable {
    package var local: NodeIdentity
    package var peer: NodeID
    package var peerIncarnation: Incarnation
    package var version: UInt8

    /// Where the checksums of this connection's frames start.
    package var seed: FrameSeed { FrameSeed(cluster: local.cluster, group: local.group) }
}

/// Why a handshake failed. The connection is to be closed after what is to be sent was sent.
package enum HandshakeError: Error, Hashable, Sendable {
    /// Not a handshake message, or one out of turn.
    case malformed
    case unsupportedVersions(ProtocolVersionRange)
    /// Another cluster or another group. Boxed: Swift 6.3 puts an enum with a 128-bit payload that
    /// is passed by value where it isn't aligned, and faults on it in debug builds.
    indirect case wrongCluster(ClusterID, GroupID)
    case wrongSecret
    /// Not the node that was dialled, a dial meant for another node, or this node itself.
    case unexpectedNode(NodeID)
    /// The other end says so; unproven, so only worth a log line.
    case refused(HandshakeRefusal)
}

extension HandshakeError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .malformed: "does not speak this protocol"
        case .unsupportedVersions(let versions):
            "speaks protocol versions \(versions.oldest) to \(versions.newest) only"
        case .wrongCluster(let cluster, let group):
            "belongs to cluster \(cluster.hex), group \(group.rawValue)"
        case .wrongSecret: "has another cluster secret"
        case .unexpectedNode(let node): "is or wants node \(node), which is another one"
        case .refused(let refusal): "refused this node: \(refusal)"
        }
    }
}

/// What the connection must do next.
package enum HandshakeStep: Hashable, Sendable {
    /// Send these bytes, if any, then read at most `bytesWanted`.
    case proceed(send: [UInt8])
    /// Send these bytes, if any; every later byte belongs to frames.
    case established(PeerSession, send: [UInt8])
    /// Send these bytes, if any, and close.
    case failed(HandshakeError, send: [UInt8])
}

/// Mutual authentication by the cluster's secret, before anything else is read:
///
///     initiator                                  acceptor
///        | hello: versions, ids, nonce              |
///        |----------------------------------------->|
///        |     challenge: version, ids, nonce, HMAC |
///        |<-----------------------------------------|   (or a refusal)
///        | proof: HMAC                              |
///        |----------------------------------------->|
///
/// Both HMACs cover the whole hello and the challenge's claims, each under its own label, so that
/// a proof can't be reflected, replayed, or moved to other ids or versions. Membership is not
/// checked here: a node may lag behind the configuration that added its peer.
package struct Handshake: Sendable {
    private enum State: Sendable {
        /// Acceptor. Next: awaitingProof, ended.
        case awaitingHello(HandshakeNonce)
        /// Initiator; its hello as sent. Next: ended.
        case awaitingChallenge(peer: NodeID, hello: [UInt8])
        /// Acceptor; the session and the proof that would establish it. Next: ended.
        case awaitingProof(PeerSession, expected: [UInt8])
        case ended
    }

    private let local: NodeIdentity
    private let secret: ClusterSecret
    private var state: State
    private var received: [UInt8] = []

    /// The end that dialled: sends the hello that comes with it.
    package static func initiate(
        from local: NodeIdentity, to peer: NodeID, secret: ClusterSecret, nonce: HandshakeNonce
    ) -> (handshake: Handshake, hello: [UInt8]) {
        let hello = HandshakeMessage.hello(
            Hello(versions: .supported, from: local, to: peer, nonce: nonce)
        ).encoded
        let state = State.awaitingChallenge(peer: peer, hello: hello)
        return (Handshake(local: local, secret: secret, state: state), hello)
    }

    /// The end that was dialled: waits for a hello.
    package static func accept(
        as local: NodeIdentity, secret: ClusterSecret, nonce: HandshakeNonce
    ) -> Handshake {
        Handshake(local: local, secret: secret, state: .awaitingHello(nonce))
    }

    private init(local: NodeIdentity, secret: ClusterSecret, state: State) {
        self.local = local
        self.secret = secret
        self.state = state
    }

    /// The most bytes that may be read from the connection now, so that none of a later frame is
    /// taken; zero when the handshake has ended.
    package var bytesWanted: Int {
        if case .ended = state { return 0 }
        guard received.count >= HandshakeMessage.headBytes else {
            return HandshakeMessage.headBytes - received.count
        }
        return (HandshakeMessage.messageBytes(head: received) ?? received.count) - received.count
    }

    /// Takes at most `bytesWanted` bytes that the other end sent.
    package mutating func receive(_ bytes: [UInt8]) -> HandshakeStep {
        invariant(bytes.count <= bytesWanted, "\(bytes.count) bytes, wanted \(bytesWanted)")
        received.append(contentsOf: bytes)
        guard received.count >= HandshakeMessage.headBytes else { return .proceed(send: []) }
        guard let messageBytes = HandshakeMessage.messageBytes(head: received) else {
            return fail(.malformed)
        }
        guard received.count == messageBytes else { return .proceed(send: []) }
        guard let message = HandshakeMessage.decode(received) else { return fail(.malformed) }
        defer { received = [] }
        switch (state, message) {
        case (.awaitingHello(let nonce), .hello(let hello)):
            return answer(hello, nonce: nonce)
        case (.awaitingChallenge(let peer, let hello), .challenge(let challenge)):
            return prove(challenge, from: peer, hello: hello)
        case (.awaitingChallenge, .refusal(let refusal)):
            return fail(.refused(refusal))
        case (.awaitingProof(let session, let expected), .proof(let proof)):
            guard constantTimeEqual(proof, expected) else { return fail(.wrongSecret) }
            state = .ended
            return .established(session, send: [])
        case (.awaitingHello, _), (.awaitingChallenge, _), (.awaitingProof, _), (.ended, _):
            return fail(.malformed)
        }
    }

    private mutating func answer(_ hello: Hello, nonce: HandshakeNonce) -> HandshakeStep {
        let version = ProtocolVersionRange.supported.newestCommon(with: hello.versions)
        guard let version else {
            return fail(.unsupportedVersions(hello.versions), refusal: .version)
        }
        guard isOfThisCluster(hello.from) else {
            return fail(
                .wrongCluster(hello.from.cluster, hello.from.group), refusal: .wrongCluster)
        }
        guard hello.to == local.node else {
            return fail(.unexpectedNode(hello.to), refusal: .unexpectedNode)
        }
        guard hello.from.node != local.node else {
            return fail(.unexpectedNode(hello.from.node), refusal: .unexpectedNode)
        }
        var challenge = Challenge(
            version: version, from: local, to: hello.from.node, nonce: nonce, proof: [])
        let proofs = Proofs(hello: received, challenge: challenge, secret: secret)
        challenge.proof = proofs.acceptor
        let session = PeerSession(
            local: local, peer: hello.from.node, peerIncarnation: hello.from.incarnation,
            version: version)
        state = .awaitingProof(session, expected: proofs.initiator)
        return .proceed(send: HandshakeMessage.challenge(challenge).encoded)
    }

    private mutating func prove(
        _ challenge: Challenge, from peer: NodeID, hello: [UInt8]
    ) -> HandshakeStep {
        let offered = ProtocolVersionRange.supported
        guard (offered.oldest...offered.newest).contains(challenge.version) else {
            return fail(
                .unsupportedVersions(
                    ProtocolVersionRange(oldest: challenge.version, newest: challenge.version)))
        }
        guard isOfThisCluster(challenge.from) else {
            return fail(.wrongCluster(challenge.from.cluster, challenge.from.group))
        }
        guard challenge.from.node == peer else {
            return fail(.unexpectedNode(challenge.from.node))
        }
        guard challenge.to == local.node else { return fail(.unexpectedNode(challenge.to)) }
        let proofs = Proofs(hello: hello, challenge: challenge, secret: secret)
        guard constantTimeEqual(challenge.proof, proofs.acceptor) else {
            return fail(.wrongSecret)
        }
        state = .ended
        let session = PeerSession(
            local: local, peer: peer, peerIncarnation: challenge.from.incarnation,
            version: challenge.version)
        return .established(session, send: HandshakeMessage.proof(proofs.initiator).encoded)
    }

    private func isOfThisCluster(_ other: NodeIdentity) -> Bool {
        other.cluster == local.cluster && other.group == local.group
    }

    private mutating func fail(
        _ error: HandshakeError, refusal: HandshakeRefusal? = nil
    ) -> HandshakeStep {
        state = .ended
        received = []
        return .failed(error, send: refusal.map { HandshakeMessage.refusal($0).encoded } ?? [])
    }
}

/// What each end must present: codes over the same transcript, told apart by a label.
private struct Proofs {
    let acceptor: [UInt8]
    let initiator: [UInt8]

    init(hello: [UInt8], challenge: Challenge, secret: ClusterSecret) {
        var transcript = ByteWriter(capacity: 192)
        transcript.raw(hello)
        challenge.encodeClaims(into: &transcript)
        let bytes = transcript.bytes
        func code(_ label: String) -> [UInt8] {
            HMACSHA256.authenticate(Array(label.utf8) + bytes, key: secret.bytes)
        }
        acceptor = code("holdfast handshake, acceptor:")
        initiator = code("holdfast handshake, initiator:")
    }
}
