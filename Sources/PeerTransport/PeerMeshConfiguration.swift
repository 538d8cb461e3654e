package import Primitives
package import SystemIO
package import Wire

/// A member of the cluster and where it listens for its peers.
package struct PeerEndpoint: Hashable, Sendable {
    package var node: NodeID
    package var address: SocketAddress
    package init(node: NodeID, address: SocketAddress) {
        self.node = node
        self.address = address
    }
}

/// Who this node is, whom it knows, and what they may cost it.
package struct PeerMeshConfiguration: Sendable {
    package var identity: NodeIdentity
    package var secret: ClusterSecret
    /// The other members; this node must not be among them.
    package var peers: [PeerEndpoint]
    package var limits: PeerLimits

    package init(
        identity: NodeIdentity, secret: ClusterSecret, peers: [PeerEndpoint],
        limits: PeerLimits = PeerLimits()
    ) {
        self.identity = identity
        self.secret = secret
        self.peers = peers
        self.limits = limits
    }
}

/// Bounds on what peers and strangers can make a node keep, and for how long.
package struct PeerLimits: Hashable, Sendable {
    /// Bytes of appends and short forwards that wait for one peer; long forwards are bounded by
    /// `ForwardSender.waitingBytesMax` besides.
    package var bulkBytesMax = 8 << 20
    /// Room that only small frames may use: heartbeats, votes and answers still pass when bulk
    /// has filled its own.
    package var urgentBytesMax = 256 << 10
    /// The first wait before a peer is dialled again; it doubles up to `backoffMax`.
    package var backoffMin = Milliseconds(50)
    package var backoffMax = Milliseconds.seconds(2)
    /// From dialling, or accepting, until the other end is authenticated.
    package var handshakeTimeout = Milliseconds.seconds(2)
    /// A receiving connection this long without a byte is dead, and so is a sending one whose
    /// bytes were not acknowledged for as long. Peers must send more often than this.
    package var silenceTimeout = Milliseconds.seconds(5)
    /// Accepted connections that may be unauthenticated at once; one more closes the oldest.
    package var strangersMax = 32
    package init() {}
}
