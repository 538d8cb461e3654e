import Inventory
import Primitives

/// A node's shard files: transactions are written in order, and a crash loses any suffix of each
/// shard's since its last checkpoint, each shard on its own.
struct NodeStore: Sendable {
    private struct Shard {
        /// As the last checkpoint left it.
        var durable: NodeShardFile
        /// Written since then, one transaction each.
        var volatile: [ShardDelta] = []
    }

    private var shards: [Shard]
    /// Handed over, not yet written.
    private(set) var queue: [ShardDelta] = []
    private(set) var queuedRows = 0

    init(_ inventory: Inventory) {
        shards = inventory.shards.map { id in
            Shard(durable: NodeShardFile(id, emptyDigest: inventory.position(of: id).digest))
        }
    }

    mutating func take(_ delta: ShardDelta) {
        queue.append(delta)
        queuedRows += delta.changes.count
    }

    /// Writes everything that was handed over.
    mutating func write() {
        for delta in queue {
            guard let slot = shards.firstIndex(where: { $0.durable.shard == delta.shard }) else {
                invariantFailure("a delta of unknown \(delta.shard)")
            }
            shards[slot].volatile.append(delta)
        }
        queue = []
        queuedRows = 0
    }

    /// Makes what one shard has written safe.
    mutating func checkpoint(_ slot: Int) {
        for delta in shards[slot].volatile { shards[slot].durable.write(delta) }
        shards[slot].volatile = []
    }

    mutating func checkpointAll() {
        for slot in shards.indices { checkpoint(slot) }
    }

    /// A crash: of each shard's unsafe transactions some of the oldest survive.
    mutating func crash(_ random: inout PRNG) {
        queue = []
        queuedRows = 0
        for slot in shards.indices {
            let surviving = random.next(in: 0...shards[slot].volatile.count)
            shards[slot].volatile.removeLast(shards[slot].volatile.count - surviving)
            checkpoint(slot)
        }
    }

    var files: [NodeShardFile] { shards.map(\.durable) }
    var shardCount: Int { shards.count }
}
