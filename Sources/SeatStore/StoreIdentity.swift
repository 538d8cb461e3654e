package import Primitives

/// Whose files these are. Every shard file repeats it, so that no file can stray to another node,
/// cluster or life of a data directory unnoticed.
package struct StoreIdentity: Hashable, Sendable {
    package var cluster: ClusterID
    package var group: GroupID
    package var node: NodeID
    /// One life of the node's data directory, as `holdfast init` drew it.
    package var incarnation: UInt64
    /// Inventory shards, 1…64, the system shard not counted; fixed at `init`.
    package var shardCount: Int

    package init(
        cluster: ClusterID, group: GroupID, node: NodeID, incarnation: UInt64, shardCount: Int
    ) {
        invariant((1...64).contains(shardCount), "\(shardCount) shards: 1...64 are possible")
        self.cluster = cluster
        self.group = group
        self.node = node
        self.incarnation = incarnation
        self.shardCount = shardCount
    }

    /// The inventory shards in order, then the system shard.
    package var shards: [ShardID] { (0..<UInt8(shardCount)).map { ShardID($0) } + [.system] }
}

extension ShardID {
    /// `system`, or two digits: the name of the shard's file.
    package var name: String {
        if isSystem { return "system" }
        return rawValue < 10 ? "0\(rawValue)" : "\(rawValue)"
    }
}
