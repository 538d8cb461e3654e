package import Primitives

/// Compares this node's state with its peers' at equal log indexes.
package struct StateDigests: Sendable {
    /// What comparing states has shown.
    package enum Finding: Hashable, Sendable {
        case nothing
        /// Members differ, and no majority is known to agree with this node: nobody can say whose
        /// state is right.
        case disputed(LogIndex)
        /// A majority differs from this node.
        case diverged(LogIndex, own: UInt64, others: UInt64)
    }

    private enum Verdict {
        case unheard
        case agrees
        case differs(Gossip)
    }

    private struct Peer {
        var id: NodeID
        var verdict = Verdict.unheard
        /// Said, and not yet comparable: this node has not applied as much.
        var claim: Gossip?
    }

    private static let rememberedMax = 8_192

    private var own: Ring<Gossip>
    private var peers: [Peer]

    package init(peers: [NodeID]) {
        own = Ring(capacity: Self.rememberedMax)
        self.peers = peers.map { Peer(id: $0) }
    }

    /// Notes the digest of an index just applied. Indexes rise.
    package mutating func record(_ index: LogIndex, digest: UInt64) {
        if own.isFull { _ = own.popFirst() }
        _ = own.append(Gossip(appliedIndex: index, digest: digest))
    }

    /// Notes what a peer says of itself; an older claim still to be judged is kept until then.
    package mutating func claim(_ gossip: Gossip, by peer: NodeID) {
        guard let slot = peers.firstIndex(where: { $0.id == peer }), peers[slot].claim == nil
        else { return }
        peers[slot].claim = gossip
    }

    /// Judges the claims that can be judged now.
    package mutating func judge() -> Finding {
        for slot in peers.indices {
            guard let claim = peers[slot].claim else { continue }
            switch ownDigest(at: claim.appliedIndex) {
            case .known(let digest):
                peers[slot].verdict = digest == claim.digest ? .agrees : .differs(claim)
                peers[slot].claim = nil
            case .forgotten: peers[slot].claim = nil
            case .ahead: break
            }
        }
        return finding
    }

    private var finding: Finding {
        var agreeing = 1
        var differing: [Gossip] = []
        for peer in peers {
            switch peer.verdict {
            case .unheard: break
            case .agrees: agreeing += 1
            case .differs(let claim): differing.append(claim)
            }
        }
        guard let first = differing.first else { return .nothing }
        let majority = (peers.count + 1) / 2 + 1
        if differing.count >= majority, case .known(let digest) = ownDigest(at: first.appliedIndex)
        {
            return .diverged(first.appliedIndex, own: digest, others: first.digest)
        }
        return agreeing >= majority ? .nothing : .disputed(first.appliedIndex)
    }

    private enum Remembered {
        case known(UInt64)
        case forgotten
        case ahead
    }

    private func ownDigest(at index: LogIndex) -> Remembered {
        guard let first = own.first, let last = own.last else { return .forgotten }
        if index > last.appliedIndex { return .ahead }
        guard index >= first.appliedIndex else { return .forgotten }
        var low = 0
        var high = own.count - 1
        while low < high {
            let middle = (low + high) / 2
            if own[middle].appliedIndex < index { low = middle + 1 } else { high = middle }
        }
        let found = own[low]
        return found.appliedIndex == index ? .known(found.digest) : .forgotten
    }
}
