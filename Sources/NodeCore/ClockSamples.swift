package import Primitives

/// What the peers' wall clocks say of this node's own. A sample is `sender's clock - own clock at
/// receipt`: the true difference less the delay on the way, so the largest of a few recent ones is
/// the best.
package struct ClockSamples: Sendable {
    /// What a quorum of clocks says of this node's.
    package enum Agreement: Hashable, Sendable {
        /// The median of a quorum's clocks, less this node's own.
        case agreed(offset: Milliseconds)
        /// Fewer than a quorum of fresh samples: nothing can be said.
        case unknown
        /// No quorum lies within the allowed distance of this node's clock.
        case disagreed(offset: Milliseconds)
    }

    private struct Sample {
        var offset: Milliseconds
        var receivedAt: MonotonicTime
    }

    private struct Peer {
        var id: NodeID
        var samples: Ring<Sample>
    }

    private static let samplesPerPeer = 8
    private static let freshFor = Milliseconds.seconds(10)

    private var peers: [Peer]
    private let skewMax: Milliseconds

    package init(peers: [NodeID], skewMax: Milliseconds) {
        self.peers = peers.map { Peer(id: $0, samples: Ring(capacity: Self.samplesPerPeer)) }
        self.skewMax = skewMax
    }

    /// Notes a frame's clock. Frames of strangers are ignored.
    package mutating func record(_ clock: WallTime, from peer: NodeID, at now: Instant) {
        guard let slot = peers.firstIndex(where: { $0.id == peer }) else { return }
        if peers[slot].samples.isFull { _ = peers[slot].samples.popFirst() }
        let sample = Sample(offset: clock - now.wall, receivedAt: now.monotonic)
        _ = peers[slot].samples.append(sample)
    }

    /// How long ago the peer was heard from; nil: not in this process's life.
    package func silence(of peer: NodeID, at now: MonotonicTime) -> Milliseconds? {
        guard let slot = peers.firstIndex(where: { $0.id == peer }) else { return nil }
        return peers[slot].samples.last.map { now.milliseconds(since: $0.receivedAt) }
    }

    /// This node's own clock counts as one of the quorum.
    package func agreement(at now: MonotonicTime) -> Agreement {
        var offsets = [Milliseconds.zero]
        for peer in peers {
            if let best = best(of: peer, at: now) { offsets.append(best) }
        }
        let quorum = (peers.count + 1) / 2 + 1
        guard offsets.count >= quorum else { return .unknown }
        offsets.sort()
        let median = offsets[(offsets.count - 1) / 2]
        let near = offsets.count { $0.rawValue.magnitude <= skewMax.rawValue.magnitude }
        return near >= quorum ? .agreed(offset: median) : .disagreed(offset: median)
    }

    private func best(of peer: Peer, at now: MonotonicTime) -> Milliseconds? {
        var best: Milliseconds?
        for slot in 0..<peer.samples.count {
            let sample = peer.samples[slot]
            guard now.milliseconds(since: sample.receivedAt) <= Self.freshFor else { continue }
            best = max(best ?? sample.offset, sample.offset)
        }
        return best
    }
}
