import Inventory
import Primitives

extension Inventory {
    /// Every shard, the system shard last, in a fixed order.
    var shards: [ShardID] {
        (0..<UInt8(shardCount)).map { ShardID($0) } + [.system]
    }

    /// Entries up to here are in every shard.
    var smallestAppliedIndex: LogIndex {
        shards.reduce(LogIndex(.max)) { min($0, position(of: $1).appliedIndex) }
    }

    /// The latest stamp applied.
    var clock: WallTime {
        shards.reduce(WallTime.zero) { max($0, position(of: $1).clock) }
    }

    /// The state of all shards in one number, independent of their order.
    var digest: UInt64 {
        shards.reduce(0) { sum, shard in
            sum &+ mix64(position(of: shard).digest ^ UInt64(shard.rawValue) << 56)
        }
    }
}
