package import Primitives
package import Raft

/// Raft's promises (paper, figure 3), checked the slow and obvious way from outside: from what
/// nodes write, send and say, never from their own bookkeeping.
package struct RaftSafety: Sendable {
    /// What went wrong, in order. Empty as long as Raft keeps its word.
    package private(set) var violations: [String] = []
    /// What any node ever called committed, entry 1 first.
    package private(set) var committed: [Entry] = []
    /// Who led each term.
    package private(set) var leaders: [Term: NodeID] = [:]

    private let membership: Membership
    /// Each node's log as its writes tell it, synced or not.
    private var logs: [NodeID: [Entry]] = [:]
    /// Who leads now, and in which term.
    private var reigns: [NodeID: Term] = [:]
    private var votes: [Ballot: NodeID] = [:]
    private var known: [LogPosition: Known] = [:]
    /// How many of a node's committed entries were compared with everybody's.
    private var comparedCommits: [NodeID: Int] = [:]
    private var readFloors: [Read: LogIndex] = [:]

    private struct Ballot: Hashable {
        let term: Term
        let voter: NodeID
    }
    private struct Known {
        let entry: Entry
        let before: LogPosition
    }
    private struct Read: Hashable {
        let node: NodeID
        let id: ReadID
    }

    init(_ membership: Membership) {
        self.membership = membership
        for member in membership.members { logs[member] = [] }
    }

    private mutating func expect(_ holds: Bool, _ complaint: @autoclosure () -> String) {
        if !holds { violations.append(complaint()) }
    }

    private func log(_ node: NodeID) -> [Entry] { logs[node] ?? [] }

    /// Leader Append-Only and Log Matching.
    mutating func wrote(_ write: LogWrite, by raft: Raft) {
        let node = raft.id
        if let from = write.truncateFrom {
            let leads = raft.role == .leader
            expect(!leads, "leader append-only: leader \(node) truncates from \(from)")
            let kept = Int(from.rawValue) - 1
            logs[node]?.removeSubrange(kept...)
        }
        for entry in write.entries {
            let before = log(node).last?.position ?? .zero
            expect(entry.index == before.index.next, "gap: \(entry.position) after \(before)")
            expect(entry.term >= before.term, "terms fall: \(entry.position) after \(before)")
            logs[node]?.append(entry)
            if let other = known[entry.position] {
                expect(
                    other.entry == entry && other.before == before,
                    "log matching: two different logs hold \(entry.position)")
            } else {
                known[entry.position] = Known(entry: entry, before: before)
            }
        }
    }

    /// A promise is on the sender's disk before it leaves.
    mutating func sent(_ outbound: Outbound, by raft: Raft, disk: RaftDisk) {
        let (node, synced) = (raft.id, disk.hardState)
        switch outbound.message {
        case .voteRequest(let request):
            guard request.kind != .preVote else { return }
            cast(in: request.term, by: node, for: node, synced: synced)
        case .voteResponse(let response):
            guard response.kind != .preVote, response.verdict == .granted else { return }
            cast(in: response.term, by: node, for: outbound.to, synced: synced)
        case .appendResponse(let response):
            guard case .accepted(let match) = response.result else { return }
            let count = Int(match.rawValue)
            expect(disk.entries.count >= count, "\(node) acknowledged \(match) before syncing it")
            expect(synced.term == response.term, "\(node) acknowledged in an unsynced term")
            guard reigns[outbound.to] == response.term, count > 0 else { return }
            let shared = log(outbound.to).count >= count && disk.entries.count >= count
            expect(
                shared && log(outbound.to)[count - 1] == disk.entries[count - 1],
                "\(node) acknowledged \(match), where the leader's log differs")
        case .appendRequest(let request):
            expect(
                leaders[request.term] ?? node == node, "election safety: append of \(request.term)")
        case .heartbeat, .heartbeatResponse, .readRequest, .readResponse, .timeoutNow: break
        }
    }

    private mutating func cast(
        in term: Term, by voter: NodeID, for candidate: NodeID, synced: HardState
    ) {
        expect(
            synced == HardState(term: term, vote: candidate),
            "\(voter)'s vote for \(candidate) in \(term) left before it was synced")
        let earlier = votes.updateValue(candidate, forKey: Ballot(term: term, voter: voter))
        expect(earlier ?? candidate == candidate, "\(voter) voted twice in \(term)")
    }

    /// Election Safety, Leader Completeness, State Machine Safety.
    mutating func changed(_ raft: Raft, disks: [(NodeID, RaftDisk)]) {
        if raft.role == .leader, leaders[raft.term] != raft.id {
            let rival = leaders.updateValue(raft.id, forKey: raft.term)
            expect(rival == nil, "election safety: two leaders of \(raft.term)")
            expect(
                log(raft.id).starts(with: committed),
                "leader completeness: \(raft.id) leads \(raft.term) without a committed entry")
        }
        reigns[raft.id] = raft.role == .leader ? raft.term : nil
        let commit = Int(raft.commitIndex.rawValue)
        expect(commit <= log(raft.id).count, "\(raft.id) commits \(commit) beyond its log")
        let compared = comparedCommits.updateValue(commit, forKey: raft.id) ?? 0
        guard compared < commit, commit <= log(raft.id).count else { return }
        for (slot, entry) in log(raft.id)[..<commit].enumerated().dropFirst(compared) {
            if slot < committed.count {
                expect(committed[slot] == entry, "state machine safety at \(entry.position)")
            } else {
                committed.append(entry)
                if slot + 1 == commit { expectQuorumOnDisk(raft, entry, disks) }
            }
        }
    }

    /// A newly committed entry is on the disks of a majority, and of the committing leader's term.
    private mutating func expectQuorumOnDisk(
        _ raft: Raft, _ entry: Entry, _ disks: [(NodeID, RaftDisk)]
    ) {
        expect(raft.role == .leader, "\(raft.id) was the first to commit, and doesn't lead")
        expect(entry.term == raft.term, "figure 8: \(entry.position) committed in \(raft.term)")
        let holders = disks.filter { $0.1.holds(entry.position) }.map(\.0)
        for voters in [membership.voters, membership.outgoingVoters] where !voters.isEmpty {
            let count = voters.filter(holders.contains).count
            expect(count * 2 > voters.count, "\(entry.position) committed on \(count) disks")
        }
    }

    mutating func crashed(_ node: NodeID, disk: RaftDisk) {
        logs[node] = disk.entries
        comparedCommits[node] = nil
        reigns[node] = nil
        readFloors = readFloors.filter { $0.key.node != node }
    }

    /// A read must see everything that was committed when it began.
    mutating func readBegins(_ id: ReadID, at node: NodeID) {
        readFloors[Read(node: node, id: id)] = LogIndex(UInt64(committed.count))
    }

    mutating func readEnds(_ outcome: ReadOutcome, at node: NodeID) {
        guard let floor = readFloors.removeValue(forKey: Read(node: node, id: outcome.id)),
            let index = outcome.index
        else { return }
        expect(index >= floor, "stale read at \(node): \(index) is before \(floor)")
    }
}
