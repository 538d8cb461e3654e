import Inventory
import Primitives
import Testing

/// The shards' files as plain dictionaries: applies deltas as a store would, checks that each
/// seat's pre-image is its last post-image, and gives images back for a restart.
struct Tables {
    struct SeatKey: Hashable {
        var event: UInt32
        var seat: SeatIndex
    }
    struct PartKey: Hashable {
        var venue: VenueID
        var part: UInt32
    }
    struct Shard {
        var appliedIndex = LogIndex.zero
        var clock = WallTime.zero
        var digest: UInt64 = 0
        var events: [UInt32: EventRow] = [:]
        var seats: [SeatKey: SeatImage] = [:]
        var holds: [UInt64: HoldRow] = [:]
        var orders: [UInt64: OrderRow] = [:]
        var payments: [UInt64: PaymentRow] = [:]
        var refunds: [UInt64: RefundRow] = [:]
        var venues: [VenueID: VenueRow] = [:]
        var parts: [PartKey: ImportVenuePart] = [:]
        var webhooks: [UInt128: WebhookRow] = [:]
    }
    private(set) var shards: [ShardID: Shard] = [:]

    subscript(shard: ShardID) -> Shard { shards[shard] ?? Shard() }

    mutating func apply(_ delta: ShardDelta) {
        var shard = self[delta.shard]
        #expect(shard.appliedIndex <= delta.appliedIndex)
        shard.appliedIndex = delta.appliedIndex
        shard.clock = delta.clock
        shard.digest = delta.digest
        let changes = delta.changes
        for row in changes.events { shard.events[row.number] = row }
        for change in changes.seats {
            let key = SeatKey(event: change.eventNumber, seat: change.seat)
            #expect(change.before == shard.seats[key] ?? .initial, "pre-image of \(key)")
            #expect(change.after.version == change.before.version + 1)
            shard.seats[key] = change.after
        }
        for row in changes.holds { shard.holds[row.number] = row }
        for number in changes.forgottenHolds {
            #expect(shard.holds.removeValue(forKey: number) != nil, "hold \(number) was written")
        }
        for row in changes.orders { shard.orders[row.number] = row }
        for row in changes.payments { shard.payments[row.number] = row }
        for row in changes.refunds { shard.refunds[row.number] = row }
        for row in changes.venues { shard.venues[row.content.venue] = row }
        for row in changes.venueParts {
            shard.parts[PartKey(venue: row.venue, part: row.part)] = row
        }
        for row in changes.webhooks { shard.webhooks[row.content.bodyHash] = row }
        for venue in changes.forgottenVenueParts {
            shard.parts = shard.parts.filter { $0.key.venue != venue }
        }
        for hash in changes.forgottenWebhooks { shard.webhooks[hash] = nil }
        shards[delta.shard] = shard
    }

    func image(of id: ShardID) -> ShardImage {
        let shard = self[id]
        var image = ShardImage(
            shard: id, appliedIndex: shard.appliedIndex, clock: shard.clock,
            digest: shard.digest)
        image.events = Array(shard.events.values)
        for event in shard.events.values {
            let images = (0..<event.seatCount).map { seat in
                shard.seats[SeatKey(event: event.number, seat: SeatIndex(seat))] ?? .initial
            }
            image.seats.append((event.number, images))
        }
        image.holds = Array(shard.holds.values)
        image.orders = Array(shard.orders.values)
        image.payments = Array(shard.payments.values)
        image.refunds = Array(shard.refunds.values)
        image.venues = Array(shard.venues.values)
        image.venueParts = Array(shard.parts.values)
        image.webhooks = Array(shard.webhooks.values)
        return image
    }

    /// An inventory started from the files.
    func restarted() throws -> Inventory {
        var inventory = Inventory(
            shardCount: World.shardCount, replayWindow: World.replayWindow)
        for shard in inventory.shards { try inventory.restore(image(of: shard)) }
        return inventory
    }

    /// No seat is claimed twice, every live hold has its seats, every booking its order, and all
    /// captured money belongs to a confirmed order or is owed back.
    func checkConservation() {
        for (id, shard) in shards {
            var claimed: [SeatKey: UInt64] = [:]
            for hold in shard.holds.values
            where [.held, .paymentPending, .booked].contains(hold.status) {
                for seat in hold.seats {
                    let key = SeatKey(event: hold.eventNumber, seat: seat)
                    #expect(claimed.updateValue(hold.number, forKey: key) == nil, "\(key) twice")
                }
            }
            for (key, image) in shard.seats {
                let isClaimed = [.held, .paymentPending, .booked].contains(image.state)
                #expect(isClaimed == (claimed[key] != nil), "\(key) of shard \(id) is \(image)")
                #expect(image.holdNumber == claimed[key] ?? 0)
            }
            checkMoney(shard)
        }
    }

    private func checkMoney(_ shard: Shard) {
        for order in shard.orders.values {
            let payments = shard.payments.values.filter { $0.orderNumber == order.number }
            let kept = payments.filter { payment in
                payment.status == .succeeded
                    && !shard.refunds.values.contains { $0.paymentNumber == payment.number }
            }
            #expect(kept.count == (order.status == .confirmed ? 1 : 0), "order \(order)")
            for payment in kept { #expect(payment.amount == order.amount) }
            let hold = shard.holds[order.holdNumber]
            #expect((hold?.status == .booked) == (order.status == .confirmed))
            #expect((hold?.status == .paymentPending) == (order.status == .pending))
        }
    }
}
