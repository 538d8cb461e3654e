import Primitives
import Wire

/// Two ends of a peer connection and somebody in between, who delivers, changes, forges, repeats or
/// drops what they say.
enum HandshakeProperties {
    static func check(_ input: [UInt8]) throws(BrokenProperty) -> Verdict {
        var choices = Choices(input)
        var meeting = Meeting(&choices)
        meeting.run(&choices)
        return try meeting.verdict()
    }
}

/// One end, with everything that it sent and took.
private struct End {
    var handshake: Handshake
    var sent: [UInt8] = []
    var taken: [UInt8] = []
    var session: PeerSession?

    /// Hands over bytes as they arrive, never more than are wanted; what it sends in return.
    mutating func receive(_ bytes: [UInt8], _ choices: inout Choices) -> [UInt8] {
        var rest = bytes[...]
        var answer: [UInt8] = []
        while !rest.isEmpty, handshake.bytesWanted > 0 {
            let longest = min(rest.count, handshake.bytesWanted)
            let piece = Array(rest.prefix(max(1, longest - choices.number(below: 16))))
            rest = rest.dropFirst(piece.count)
            taken += piece
            switch handshake.receive(piece) {
            case .proceed(let send), .failed(_, let send): answer += send
            case .established(let session, let send):
                self.session = session
                answer += send
            }
        }
        sent += answer
        return answer
    }
}

private struct Meeting {
    private static let cluster = ClusterID(0xC1)
    private static let secret = Array("0123456789abcdef".utf8)

    private var dialler: End
    private var acceptor: End
    /// Whether both ends are what the other expects.
    private let isFriendly: Bool
    private var isUntouched = true
    private let hello: [UInt8]

    init(_ choices: inout Choices) {
        let isOtherSecret = choices.seldom()
        let isOtherCluster = choices.seldom()
        let isOtherGroup = choices.seldom()
        let (dialled, own) = (choices.number(below: 3), choices.number(below: 3))
        let diallingNode = NodeID(UInt16(own) + 1)
        let acceptingNode = NodeID(2)
        let wanted = NodeID(UInt16((dialled + 1) % 3 + 1))
        isFriendly =
            !isOtherSecret && !isOtherCluster && !isOtherGroup && wanted == acceptingNode
            && diallingNode != acceptingNode
        let (handshake, hello) = Handshake.initiate(
            from: NodeIdentity(
                cluster: Self.cluster, group: .first, node: diallingNode,
                incarnation: Incarnation(7)),
            to: wanted, secret: ClusterSecret(Self.secret), nonce: HandshakeNonce(1))
        dialler = End(handshake: handshake, sent: hello)
        self.hello = hello
        acceptor = End(
            handshake: Handshake.accept(
                as: NodeIdentity(
                    cluster: isOtherCluster ? ClusterID(0xC2) : Self.cluster,
                    group: isOtherGroup ? GroupID(1) : .first, node: acceptingNode,
                    incarnation: Incarnation(8)),
                secret: ClusterSecret(isOtherSecret ? Self.secret + [1] : Self.secret),
                nonce: HandshakeNonce(2)))
    }

    mutating func run(_ choices: inout Choices) {
        var toAcceptor = dialler.sent
        for _ in 0..<4 {
            let toDialler = acceptor.receive(tampered(toAcceptor, &choices), &choices)
            toAcceptor = dialler.receive(tampered(toDialler, &choices), &choices)
            if toAcceptor.isEmpty, choices.isEmpty { return }
        }
    }

    private mutating func tampered(_ message: [UInt8], _ choices: inout Choices) -> [UInt8] {
        var message = message
        switch choices.number(below: 8) {
        case 1 where !message.isEmpty:
            message[choices.number16() % message.count] ^= choices.byte() | 1
        case 2: message = choices.bytes(atMost: choices.number16() % 1_100)
        case 3: message = Array(message.prefix(choices.number(below: 64)))
        case 4: message += choices.bytes(atMost: choices.number(below: 64))
        case 5: message = dialler.sent
        case 6: message = acceptor.sent
        default: return message
        }
        isUntouched = false
        return message
    }

    /// Whoever is convinced saw exactly what the other end said.
    func verdict() throws(BrokenProperty) -> Verdict {
        if let session = acceptor.session {
            try require(isFriendly, "only a peer of this cluster that was dialled is let in")
            try require(acceptor.taken == dialler.sent, "the acceptor took what was sent")
            try require(dialler.taken == acceptor.sent, "the dialler took what was sent")
            try require(session.local.node == NodeID(2), "the session is the acceptor's")
        }
        if let session = dialler.session {
            try require(isFriendly, "only the peer that was dialled is spoken to")
            try require(dialler.taken == acceptor.sent, "the dialler took what was sent")
            try require(acceptor.taken.starts(with: hello), "the acceptor took its hello")
            try require(session.peer == NodeID(2), "the session names the acceptor")
        }
        if let accepted = acceptor.session, let dialled = dialler.session {
            try require(accepted.seed == dialled.seed, "both check frames alike")
            try require(accepted.version == dialled.version, "both speak one version")
            try require(
                accepted.peer == dialled.local.node
                    && accepted.peerIncarnation == dialled.local.incarnation,
                "both know who the dialler is")
        }
        if isUntouched, isFriendly {
            try require(
                acceptor.session != nil && dialler.session != nil,
                "friends that nobody disturbs understand each other")
        }
        return acceptor.session == nil ? .refused : .accepted
    }
}
