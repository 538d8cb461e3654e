package import Primitives

/// What the peers' wall clocks say of this node's own. A sample is the sender's clock less this
/// node's monotonic clock at receipt: the true difference less the delay on the way, so the largest
/// of a few recent ones is the best; and a jump of the own wall clock doesn't make it wrong.
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
        /// The peer's clock at the beginning of this node's monotonic time.
        var origin: WallTime
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

    /// - Parameter peers: the other voters.
    package init(peers: [NodeID], skewMax: Milliseconds) {
        self.peers = peers.map { Peer(id: $0, samples: Ring(capacity: Self.samplesPerPeer)) }
        self.skewMax = skewMax
    }

    /// Notes a frame's clock. Frames of strangers are ignored.
    package mutating func record(_ clock: WallTime, from peer: NodeID, at now: MonotonicTime) {
        guard let slot = peers.firstIndex(where: { $0.id == peer }) else { return }
        if peers[slot].samples.isFull { _ = peers[slot].samples.popFirst() }
        let origin = WallTime(clock.rawValue - now.milliseconds(since: .zero).rawValue)
        _ = peers[slot].samples.append(Sample(origin: origin, receivedAt: now))
    }

    /// How long ago the peer was heard from; nil: not in this process's life.
    package func silence(of peer: NodeID, at now: MonotonicTime) -> Milliseconds? {
        guard let slot = peers.firstIndex(where: { $0.id == peer }) else { return nil }
        return peers[slot].samples.last.map { now.milliseconds(since: $0.receivedAt) }
    }

    /// This node's own clock counts as one of the quorum.
    package func agreement(at now: Instant) -> Agreement {
        let origin = WallTime(now.wall.rawValue - now.monotonic.milliseconds(since: .zero).rawValue)
        var offsets = [Milliseconds.zero]
        for peer in peers {
            if let best = best(of: peer, at: now.monotonic) { offsets.append(best - origin) }
        }
        let quorum = (peers.count + 1) / 2 + 1
        guard offsets.count >= quorum else { return .unknown }
        offsets.sort()
        let median = offsets[(offsets.count - 1) / 2]
        let near = offsets.count { $0.rawValue.magnitude <= skewMax.rawValue.magnitude }
        return near >= quorum ? .agreed(offset: median) : .disagreed(offset: median)
    }

    private func best(of peer: Peer, at now: MonotonicTime) -> WallTime? {
        var best: WallTime?
        for sample in peer.samples
        where now.milliseconds(since: sample.receivedAt) <= Self.freshFor {
            best = max(best ?? sample.origin, sample.origin)
        }
        return best
    }
}
