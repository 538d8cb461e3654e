import Primitives

/// What only a leader keeps, from its election to the end of its leadership.
struct Leader: Sendable {
    let id: NodeID
    /// Every other member, sorted.
    var peers: [Progress]
    /// The empty entry that opened the term. Until it is committed the leader does not know what
    /// is (thesis §6.4), so it answers no read.
    let opening: LogIndex
    var ticksSinceHeartbeat = 0
    var reads: ReadQueue
    var transfer: LeadershipTransfer?
    /// Bytes of this term's proposals above the commit index.
    var uncommittedBytes = 0

    init(id: NodeID, peers: [Progress], opening: LogIndex, reads: ReadQueue) {
        self.id = id
        self.peers = peers
        self.opening = opening
        self.reads = reads
    }

    func slot(of peer: NodeID) -> Int? { peers.firstIndex { $0.id == peer } }

    /// Whether a quorum, this leader included, consists of those for whom `holds` is true.
    func hasQuorum(_ membership: Membership, _ holds: (Progress) -> Bool) -> Bool {
        membership.hasQuorum { voter in
            voter == id || slot(of: voter).map { holds(peers[$0]) } ?? false
        }
    }

    /// What a quorum has on disk; `own` is what this leader has.
    func indexReachedByQuorum(_ membership: Membership, own: LogIndex) -> LogIndex {
        membership.indexReachedByQuorum { voter in
            voter == id ? own : slot(of: voter).map { peers[$0].match } ?? .zero
        }
    }
}
