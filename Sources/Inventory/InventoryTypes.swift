package import Primitives

/// How far a shard has come.
package struct ShardPosition: Hashable, Sendable {
    package var appliedIndex: LogIndex
    package var clock: WallTime
    package var digest: UInt64
}

/// What to do with a shard that has no row changes when its delta is asked for.
package enum IdleShard: Sendable {
    case skip
    /// Hand out an empty delta, so that its index, clock and digest are written.
    case stamp
}

/// Why a shard's file can't be loaded.
package enum InventoryRestoreError: Error, Hashable, Sendable {
    case unknownShard(ShardID)
    /// The rows don't have the digest that was stored with them.
    case digestMismatch(stored: UInt64, computed: UInt64)
    /// Rows that contradict each other.
    case inconsistent(String)
}

extension InventoryRestoreError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unknownShard(let shard): "the cluster has no shard \(shard.rawValue)"
        case .digestMismatch(let stored, let computed):
            "its rows have the digest \(Hex.encode(computed)), and \(Hex.encode(stored)) was "
                + "stored with them: they were changed by hand, or the disk lies. \(Self.remedy)"
        case .inconsistent(let place): "its rows contradict each other at \(place). \(Self.remedy)"
        }
    }

    private static var remedy: String { "Keep a copy, and set this node up anew" }
}

/// How many seats of an event are in each state that clients see.
package struct SeatCounts: Hashable, Sendable {
    package var available: Int
    /// Payment pending included.
    package var held: Int
    package var booked: Int
    package var blocked: Int
    package init(available: Int, held: Int, booked: Int, blocked: Int) {
        self.available = available
        self.held = held
        self.booked = booked
        self.blocked = blocked
    }
}
