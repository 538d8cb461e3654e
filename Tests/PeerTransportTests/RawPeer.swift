import Glibc
import Primitives
import SystemIO
import Testing
import Wire

@testable import PeerTransport

/// The other end of a node's connection, without a mesh: says whatever a test wants said.
final class RawPeer {
    let socket: StreamSocket

    init(_ socket: consuming StreamSocket) { self.socket = socket }

    /// Connects to a node.
    convenience init(to node: TestNode) throws {
        let mesh = try #require(node.mesh)
        self.init(try .connect(to: mesh.address))
        var request = pollfd(fd: socket.descriptor.rawValue, events: Int16(POLLOUT), revents: 0)
        #expect(poll(&request, 1, 10_000) == 1)
        try socket.connectionResult()
    }

    /// Connects to a node and proves to be `identity`.
    convenience init(
        authenticatedAs identity: NodeIdentity, to node: TestNode, at target: NodeID
    ) throws {
        try self.init(to: node)
        var (handshake, hello) = Handshake.initiate(
            from: identity, to: target, secret: .test, nonce: HandshakeNonce(1))
        try send(hello)
        var isEstablished = false
        while !isEstablished {
            let bytes = try receive(handshake.bytesWanted, turning: node)
            switch handshake.receive(bytes) {
            case .proceed: continue
            case .established(_, let proof):
                try send(proof)
                isEstablished = true
            case .failed(let error, _): throw error
            }
        }
        let connected = TestNode.Event.connected(identity.node, .receiving)
        let before = node.events.count { $0 == connected }
        turn([node]) { node.events.count { $0 == connected } > before }
    }

    func send(_ bytes: [UInt8]) throws {
        var output = OutputBuffer(byteLimit: 1)
        output.append(bytes)
        #expect(try output.flush(to: socket) == .everything)
    }

    /// Exactly so many bytes; fewer when the node ends the connection.
    func receive(_ count: Int, turning node: TestNode) throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var filled = 0
        var isClosed = false
        while filled < count, !isClosed {
            switch try socket.receive(into: &bytes, at: filled) {
            case .bytes(let more): filled += more
            case .wouldBlock: node.turn()
            case .closed: isClosed = true
            }
        }
        return Array(bytes[..<filled])
    }

    /// Turns the node until it has ended this connection.
    func awaitEnd(turning node: TestNode) {
        var isOver = false
        turn([node]) {
            var bytes = [UInt8](repeating: 0, count: 4_096)
            do {
                if try socket.receive(into: &bytes) == .closed { isOver = true }
            } catch {
                isOver = true
            }
            return isOver
        }
    }
}

/// The frames as they go over the wire in `identity`'s cluster.
func encoded(_ frames: [PeerFrame], at clock: WallTime = WallTime(1_000)) throws -> [UInt8] {
    let seed = FrameSeed(cluster: identity(1).cluster, group: .first)
    let encoder = FrameEncoder(seed: seed)
    var forwards = ForwardSender(encoder: encoder)
    var bytes: [UInt8] = []
    for frame in frames {
        switch frame {
        case .raft(let message): encoder.encode(message, sentAt: clock, into: &bytes)
        case .stateDigest(let digest): encoder.encode(digest, sentAt: clock, into: &bytes)
        case .forwardRequest(let request):
            try forwards.send(request, sentAt: clock, into: &bytes)
        case .forwardResponse(let response):
            try forwards.send(response, sentAt: clock, into: &bytes)
        }
    }
    return bytes
}
