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
        case .follower: .follower
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

    private func noteLeader(_ effects: inout Effects) {
        guard !isLeading else { return }
        if let leader = raft.leader {
            effects.events.append(.follows(leader, raft.term))
        } else if seenLeader != nil {
            effects.events.append(.leaderUnknown(raft.term))
        }
    }

    private mutating func beginReign(_ effects: inout Effects) {
        effects.events.append(.becameLeader(raft.term))
        logClock = LogClock(lastStamp: lastStampInLog, median: quorumMedian, at: now.monotonic)
        expiry.reset()
        resumePayments()
    }

    private var quorumMedian: WallTime {
        switch clockAgreement {
        case .agreed(let offset): now.wall + offset
        case .unknown, .disagreed: now.wall
        }
    }

    /// Entries of earlier reigns may be in the log and not yet applied; their stamps count.
    private var lastStampInLog: WallTime {
        var last = appliedStamp
        guard appliedIndex < raft.lastPosition.index else { return last }
        for entry in raft.entries(from: appliedIndex.next, through: raft.lastPosition.index) {
            guard entry.kind == .commands,
                let stamp = CommandBatch.stamp(of: entry.data)
            else {
                continue
            }
            last = max(last, stamp)
        }
        return last
    }

    /// Those who wait are told the truth: what was proposed has an unknown fate, what only
    /// gathered was never appended.
    private mutating func endReign(_ effects: inout Effects) {
        effects.events.append(.lostLeadership(seenTerm))
        logClock = nil
        let (unknown, neverAppended) = proposals.abandon()
        for waiter in unknown { tell(waiter, .outcomeUnknown, &effects) }
        for waiter in neverAppended { tell(waiter, notLeading, &effects) }
        for request in paymentWaiters.abandon() { answer(request, .outcomeUnknown, &effects) }
        payments = PaymentDriver(firstCall: payments.nextCall)
    }

    private mutating func tell(_ waiter: Waiter, _ reply: Answer, _ effects: inout Effects) {
        switch waiter {
        case .nobody: break
        case .client(let request), .provider(let request): answer(request, reply, &effects)
        }
    }

    var status: StatusView {
        StatusView(
            id: configuration.raft.id, role: roleName, term: raft.term, leader: raft.leader,
            commitIndex: raft.commitIndex, appliedIndex: appliedIndex, members: members,
            digest: nodeDigest)
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
                isHealthy: peer.map { $0.health == .healthy } ?? (id == raft.leader))
        }
    }
}
