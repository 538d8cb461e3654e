package import Inventory
package import Primitives

/// A node's shard files in one directory: `system.sqlite`, `00.sqlite`, `01.sqlite`, …
/// One thread at a time uses it.
package final class SeatStore {
    /// The inventory shards in order, then the system shard.
    package let shards: [ShardStore]

    /// Opens, or with `.create` makes, all files. The directory must exist.
    package init(
        directory: String, identity: StoreIdentity, mode: StoreMode
    ) throws(StoreError) {
        var shards: [ShardStore] = []
        for shard in identity.shards {
            shards.append(
                try ShardStore(
                    path: "\(directory)/\(shard.name).sqlite", shard: shard, identity: identity,
                    mode: mode))
        }
        self.shards = shards
    }

    /// The shard's store; the shard must be one of this node's.
    package subscript(shard: ShardID) -> ShardStore {
        let position = shard.isSystem ? shards.count - 1 : Int(shard.rawValue)
        invariant(shards[position].shard == shard, "no shard \(shard.name) of \(shards.count)")
        return shards[position]
    }

    /// What a start needs: every shard's rows, in the order of `shards`.
    package func loadAll() throws(StoreError) -> [ShardImage] {
        var images: [ShardImage] = []
        for shard in shards { images.append(try shard.load()) }
        return images
    }

    /// Writes deltas of any shards, one transaction a shard, each shard's in the order given.
    /// When it throws, some shards may have been written: their `appliedIndex` says which.
    package func write(_ deltas: [ShardDelta]) throws(StoreError) {
        var batches = [[ShardDelta]](repeating: [], count: shards.count)
        for delta in deltas {
            batches[delta.shard.isSystem ? shards.count - 1 : Int(delta.shard.rawValue)]
                .append(delta)
        }
        for (shard, batch) in zip(shards, batches) { try shard.write(batch) }
    }

    /// Up to here the log may be cut: the smallest durable index of all shards.
    package var durableIndex: LogIndex {
        shards.reduce(shards[0].durableIndex) { min($0, $1.durableIndex) }
    }
}
