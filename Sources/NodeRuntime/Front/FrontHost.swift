import NodeCore
import Primitives
import Wire

// A front and its node talk through two protocols, each of which has two implementations. On the
// node's own thread they are `Node` and `Front` themselves; for a front on another thread they are
// `NodeLink` and `FrontLink`, the two ends of a pair of mailboxes. Nothing is answered by a call's
// return: what comes of it comes as a call in the other direction, perhaps before the first one
// returns.

/// A node, as one of its fronts sees it.
protocol FrontHost: AnyObject {
    /// Gives a request to the core: a reply comes.
    func submit(_ request: ClientRequest)
    /// Sends a request on to the leader: its answer comes, or the news that nothing was sent. The
    /// leader may also be lost, or never answer.
    func forward(_ request: ForwardRequest, to leader: NodeID)
    /// The front has begun to drain: what had arrived by then was given before.
    func draining()
}

/// One of a node's fronts, as the node sees it.
protocol FrontPort: AnyObject {
    /// The core's answer to a request.
    func receive(_ reply: Reply)
    /// The leader's answer to a request that was sent on.
    func receive(_ response: ForwardResponse)
    /// There is no connection to the leader: the request was not sent on.
    func notForwarded(_ request: RequestID)
    /// The connection to a peer is lost: what it was sent may or may not have taken effect.
    func lost(_ peer: NodeID)
    /// Takes no more connections, and ends each one after what it has asked.
    func drain()
    /// A turn of the node is over.
    func flush()
}

/// Who takes a front's answers to requests that peers have sent on.
protocol ForwardingPeers: AnyObject {
    func answer(_ response: ForwardResponse, to peer: NodeID)
}
