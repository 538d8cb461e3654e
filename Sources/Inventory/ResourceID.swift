package import Primitives

/// What an id names. The prefix is its text's beginning.
package protocol ResourceKind: Sendable {
    static var prefix: StaticString { get }
}

/// What an id of ours can name.
package enum VenueKind: ResourceKind { package static var prefix: StaticString { "ven_" } }
package enum EventKind: ResourceKind { package static var prefix: StaticString { "evt_" } }
package enum HoldKind: ResourceKind { package static var prefix: StaticString { "hold_" } }
package enum OrderKind: ResourceKind { package static var prefix: StaticString { "ord_" } }
package enum AttemptKind: ResourceKind { package static var prefix: StaticString { "pay_" } }
package enum RefundKind: ResourceKind { package static var prefix: StaticString { "ref_" } }

/// An id that finds its group and shard by itself: these stand before its 128 own bits. A hold's
/// bits are random, because knowing the id is the right to act on the hold; a venue's and an
/// event's are derived from their creator and idempotency key, so that a retry finds them.
package struct ResourceID<Kind: ResourceKind>: Hashable, Sendable {
    package var group: GroupID
    package var shard: ShardID
    package var bits: UInt128

    @inlinable
    package init(group: GroupID = .first, shard: ShardID, bits: UInt128) {
        self.group = group
        self.shard = shard
        self.bits = bits
    }
}

/// Ids of different kinds can't be mistaken for one another.
package typealias VenueID = ResourceID<VenueKind>
package typealias EventID = ResourceID<EventKind>
package typealias HoldID = ResourceID<HoldKind>
package typealias OrderID = ResourceID<OrderKind>
package typealias AttemptID = ResourceID<AttemptKind>
package typealias RefundID = ResourceID<RefundKind>
