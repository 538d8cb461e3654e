package import Primitives

/// Compares this node's state with its peers' at equal log indexes.
package struct StateDigests: Sendable {
    private struct Claim {
        var peer: NodeID
        var gossip: Gossip
        var isJudged = false
        var differs = false
    }

    private static let rememberedMax = 8_192

    private var own: Ring<Gossip>
    private var claims: [Claim]

    package init(peers: [NodeID]) {
        own = Ring(capacity: Self.rememberedMax)
        claims = peers.map {
            Claim(peer: $0, gossip: Gossip(appliedIndex: .zero, digest: 0), isJudged: true)
        }
    }

    /// This node's newest index and digest; nil before it applied anything.
    package var latest: Gossip? { own.last }

    /// Notes the digest of an index just applied. Indexes rise.
    package mutating func record(_ index: LogIndex, digest: UInt64) {
        if own.isFull { _ = own.popFirst() }
        _ = own.append(Gossip(appliedIndex: index, digest: digest))
    }

    /// Notes what a peer says of itself; an older claim still to be judged is kept until then.
    package mutating func claim(_ gossip: Gossip, by peer: NodeID) {
        guard let slot = claims.firstIndex(where: { $0.peer == peer }),
            claims[slot].isJudged
        else { return }
        claims[slot].gossip = gossip
        claims[slot].isJudged = false
    }

    /// Judges the claims that can be judged now.
    /// - Returns: the divergence, when this node differs from a majority of the whole cluster.
    package mutating func divergence() -> HaltReason? {
        for slot in claims.indices where !claims[slot].isJudged {
            switch ownDigest(at: claims[slot].gossip.appliedIndex) {
            case .known(let digest):
                claims[slot].isJudged = true
                claims[slot].differs = digest != claims[slot].gossip.digest
            case .forgotten:
                claims[slot].isJudged = true
            case .ahead:
                break
            }
        }
        let differing = claims.filter(\.differs)
        let clusterSize = claims.count + 1
        guard differing.count > clusterSize / 2, let first = differing.first,
            case .known(let digest) = ownDigest(at: first.gossip.appliedIndex)
        else { return nil }
        return .stateDiverged(
            first.gossip.appliedIndex, own: digest, others: first.gossip.digest)
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
