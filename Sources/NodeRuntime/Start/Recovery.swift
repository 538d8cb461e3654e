import Inventory
import NodeCore
import Primitives
import Raft
import SeatStore
import SystemIO
import Wire
import WriteAheadLog

/// What a start finds on disk, made whole: every shard holds all that is known to be committed.
struct RecoveredNode {
    var identity: DirectoryIdentity
    var inventory: Inventory
    var restored: RestoredLog
    var log: WriteAheadLog<PosixDisk>
    /// For the storage thread.
    let store: HandOver<SeatStore>

    /// Entries read at once while shards catch up.
    private static let replayBytes = 4 << 20

    init(
        _ directory: DataDirectory, _ configuration: NodeConfiguration
    ) throws(StartError) {
        var disk = PosixDisk()
        identity = try directory.identity(on: &disk)
        try Self.check(identity, against: configuration, file: directory.identityFile)
        let images: [ShardImage]
        do {
            let files = try SeatStore(
                directory: directory.shardDirectory, identity: identity.store, mode: .existing)
            images = try files.loadAll()
            store = HandOver(files)
        } catch {
            throw .store(error)
        }
        inventory = Inventory(
            shardCount: identity.shardCount, replayWindow: configuration.holds.replayWindow)
        // The system shard first: events name venues.
        for image in images.reversed() {
            do { try inventory.restore(image) } catch { throw .inventory(image.shard, error) }
        }
        do {
            (log, restored) = try WriteAheadLog.open(
                disk: &disk, directory: directory.logDirectory, identity: identity.node,
                options: WALOptions(segmentBytes: configuration.logSegmentBytes),
                committed: inventory.largestAppliedIndex)
        } catch {
            throw .log(error)
        }
        try catchUp()
    }

    /// Entries up to the highest shard's index are known committed: the other shards take them
    /// from the log at once. Everything above waits for a leader's word.
    private mutating func catchUp() throws(StartError) {
        let goal = inventory.largestAppliedIndex
        while inventory.smallestAppliedIndex < goal {
            let entries: [Entry]
            do {
                entries = try log.read(
                    from: inventory.smallestAppliedIndex.next, bytesMax: Self.replayBytes)
            } catch {
                throw .log(error)
            }
            for entry in entries where entry.index <= goal {
                do {
                    try inventory.replay(entry)
                } catch {
                    throw .unreadableEntry(entry.index, reason: "\(error)")
                }
            }
        }
    }

    private static func check(
        _ identity: DirectoryIdentity, against configuration: NodeConfiguration, file: String
    ) throws(StartError) {
        let cluster = identity.node.cluster.rawValue
        if cluster != configuration.clusterID.rawValue {
            throw .wrongIdentity(
                file: file, key: "cluster_id", found: String(cluster, radix: 16),
                configured: String(configuration.clusterID.rawValue, radix: 16))
        }
        if identity.node.node != configuration.nodeID {
            throw .wrongIdentity(
                file: file, key: "node_id", found: "\(identity.node.node)",
                configured: "\(configuration.nodeID)")
        }
        if identity.shardCount != configuration.shardCount {
            throw .wrongIdentity(
                file: file, key: "shards", found: "\(identity.shardCount)",
                configured: "\(configuration.shardCount)")
        }
    }
}
