import HTTPProtocol
import Primitives
import SeatStore
import SystemIO
import Wire

/// Where a node keeps what it is and knows: `identity`, `wal/`, `shards/`, and `lock`.
package struct DataDirectory: Hashable, Sendable {
    package let path: String

    package init(_ path: String) { self.path = path }

    var identityFile: String { "\(path)/identity" }
    var logDirectory: String { "\(path)/wal" }
    var shardDirectory: String { "\(path)/shards" }

    /// Who this directory's node is.
    func identity(on disk: inout PosixDisk) throws(StartError) -> DirectoryIdentity {
        let bytes: [UInt8]
        do throws(DiskError) {
            let names = try disk.list(directory: path)
            guard names.contains("identity") else { throw notThere() }
            let file = try disk.open(identityFile, mode: .existing)
            defer { disk.close(file) }
            bytes = try disk.read(file, at: 0, count: try disk.size(file))
        } catch {
            if error.errno == Self.noSuchFile {
                throw .notInitialised(directory: path)
            }
            throw .disk(error)
        }
        guard let identity = DirectoryIdentity(bytes) else {
            throw .damagedIdentity(file: identityFile)
        }
        return identity
    }

    /// ENOENT (errno(3)).
    private static let noSuchFile: Int32 = 2

    private func notThere() -> DiskError {
        DiskError(operation: "open", path: identityFile, errno: Self.noSuchFile)
    }

    /// Writes the identity under a name of its own first, so that it is there whole or not at all.
    func write(_ identity: DirectoryIdentity, on disk: inout PosixDisk) throws(StartError) {
        do throws(DiskError) {
            let draft = "\(identityFile).new"
            if try disk.list(directory: path).contains("identity.new") { try disk.remove(draft) }
            let file = try disk.open(draft, mode: .create)
            defer { disk.close(file) }
            try disk.write(file, at: 0, identity.text)
            try disk.sync(file)
            try disk.rename(draft, to: identityFile)
            try disk.sync(directory: path)
        } catch {
            throw .disk(error)
        }
    }
}

/// What the identity file says: which node this directory belongs to, for good.
struct DirectoryIdentity: Hashable {
    var node: NodeIdentity
    var shardCount: Int

    private static let format: Int64 = 1

    init(node: NodeIdentity, shardCount: Int) {
        self.node = node
        self.shardCount = shardCount
    }

    /// Nil when the bytes are not what `text` wrote.
    init?(_ bytes: [UInt8]) {
        var reader = JSONReader(bytes)
        guard let value = try? reader.value(), value["format"]?.integer == Self.format,
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

    var text: [UInt8] {
        var bytes: [UInt8] = []
        bytes.appendJSONObject { object in
            object.field("format", Self.format)
            object.field("cluster_id", String(node.cluster.rawValue, radix: 16))
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
