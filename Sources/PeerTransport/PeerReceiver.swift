package import Primitives
package import SystemIO
package import Wire

/// Which way a connection carries frames. Each node dials the others to send to them, so two
/// nodes have one connection each way, and one may be up without the other.
package enum PeerDirection: Hashable, Sendable {
    /// This node dialled it.
    case sending
    /// The peer dialled it.
    case receiving
}

/// Why an authenticated connection ended.
package enum PeerLoss: Error, Hashable, Sendable {
    case closedByPeer
    case broken(SystemError)
    /// The peer sent bytes that are no frame; on a connection that this node sends on, any bytes.
    case malformed(FrameError)
    case spokeOutOfTurn
    /// Nothing came for `PeerLimits.silenceTimeout`.
    case silent
    /// The peer dialled again: its newest connection is the one it uses.
    case replaced
}

/// Why a connection did not come to be.
package enum PeerRefusal: Error, Hashable, Sendable {
    case unreachable(SystemError)
    /// Not authenticated within `PeerLimits.handshakeTimeout`.
    case timedOut
    /// The other end closed the connection before it was authenticated.
    case closed
    case handshake(HandshakeError)
    /// Too many others were waiting to be authenticated.
    case crowdedOut
}

/// Whoever lives on what peers say. Called on the loop's thread, inside a turn; it may call the
/// mesh from there.
package protocol PeerReceiver: AnyObject {
    /// A whole frame of an authenticated peer, which need not be a member: membership is Raft's to
    /// judge. `clock` is the peer's wall clock when it encoded the frame.
    func receive(_ frame: PeerFrame, from peer: NodeID, clock: WallTime)
    /// A connection is authenticated. The session tells the peer's incarnation.
    func peerConnected(_ session: PeerSession, _ direction: PeerDirection)
    /// What was under way in this direction is lost.
    func peerLost(_ peer: NodeID, _ direction: PeerDirection, _ loss: PeerLoss)
    /// A member could not be dialled. Told once for each new reason until a dial succeeds.
    func dialFailed(_ peer: PeerEndpoint, _ refusal: PeerRefusal)
    /// An accepted connection was not authenticated. Told once a second at most; `untold` others
    /// went before it. The address is nil when the stranger is already gone.
    func strangerRefused(_ refusal: PeerRefusal, from address: SocketAddress?, untold: Int)
}

extension PeerLoss: CustomStringConvertible {
    package var description: String {
        switch self {
        case .closedByPeer: "it closed the connection"
        case .broken(let error): "\(error)"
        case .malformed(let error): "it sent no frame: \(error)"
        case .spokeOutOfTurn: "it spoke out of turn"
        case .silent: "it was silent"
        case .replaced: "it has connected again"
        }
    }
}

extension PeerRefusal: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unreachable(let error): "\(error)"
        case .timedOut: "it did not authenticate itself in time"
        case .closed: "it closed the connection before it was authenticated"
        case .handshake(let error): "it \(error)"
        case .crowdedOut: "too many others were waiting to be authenticated"
        }
    }
}

/// What became of a frame that was to be sent.
package enum SendOutcome: Hashable, Sendable {
    /// It leaves with a flush, in order with others of its kind; it can still be lost with the
    /// connection.
    case queued
    case dropped(Drop)

    /// Why a frame is not sent.
    package enum Drop: Hashable, Sendable {
        case notConnected
        /// Too much waits for this peer already.
        case queueFull
        /// A forward beyond `ForwardSender.messageBytesMax`.
        case tooLong
    }
}

/// What has happened on all of a node's peer connections since it started.
package struct PeerCounters: Hashable, Sendable {
    package var framesSent: UInt64 = 0
    package var bytesSent: UInt64 = 0
    package var framesReceived: UInt64 = 0
    package var bytesReceived: UInt64 = 0
    /// Frames not sent for want of a connection.
    package var framesUnconnected: UInt64 = 0
    /// Frames not sent because too much waited already.
    package var framesShed: UInt64 = 0
    /// Forwards beyond `ForwardSender.messageBytesMax`.
    package var framesTooLong: UInt64 = 0
    /// Connections closed for bytes that are no frame.
    package var malformedFrames: UInt64 = 0
    /// Authenticated connections that ended, for whatever reason, in either direction.
    package var connectionsLost: UInt64 = 0
    package var dialsFailed: UInt64 = 0
    /// Accepted connections that were not authenticated.
    package var strangersRefused: UInt64 = 0
    package init() {}
}
