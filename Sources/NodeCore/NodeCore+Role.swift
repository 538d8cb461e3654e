import Inventory
import Primitives
import Raft
import Wire

extension NodeCore {
    /// Whether this node leads its term.
    package var isLeading: Bool { roleName == .leader }

    /// What this node is, in the words of the HTTP contract.
    package var roleName: RoleName {
        switch raft.role {
        case .leader: .leader
        case .follower: raft.membership.isVoter(raft.id) ? .follower : .learner
        case .preCandidate, .candidate: .candidate
        }
    }

    /// Notices what a call into Raft did to this node's role. A reign of a later term is another
    /// one, even if this node led before it.
    mutating func noteRole(_ effects: inout Effects) {
        let role = roleName
        if role != seenRole || raft.term != seenTerm {
            if seenRole == .leader { endReign(&effects) }
            if role == .leader { beginReign(&effects) }
        }
        if raft.leader != seenLeader || raft.term != seenTerm { noteLeader(&effects) }
        seenRole = role
        seenTerm = raft.term
        seenLeader = raft.leader
    }

    private mutating func noteLeader(_ effects: inout Effects) {
        guard let leader = raft.leader else {
            if seenLeader != nil { effects.events.append(.leaderUnknown(raft.term)) }
            return
        }
        if leader != raft.id { effects.events.append(.follows(leader, raft.term)) }
        // Whoever was asked before may never answer.
        for read in reads.unanswered { raft.requestRead(read, effects: &raftEffects) }
        reads.measureSoon()
    }

    private mutating func beginReign(_ effects: inout Effects) {
        effects.events.append(.becameLeader(raft.term))
        logClock = LogClock(lastStamp: lastStampInLog, median: quorumMedian, at: now.monotonic)
        expiry.reset()
        resumePayments()
    }

    private var quorumMedian: WallTime {
        switch fitness.clock {
        case .agreed(let offset): now.wall + offset
        case .unknown, .disagreed: now.wall
        }
    }

    /// Entries of earlier reigns may be in the log and not yet applied; stamps never fall, so the
    /// last one counts.
    private var lastStampInLog: WallTime {
        let last = raft.lastPosition.index
        guard appliedIndex < last else { return inventory.clock }
        for entry in raft.entries(from: appliedIndex.next, through: last).reversed()
        where entry.kind == .commands {
            // An entry that can't be read halts this node when it is applied.
            return max(inventory.clock, CommandBatch.stamp(of: entry.data) ?? .zero)
        }
        return inventory.clock
    }

    /// Those who wait for what was proposed go on waiting for a while: the next leader may commit
    /// it. What only gathered was never appended.
    private mutating func endReign(_ effects: inout Effects) {
        effects.events.append(.lostLeadership(seenTerm))
        logClock = nil
        payments.reset()
        let deadline = now.monotonic + configuration.fatePatience
        for waiter in proposals.endReign(waitingUntil: deadline) {
            tell(waiter, notLeading, &effects)
        }
    }

    mutating func expireProposals(_ effects: inout Effects) {
        for waiter in proposals.expire(at: now.monotonic) {
            tell(waiter, .outcomeUnknown, &effects)
        }
    }

    mutating func tell(_ waiter: Waiter, _ reply: Answer, _ effects: inout Effects) {
        switch waiter {
        case .nobody: break
        case .client(let request), .provider(let request): answer(request, reply, &effects)
        }
    }

    var status: StatusView {
        StatusView(
            id: configuration.raft.id, role: roleName, term: raft.term, leader: raft.leader,
            commitIndex: raft.commitIndex, appliedIndex: appliedIndex, members: members,
            digest: inventory.digest)
    }

    private func role(of id: NodeID) -> RoleName {
        if id == raft.leader { return .leader }
        return raft.membership.isVoter(id) ? .follower : .learner
    }

    private var members: [MemberStatus] {
        let peers = raft.peers
        return configuration.raft.membership.members.map { id in
            guard id != configuration.raft.id else {
                return MemberStatus(
                    id: id, role: roleName, matchIndex: raft.durableIndex, isHealthy: true)
            }
            let peer = peers.first { $0.id == id }
            return MemberStatus(
                id: id, role: role(of: id), matchIndex: peer?.match,
                isHealthy: peer.map { $0.health == .healthy } ?? isHeard(id))
        }
    }

    /// Whether a follower has lately heard from another member.
    private func isHeard(_ id: NodeID) -> Bool {
        clockSamples.silence(of: id, at: now.monotonic).map { $0 <= .seconds(1) } ?? false
    }
}
