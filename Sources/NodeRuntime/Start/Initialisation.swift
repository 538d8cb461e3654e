import Primitives
import SeatStore
import SystemIO
import Wire
import WriteAheadLog

extension DataDirectory {
    /// Makes a new node's directory: an empty log, empty shards, and last the identity, whose
    /// presence says that the rest is there. Runs once; never over data.
    package func initialise(
        _ configuration: NodeConfiguration
    ) throws(StartError) {
        var disk = PosixDisk()
        do throws(DiskError) {
            try disk.makeDirectory(path)
            let names = try disk.list(directory: path)
            guard !names.contains("identity") else {
                throw DiskError(operation: "identity", path: path, errno: 0)
            }
        } catch {
            if error.errno == 0 { throw .alreadyInitialised(directory: path) }
            throw .disk(error)
        }
        let lock: DirectoryLock
        do { lock = try DirectoryLock(directory: path) } catch { throw .locked(error) }
        try refuseStrayData(&disk)
        var random = SecureRandom()
        let identity = DirectoryIdentity(
            node: NodeIdentity(
                cluster: configuration.clusterID, group: .first, node: configuration.nodeID,
                incarnation: Incarnation(random.nextUInt64())),
            shardCount: configuration.shardCount)
        try makeShards(identity, &disk)
        do {
            try WriteAheadLog.create(
                disk: &disk, directory: logDirectory, identity: identity.node)
        } catch {
            throw .log(error)
        }
        try write(identity, on: &disk)
        _ = consume lock
    }

    private func refuseStrayData(_ disk: inout PosixDisk) throws(StartError) {
        do throws(DiskError) {
            for directory in [logDirectory, shardDirectory] {
                try disk.makeDirectory(directory)
                guard try disk.list(directory: directory).isEmpty else {
                    throw DiskError(operation: "data", path: directory, errno: 0)
                }
            }
        } catch {
            if error.errno == 0 { throw .strayData(directory: path) }
            throw .disk(error)
        }
    }

    private func makeShards(
        _ identity: DirectoryIdentity, _ disk: inout PosixDisk
    ) throws(StartError) {
        do {
            _ = try SeatStore(directory: shardDirectory, identity: identity.store, mode: .create)
        } catch {
            throw .store(error)
        }
        do { try disk.sync(directory: shardDirectory) } catch { throw .disk(error) }
    }
}
