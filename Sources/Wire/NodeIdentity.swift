package import Primitives

/// One life of a node's data directory, drawn at random by `holdfast init`. A wiped directory comes
/// back with another incarnation: it has forgotten its votes, so it must not pass for the old node.
package struct Incarnation: Hashable, Sendable {
    package var rawValue: UInt64
    package init(_ rawValue: UInt64) { self.rawValue = rawValue }
}

/// Who a node is, for good: stated in every handshake and in the header of every log segment.
package struct NodeIdentity: Hashable, Sendable {
    package var cluster: ClusterID
    package var group: GroupID
    package var node: NodeID
    package var incarnation: Incarnation

    package init(cluster: ClusterID, group: GroupID, node: NodeID, incarnation: Incarnation) {
        self.cluster = cluster
        self.group = group
        self.node = node
        self.incarnation = incarnation
    }
}
