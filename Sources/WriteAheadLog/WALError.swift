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
        case .disk(let error): "log: \(error)"
        case .stopped(let error): "log stopped after \(error)"
        case .missing: "no log in this directory: never initialised, or wiped"
        case .exists: "there is a log in this directory already"
        case .damaged(let segment, let offset, let damage):
            "log damaged: \(segment.fileName) at byte \(offset): \(damage)"
        case .unsupportedFormat(let segment, let version):
            "\(segment.fileName) has format \(version), which this version can't read"
        case .wrongCluster(let cluster): "the log belongs to cluster \(cluster.rawValue)"
        case .wrongGroup(let group): "the log belongs to group \(group.rawValue)"
        case .wrongNode(let node): "the log belongs to node \(node)"
        case .wrongIncarnation(let incarnation):
            "the log belongs to incarnation \(incarnation.rawValue) of this node"
        case .compacted(let base): "the log begins after entry \(base.index.rawValue)"
        }
    }
}
