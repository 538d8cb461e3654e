import Primitives
import Raft
import Simulation

/// What can be seen of one node between two steps; the trace tells the differences.
struct RaftSight {
    private struct Position: Equatable {
        var role: Role
        var term: Term
        var vote: NodeID?
    }
    private var position: Position?
    private var commit = LogIndex.zero
    private var lastWrite = WriteID.zero
    private var reads = 0
    private var lastFetch: LogFetch?

    init(_ node: RaftCluster.Node) {
        position = Self.position(of: node)
        commit = node.raft?.commitIndex ?? .zero
        lastWrite = node.disk.pending.last?.id ?? .zero
        reads = node.reads.count
    }

    private static func position(of node: RaftCluster.Node) -> Position? {
        node.raft.map { Position(role: $0.role, term: $0.term, vote: node.vote) }
    }

    /// What has happened since the last look.
    mutating func look(at node: RaftCluster.Node) -> [String] {
        guard let raft = node.raft else { return [] }
        let id = "\(raft.id)"
        var lines: [String] = []
        let now = Self.position(of: node)
        if now != position {
            position = now
            lines.append(Trace.line(id, raft.role.word, "\(raft.term.word)\(node.roleDetails)"))
        }
        for write in node.disk.pending where write.id > lastWrite {
            lastWrite = write.id
            if node.isDiskStalled {
                lines.append(
                    Trace.line(id, "asks its disk", "w\(write.id.rawValue)  \(write.words)"))
            } else if let from = write.truncateFrom {
                lines.append(Trace.line(id, "cuts its log", "from \(from.word)"))
            }
        }
        if raft.commitIndex != commit {
            commit = raft.commitIndex
            let term = raft.term(at: commit) ?? .zero
            lines.append(
                Trace.line(id, "commits", LogPosition(term: term, index: commit).word))
        }
        if let fetch = node.fetches.last, fetch != lastFetch {
            let place = "from \(fetch.from.word) for \(fetch.peer)"
            lines.append(Trace.line(id, "reads its files", place))
        }
        lastFetch = node.fetches.last
        for read in node.reads.dropFirst(reads) {
            let outcome = read.index.map { "may answer at \($0.word)" } ?? "refused"
            lines.append(Trace.line(id, "read \(read.id.rawValue)", outcome))
        }
        reads = node.reads.count
        return lines
    }
}

extension RaftCluster.Node {
    /// The vote in the newest term, whether it is on disk or not.
    var vote: NodeID? {
        let hardState = disk.pending.last { $0.hardState != nil }?.hardState ?? disk.hardState
        return hardState.vote
    }

    /// The whole log, as far as it was asked to be on disk.
    var log: [Entry] {
        var log = disk.entries
        for write in disk.pending {
            if let from = write.truncateFrom { log.removeSubrange((Int(from.rawValue) - 1)...) }
            log += write.entries
        }
        return log
    }

    fileprivate var roleDetails: String {
        switch raft?.role {
        case .follower(let leader?): "  of \(leader)"
        case .follower(nil): "  of nobody" + (vote.map { ", voted for \($0)" } ?? "")
        case .preCandidate: "  asks about \(raft?.term.next.word ?? "")"
        case .candidate, .leader, nil: ""
        }
    }
}

extension Role {
    var word: String {
        switch self {
        case .follower: "follower"
        case .preCandidate: "pre-candidate"
        case .candidate: "candidate"
        case .leader: "leader"
        }
    }
}
