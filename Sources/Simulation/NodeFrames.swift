import NodeCore
import Primitives
import Raft
import Wire

/// Messages between simulated nodes as the bytes of real frames.
enum NodeFrames {
    private static let seed = FrameSeed(cluster: ClusterID(1), group: .first)

    static func frame(_ content: NodeEnvelope.Content, _ clock: WallTime) -> NodeEnvelope.Content {
        var bytes: [UInt8] = []
        let encoder = FrameEncoder(seed: seed)
        switch content {
        case .message(let message):
            encoder.encode(message, sentAt: clock, into: &bytes)
        case .gossip(let gossip):
            let digest = StateDigest(index: gossip.appliedIndex, digest: gossip.digest)
            encoder.encode(digest, sentAt: clock, into: &bytes)
        case .frame(let encoded):
            bytes = encoded
        }
        return .frame(bytes)
    }

    static func input(of bytes: [UInt8], from peer: NodeID) -> Input {
        var reader = FrameReader(seed: seed)
        reader.feed(bytes)
        do {
            guard let frame = try reader.next(), case .complete(let content) = frame.content else {
                invariantFailure("half a frame")
            }
            switch content {
            case .raft(let message): return .message(message, from: peer, clock: frame.sentAt)
            case .stateDigest(let digest):
                let gossip = Gossip(appliedIndex: digest.index, digest: digest.digest)
                return .gossip(gossip, from: peer, clock: frame.sentAt)
            case .forwardRequest, .forwardResponse:
                invariantFailure("nobody forwards here")
            }
        } catch {
            invariantFailure("\(error)")
        }
    }
}
