import Primitives
import SystemIO
import Wire

/// This node's ways to the other members.
final class OutgoingLinks {
    private let context: MeshContext
    private var links: [OutgoingLink] = []

    init(context: MeshContext) { self.context = context }

    /// Dials the new ones and forgets those that are no longer there or have moved.
    func setPeers(_ peers: [PeerEndpoint]) {
        for link in links where !peers.contains(link.peer) { link.close() }
        links.removeAll { !peers.contains($0.peer) }
        for peer in peers where link(to: peer.node) == nil {
            invariant(peer.node != context.identity.node, "node \(peer.node) is its own peer")
            links.append(OutgoingLink(to: peer, context: context))
        }
    }

    func link(to node: NodeID) -> OutgoingLink? {
        links.first { $0.peer.node == node }
    }

    var openCount: Int { links.count { $0.isOpen } }

    func flush() {
        for link in links { link.flush() }
    }

    func close() {
        for link in links { link.close() }
        links = []
    }
}
