import Primitives
import SystemIO
import Wire

/// Where a node keeps what it is and knows: `identity`, `wal/`, `shards/`, and `lock`.
package struct DataDirectory {
    let configuration: NodeConfiguration

    /// The directory that the configuration names.
    package init(of configuration: NodeConfiguration) { self.configuration = configuration }

    var path: String { configuration.dataDirectory }
    var identityFile: String { "\(path)/identity" }
    var logDirectory: String { "\(path)/wal" }
    var shardDirectory: String { "\(path)/shards" }

    /// ENOENT (errno(3)).
    private static let noSuchFile: Int32 = 2

    /// Keeps other processes out for as long as the lock lives.
    func lock() throws(StartError) -> DirectoryLock {
        do throws(DirectoryLockError) {
            return try DirectoryLock(directory: path)
        } catch {
            throw unusable("\(error)")
        }
    }

    /// Who this directory's node is: the node of the configuration.
    func identity() throws(StartError) -> DirectoryIdentity {
        let bytes: [UInt8]
        do throws(SystemError) {
            bytes = try readFile(identityFile)
        } catch {
            throw error.errno == Self.noSuchFile
                ? unusable(
                    "holds no node: run `holdfast init --config \(configuration.file)` once")
                : unusable("\(error)")
        }
        guard let identity = DirectoryIdentity(bytes) else {
            throw .damagedIdentity(file: identityFile)
        }
        try check(identity)
        return identity
    }

    private func check(_ identity: DirectoryIdentity) throws(StartError) {
        func refuse(_ key: String, _ configured: String, _ found: String) -> StartError {
            configuration.unusable(
                key, configured, "the node in data_dir has another, \(found) (\(identityFile))")
        }
        let node = identity.node
        if node.cluster != configuration.clusterID {
            throw refuse("cluster_id", configuration.clusterID.hex, node.cluster.hex)
        }
        if node.node != configuration.nodeID {
            throw refuse("node_id", "\(configuration.nodeID)", "\(node.node)")
        }
        if identity.shardCount != configuration.shardCount {
            throw refuse("shards", "\(configuration.shardCount)", "\(identity.shardCount)")
        }
    }

    /// The error that `data_dir` can't be used, and why.
    func unusable(_ reason: String) -> StartError {
        configuration.unusable("data_dir", path, reason)
    }
}
