import HTTPProtocol
import Primitives
import SeatStore
import Wire

/// What the identity file says: which node a directory belongs to, for good.
package struct DirectoryIdentity: Hashable {
    var node: NodeIdentity
    var shardCount: Int

    private static let format: Int64 = 1

    init(node: NodeIdentity, shardCount: Int) {
        self.node = node
        self.shardCount = shardCount
    }

    /// Nil when the bytes are not what `text` wrote.
    package init?(_ bytes: [UInt8]) {
        guard let value = try? JSONValue(parsing: bytes),
            value["format"]?.integer == Self.format,
            let cluster = value["cluster_id"]?.text.flatMap({ UInt128($0, radix: 16) }),
            let group = value["group"]?.integer.flatMap({ UInt8(exactly: $0) }),
            let id = value["node_id"]?.integer.flatMap({ UInt16(exactly: $0) }),
            let incarnation = value["incarnation"]?.text.flatMap({ UInt64($0, radix: 16) }),
            let shards = value["shards"]?.integer, (1...64).contains(shards)
        else { return nil }
        node = NodeIdentity(
            cluster: ClusterID(cluster), group: GroupID(group), node: NodeID(id),
            incarnation: Incarnation(incarnation))
        shardCount = Int(shards)
        guard text == bytes else { return nil }
    }

    /// The file's bytes.
    package var text: [UInt8] {
        var bytes: [UInt8] = []
        bytes.appendJSONObject { object in
            object.field("format", Self.format)
            object.field("cluster_id", node.cluster.hex)
            object.field("group", Int(node.group.rawValue))
            object.field("node_id", Int(node.node.rawValue))
            object.field("incarnation", String(node.incarnation.rawValue, radix: 16))
            object.field("shards", shardCount)
        }
        return bytes + [UInt8(ascii: "\n")]
    }

    var store: StoreIdentity {
        StoreIdentity(
            cluster: node.cluster, group: node.group, node: node.node,
            incarnation: node.incarnation.rawValue, shardCount: shardCount)
    }
}
