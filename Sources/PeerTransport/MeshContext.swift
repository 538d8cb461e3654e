import Primitives
import SystemIO
import Wire

/// What all connections of a mesh share.
final class MeshContext {
    let loop: EventLoop
    let identity: NodeIdentity
    let secret: ClusterSecret
    let limits: PeerLimits
    /// The receiver owns the mesh.
    unowned let receiver: any PeerReceiver
    var counters = PeerCounters()
    var random: PRNG
    /// What one connection receives in one turn, at most: the others' turn comes before its next.
    var receiveBuffer = [UInt8](repeating: 0, count: FrameHeader.bodyBytesMax)
    private var secureRandom = SecureRandom()

    init(
        loop: EventLoop, configuration: PeerMeshConfiguration, random: PRNG,
        receiver: any PeerReceiver
    ) {
        self.loop = loop
        identity = configuration.identity
        secret = configuration.secret
        limits = configuration.limits
        self.random = random
        self.receiver = receiver
    }

    func nonce() -> HandshakeNonce { HandshakeNonce(secureRandom.nextUInt128()) }
}
