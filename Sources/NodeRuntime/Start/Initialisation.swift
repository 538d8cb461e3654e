import Primitives
import SeatStore
import SystemIO
import Wire
import WriteAheadLog

extension DataDirectory {
    /// Makes a new node's directory: an empty log, empty shards, and last the identity, whose
    /// presence says that the rest is there. Runs once; never over data. What it has made when it
    /// fails it takes away again.
    package func initialise() throws(StartError) {
        var disk = PosixDisk()
        do { try disk.makeDirectory(path) } catch { throw unusable(error) }
        let lock = try lock()
        try refuseData(&disk)
        var random = SecureRandom()
        let identity = DirectoryIdentity(
            node: NodeIdentity(
                cluster: configuration.clusterID, group: .first, node: configuration.nodeID,
                incarnation: Incarnation(random.nextUInt64())),
            shardCount: configuration.shardCount)
        do throws(StartError) {
            try makeFiles(identity, &disk)
            try write(identity, &disk)
        } catch {
            removeFiles(&disk)
            throw error
        }
        _ = consume lock
    }

    /// A directory with data but no identity is not taken either: an initialisation may have been
    /// cut short by a power failure, but the file may also have been lost.
    private func refuseData(_ disk: inout PosixDisk) throws(StartError) {
        let hasIdentity: Bool
        var hasData = false
        do throws(DiskError) {
            hasIdentity = try disk.list(directory: path).contains("identity")
            for directory in [logDirectory, shardDirectory] {
                try disk.makeDirectory(directory)
                if try !disk.list(directory: directory).isEmpty { hasData = true }
            }
        } catch {
            throw unusable(error)
        }
        if hasIdentity {
            throw unusable("holds a node already: `holdfast init` never writes over data")
        }
        if hasData {
            throw unusable(
                "holds data but no identity file: an initialisation was cut short, or the file "
                    + "was lost. If nothing in it is needed, remove the directory")
        }
    }

    private func makeFiles(
        _ identity: DirectoryIdentity, _ disk: inout PosixDisk
    ) throws(StartError) {
        do {
            _ = try SeatStore(directory: shardDirectory, identity: identity.store, mode: .create)
        } catch {
            throw .store(error)
        }
        do { try disk.sync(directory: shardDirectory) } catch { throw .disk(error) }
        do {
            try WriteAheadLog.create(
                disk: &disk, directory: logDirectory, identity: identity.node)
        } catch {
            throw .log(directory: logDirectory, error)
        }
    }

    /// Writes the identity under a name of its own first, so that it is there whole or not at all.
    private func write(
        _ identity: DirectoryIdentity, _ disk: inout PosixDisk
    ) throws(StartError) {
        do throws(DiskError) {
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

    private var draft: String { "\(identityFile).new" }

    /// As far as the disk lets it; what stays behind the next try reports.
    private func removeFiles(_ disk: inout PosixDisk) {
        for directory in [logDirectory, shardDirectory] {
            for name in (try? disk.list(directory: directory)) ?? [] {
                try? disk.remove("\(directory)/\(name)")
            }
        }
        try? disk.remove(draft)
    }

    private func unusable(_ error: DiskError) -> StartError {
        unusable("\(error)")
    }
}
