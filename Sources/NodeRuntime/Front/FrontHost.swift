import NodeCore
import Primitives
import Wire

/// The node, as its HTTP front sees it.
protocol FrontHost: AnyObject {
    /// Gives a request to the core; its reply comes back through `Front.receive`.
    func submit(_ request: ClientRequest)
    /// Sends a request on to the leader. False: there is no connection, nothing was sent.
    func forward(_ request: ForwardRequest, to leader: NodeID) -> Bool
    /// Answers a request that a peer has sent on.
    func answer(_ response: ForwardResponse, to peer: NodeID)
    func metricsText() -> [UInt8]
}
