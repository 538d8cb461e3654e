package import Primitives
package import SystemIO
package import Wire

/// A node's connections with its peers: one TCP connection each way, so that who dials is who
/// sends. Every connection is authenticated both ways with the cluster's secret before anything
/// else is read, lost ones are dialled again, and every queue is bounded: what doesn't fit is
/// dropped, which Raft and the users of forwards allow for.
///
/// All on the loop's thread. The owner calls `flush` once after each turn, so that the frames of a
/// turn leave with one system call a peer.
package final class PeerMesh {
    private let context: MeshContext
    private let outgoing: OutgoingLinks
    private let acceptor: PeerAcceptor

    /// Begins to accept and to dial; the receiver is called from the next turn on. Throws when the
    /// kernel's limit of watches is reached.
    /// - Parameters:
    ///   - random: for the jitter of waits alone; nonces come from the system.
    ///   - receiver: not kept alive; it must live as long as the mesh.
    package init(
        loop: EventLoop, configuration: PeerMeshConfiguration,
        listener: consuming ListeningSocket, random: PRNG, receiver: any PeerReceiver
    ) throws(SystemError) {
        context = MeshContext(
            loop: loop, configuration: configuration, random: random, receiver: receiver)
        outgoing = OutgoingLinks(context: context)
        acceptor = try PeerAcceptor(listener, context: context, outgoing: outgoing)
        outgoing.setPeers(configuration.peers)
    }

    deinit { close() }

    /// Where this node listens for its peers.
    package var address: SocketAddress { acceptor.address }

    /// What has happened since the mesh was made.
    package var counters: PeerCounters { context.counters }

    /// The members from now on: new ones are dialled; those that left or moved are left, with what
    /// waited for them. This node must not be among them.
    package func setPeers(_ peers: [PeerEndpoint]) {
        outgoing.setPeers(peers)
    }

    /// Whether frames to this peer are taken now.
    package func isConnected(to peer: NodeID) -> Bool {
        outgoing.link(to: peer)?.isOpen ?? false
    }

    /// How many peers frames are taken for now.
    package var connectedPeers: Int { outgoing.openCount }

    /// Encodes a frame, with this moment's wall clock, for the next flush. Frames of one kind
    /// arrive in order or not at all; heartbeats, votes and answers overtake appends and forwards.
    @discardableResult
    package func send(_ frame: PeerFrame, to peer: NodeID) -> SendOutcome {
        let outcome = outgoing.link(to: peer)?.send(frame) ?? .dropped(.notConnected)
        switch outcome {
        case .queued: context.counters.framesSent += 1
        case .dropped(.notConnected): context.counters.framesUnconnected += 1
        case .dropped(.queueFull): context.counters.framesShed += 1
        case .dropped(.tooLong): context.counters.framesTooLong += 1
        }
        return outcome
    }

    /// Sends what has gathered since the last call.
    package func flush() {
        outgoing.flush()
    }

    /// Ends all connections at once, dropping what waits, without a word to the receiver.
    package func close() {
        outgoing.close()
        acceptor.close()
    }
}
