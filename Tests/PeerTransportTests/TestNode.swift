import Primitives
import Raft
import SystemIO
import Testing
import Wire

@testable import PeerTransport

/// A node with a loop of its own, which remembers all that its mesh told it.
final class TestNode: PeerReceiver {
    struct Received: Hashable {
        var frame: PeerFrame
        var peer: NodeID
        var clock: WallTime
    }

    enum Event: Hashable {
        case connected(NodeID, PeerDirection)
        case lost(NodeID, PeerDirection, PeerLoss)
        case dialFailed(NodeID, PeerRefusal)
        case strangerRefused(PeerRefusal)
    }

    let loop: EventLoop
    private(set) var mesh: PeerMesh?
    var received: [Received] = []
    var events: [Event] = []
    var sessions: [PeerSession] = []

    init() throws { loop = try makeLoop() }

    /// Starts the node's mesh, at `address` if it must be a certain one.
    func start(
        _ identity: NodeIdentity, secret: ClusterSecret = .test, peers: [PeerEndpoint] = [],
        limits: PeerLimits = .test, at listener: consuming ListeningSocket
    ) throws {
        mesh = try PeerMesh(
            loop: loop,
            configuration: PeerMeshConfiguration(
                identity: identity, secret: secret, peers: peers, limits: limits),
            listener: listener, random: PRNG(seed: UInt64(identity.node.rawValue)), receiver: self)
    }

    /// Ends the mesh, as a process that ends would.
    func stop() { mesh = nil }

    func turn() {
        loop.turn(waitingAtMost: .zero)
        mesh?.flush()
    }

    var counters: PeerCounters { mesh?.counters ?? PeerCounters() }
    var frames: [String] { received.map(\.frame.label) }

    func send(_ frame: PeerFrame, to peer: NodeID) -> SendOutcome {
        mesh?.send(frame, to: peer) ?? .dropped(.notConnected)
    }

    func receive(_ frame: PeerFrame, from peer: NodeID, clock: WallTime) {
        received.append(Received(frame: frame, peer: peer, clock: clock))
    }

    func peerConnected(_ session: PeerSession, _ direction: PeerDirection) {
        sessions.append(session)
        events.append(.connected(session.peer, direction))
    }

    func peerLost(_ peer: NodeID, _ direction: PeerDirection, _ loss: PeerLoss) {
        events.append(.lost(peer, direction, loss))
    }

    func dialFailed(_ peer: PeerEndpoint, _ refusal: PeerRefusal) {
        events.append(.dialFailed(peer.node, refusal))
    }

    func strangerRefused(_ refusal: PeerRefusal, from address: SocketAddress?, untold: Int) {
        events.append(.strangerRefused(refusal))
    }
}

/// Turns all the nodes' loops, one after another, until the condition holds; an issue is recorded
/// when it does not within a minute.
func turn(
    _ nodes: [TestNode], sourceLocation: SourceLocation = #_sourceLocation,
    until isDone: () -> Bool
) {
    let end = SystemClock.monotonicNow() + .seconds(60)
    while !isDone() {
        for node in nodes { node.turn() }
        guard SystemClock.monotonicNow() < end else {
            Issue.record(
                "nothing came of it: \(nodes.map(\.events))", sourceLocation: sourceLocation)
            return
        }
    }
}

/// Turns all the nodes' loops for a while, in which something must not happen.
func turn(_ nodes: [TestNode], for span: Milliseconds) {
    let end = SystemClock.monotonicNow() + span
    while SystemClock.monotonicNow() < end {
        for node in nodes { node.turn() }
    }
}

/// Nodes 1…`count`, each knowing the others, all connected both ways.
func connectedNodes(_ count: Int, limits: PeerLimits = .test) throws -> [TestNode] {
    let nodes = try (0..<count).map { _ in try TestNode() }
    // Ports are known only once all listen.
    for (place, node) in nodes.enumerated() {
        try node.start(identity(UInt16(place + 1)), limits: limits, at: listener())
    }
    let endpoints = nodes.enumerated().compactMap { place, node in
        node.mesh.map { PeerEndpoint(node: NodeID(UInt16(place + 1)), address: $0.address) }
    }
    for (place, node) in nodes.enumerated() {
        node.mesh?.setPeers(endpoints.filter { $0.node.rawValue != UInt16(place + 1) })
    }
    turn(nodes) {
        nodes.allSatisfy { $0.events.count == 2 * (count - 1) }
    }
    return nodes
}

func identity(
    _ node: UInt16, cluster: UInt128 = 0xC1, incarnation: UInt64 = 7
) -> NodeIdentity {
    NodeIdentity(
        cluster: ClusterID(cluster), group: .first, node: NodeID(node),
        incarnation: Incarnation(incarnation + UInt64(node)))
}

func listener() throws -> ListeningSocket {
    try ListeningSocket(at: .ipv4(0x7F00_0001, port: 0))
}

func makeLoop() throws -> EventLoop { try EventLoop(wakeup: Wakeup()) }

extension ClusterSecret {
    static let test = ClusterSecret([UInt8](repeating: 0x5A, count: 32))
    static let other = ClusterSecret([UInt8](repeating: 0x5B, count: 32))
}

extension PeerLimits {
    /// Patient with a machine that is busy with other tests, impatient between dials.
    static var test: PeerLimits {
        var limits = PeerLimits()
        limits.backoffMin = Milliseconds(1)
        limits.backoffMax = Milliseconds(20)
        limits.handshakeTimeout = .seconds(60)
        limits.silenceTimeout = .seconds(60)
        return limits
    }
}

let one = NodeID(1)
let two = NodeID(2)
let three = NodeID(3)
