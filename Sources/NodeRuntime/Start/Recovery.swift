import Inventory
import NodeCore
import Primitives
import Raft
import SeatStore
import SystemIO
import WriteAheadLog

/// What a start finds on disk, made whole: every shard holds all that is known to be committed.
struct RecoveredNode {
    let identity: DirectoryIdentity
    private(set) var inventory: Inventory
    let restored: RestoredLog
    private(set) var log: WriteAheadLog<PosixDisk>
    /// For the storage thread.
    let store: HandOver<SeatStore>

    /// Entries read at once while shards catch up.
    private static let replayBytes = 4 << 20

    init(_ directory: DataDirectory, _ identity: DirectoryIdentity) throws(StartError) {
        self.identity = identity
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
            shardCount: identity.shardCount,
            replayWindow: directory.configuration.holds.replayWindow)
        // The system shard first: events name venues.
        for image in images.reversed() {
            do { try inventory.restore(image) } catch { throw .inventory(image.shard, error) }
        }
        var disk = PosixDisk()
        do {
            (log, restored) = try WriteAheadLog.open(
                disk: &disk, directory: directory.logDirectory, identity: identity.node,
                options: WALOptions(segmentBytes: directory.configuration.logSegmentBytes),
                committed: inventory.largestAppliedIndex)
        } catch {
            throw .log(directory: directory.logDirectory, error)
        }
        try catchUp(directory)
    }

    /// Entries up to the highest shard's index are known committed: the other shards take them
    /// from the log at once. Everything above waits for a leader's word.
    private mutating func catchUp(_ directory: DataDirectory) throws(StartError) {
        let goal = inventory.largestAppliedIndex
        while inventory.smallestAppliedIndex < goal {
            let entries: [Entry]
            do {
                entries = try log.read(
                    from: inventory.smallestAppliedIndex.next, bytesMax: Self.replayBytes)
            } catch {
                throw .log(directory: directory.logDirectory, error)
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
}
