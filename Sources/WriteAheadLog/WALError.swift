package import Primitives
package import Raft
package import Wire

/// Why the log can't be opened, written or read.
package enum WALError: Error, Hashable, Sendable {
    /// The disk refused. After a refused write or sync nothing is known about what the file holds
    /// (Rebello et al., ATC 2020): the process must end, and the next start reads the medium.
    case disk(DiskError)
    /// An earlier write or sync was refused: the log takes no more calls.
    case stopped(DiskError)
    /// The directory holds no log: it was never initialised, or it was wiped.
    case missing
    /// `create` found a log.
    case exists
    /// What was synced is not there any more. The node must not vote before it is repaired from a
    /// peer: it may have forgotten entries that it acknowledged, or its vote.
    case damaged(SegmentNumber, offset: Int, LogDamage)
    /// Written by a later version.
    case unsupportedFormat(SegmentNumber, version: UInt32)
    case wrongCluster(ClusterID)
    case wrongGroup(GroupID)
    case wrongNode(NodeID)
    /// The log of an earlier life of this node's directory.
    case wrongIncarnation(Incarnation)
    /// Entries from here down were cut away; a peer that needs them needs a snapshot.
    case compacted(LogPosition)
}

/// What is wrong at the place of the damage.
package enum LogDamage: Hashable, Sendable {
    /// The header, written and synced before its file got its name, can't be read.
    case header
    /// A record that a later record or segment states was synced can't be read.
    case record
    /// The segment before this one is not there.
    case previousSegmentMissing
    /// The segment's records are sound but not those that the next segment follows.
    case wrongEnd
    /// A sound record that could not have been written here: a fault of the program.
    case disorder
    /// The log ends before an entry that is known to be committed.
    case committedEntryMissing(LogIndex)
    /// The log begins after the first entry that is not known to be committed.
    case uncommittedEntryMissing(LogIndex)
}

extension WALError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .disk(let error): "\(error)"
        case .stopped(let error): "stopped after \(error)"
        case .missing: "there is no log here: it was lost. Set this node up anew"
        case .exists: "there is a log here already"
        case .damaged(let segment, let offset, let damage):
            "\(segment.fileName) is damaged at byte \(offset): \(damage). Keep a copy, and "
                + "set this node up anew"
        case .unsupportedFormat(let segment, let version):
            "\(segment.fileName) has format \(version), which a newer version writes: run that "
                + "version"
        case .wrongCluster(let cluster): "the log of cluster \(cluster.hex) lies here"
        case .wrongGroup(let group): "the log of group \(group.rawValue) lies here"
        case .wrongNode(let node): "the log of node \(node) lies here"
        case .wrongIncarnation(let incarnation):
            "the log of an earlier life, \(String(incarnation.rawValue, radix: 16)), of this node "
                + "lies here"
        case .compacted(let base): "the log begins after entry \(base.index.rawValue)"
        }
    }
}

extension LogDamage: CustomStringConvertible {
    package var description: String {
        switch self {
        case .header: "the file's header can't be read"
        case .record: "a record that had been synced can't be read"
        case .previousSegmentMissing: "the file before this one is not there"
        case .wrongEnd: "the records are not those that the next file follows"
        case .disorder: "a record is there that can't follow the ones before it"
        case .committedEntryMissing(let index):
            "entry \(index.rawValue), which is committed, is not there"
        case .uncommittedEntryMissing(let index):
            "entry \(index.rawValue) is not there, and the log begins after it"
        }
    }
}
