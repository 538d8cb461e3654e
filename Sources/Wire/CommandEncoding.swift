import Inventory
import Primitives

/// The writing half of `CommandCodec`, field by field in the order that `CommandDecoding` reads.
extension CommandCodec {
    private static func start(
        _ kind: Kind, _ place: CommandPlace, _ writer: inout ByteWriter
    ) {
        writer.u8(kind.rawValue)
        writer.u8(place.group.rawValue)
        writer.u8(place.shard.rawValue)
    }

    static func encode(_ command: SystemCommand, to writer: inout ByteWriter) {
        switch command {
        case .importVenuePart(let part):
            let place = CommandPlace(group: part.venue.group, shard: .system)
            start(.importVenuePart, place, &writer)
            writer.id(part.venue, place)
            writer.varint(UInt64(part.part))
            writer.varint(UInt64(part.count))
            writer.bytes(part.bytes)
        case .sealVenue(let seal):
            let place = CommandPlace(group: seal.venue.group, shard: .system)
            start(.sealVenue, place, &writer)
            writer.id(seal.venue, place)
            writer.string(seal.owner)
            writer.string(seal.name)
            writer.varint(UInt64(seal.partCount))
            writer.u128(seal.layoutHash)
            writer.u128(seal.bodyHash)
        case .keepWebhook(let webhook):
            start(.keepWebhook, CommandPlace(group: .first, shard: .system), &writer)
            writer.string(webhook.provider)
            writer.u128(webhook.bodyHash)
            writer.bytes(webhook.body)
        case .expireDue(let expiry):
            start(.expireSystem, CommandPlace(group: .first, shard: .system), &writer)
            writer.varint(UInt64(expiry.limit))
        }
    }

    static func encode(
        _ command: ShardCommand, _ shard: ShardID, to writer: inout ByteWriter
    ) {
        switch command {
        case .createEvent(let event): encode(event, shard, to: &writer)
        case .setBlocked(let block):
            let place = CommandPlace(group: block.event.group, shard: shard)
            start(.setBlocked, place, &writer)
            writer.id(block.event, place)
            writer.u8(block.target.rawValue)
            writer.seats(block.seats)
        case .hold(let hold): encode(hold, shard, to: &writer)
        case .amendHold(let amendment): encode(amendment, shard, to: &writer)
        case .releaseHold(let hold):
            let place = CommandPlace(group: hold.group, shard: shard)
            start(.releaseHold, place, &writer)
            writer.id(hold, place)
        case .beginPayment(let payment): encode(payment, shard, to: &writer)
        case .observePayment(let payment): encode(payment, shard, to: &writer)
        case .cancelOrder(let cancellation):
            let place = CommandPlace(group: cancellation.order.group, shard: shard)
            start(.cancelOrder, place, &writer)
            writer.id(cancellation.order, place)
            writer.id(cancellation.refund, place)
        case .observeRefund(let refund):
            let place = CommandPlace(group: refund.refund.group, shard: shard)
            start(.observeRefund, place, &writer)
            writer.id(refund.refund, place)
            writer.string(refund.reference)
        case .expireDue(let expiry):
            start(.expireShard, CommandPlace(group: .first, shard: shard), &writer)
            writer.varint(UInt64(expiry.limit))
        }
    }

    private static func encode(
        _ event: CreateEvent, _ shard: ShardID, to writer: inout ByteWriter
    ) {
        let place = CommandPlace(group: event.event.group, shard: shard)
        start(.createEvent, place, &writer)
        writer.id(event.event, place)
        writer.string(event.owner)
        writer.u128(event.bodyHash)
        writer.string(event.name)
        writer.id(event.venue, CommandPlace(group: place.group, shard: .system))
        writer.i64(event.startsAt.rawValue)
        writer.u8(event.onSaleAt == nil ? 0 : 1)
        if let onSaleAt = event.onSaleAt { writer.i64(onSaleAt.rawValue) }
        writer.string(event.currency)
        writer.varint(UInt64(event.prices.count))
        for price in event.prices {
            writer.string(price.section)
            writer.i64(price.amount)
        }
        writer.varint(UInt64(event.ttl.minSeconds))
        writer.varint(UInt64(event.ttl.defaultSeconds))
        writer.varint(UInt64(event.ttl.maxSeconds))
        writer.optional32(event.maxSeatsPerUser)
    }

    private static func encode(
        _ hold: HoldSeats, _ shard: ShardID, to writer: inout ByteWriter
    ) {
        let place = CommandPlace(group: hold.event.group, shard: shard)
        start(.hold, place, &writer)
        writer.id(hold.event, place)
        writer.id(hold.hold, place)
        writer.string(hold.user)
        writer.string(hold.key)
        writer.seats(hold.seats)
        writer.optional32(hold.ttlSeconds)
    }

    private static func encode(
        _ amendment: AmendHold, _ shard: ShardID, to writer: inout ByteWriter
    ) {
        let place = CommandPlace(group: amendment.hold.group, shard: shard)
        start(.amendHold, place, &writer)
        writer.id(amendment.hold, place)
        writer.optional32(amendment.extendSeconds)
        writer.seats(amendment.releaseSeats)
        writer.u8(amendment.key == nil ? 0 : 1)
        if let key = amendment.key { writer.string(key) }
    }

    private static func encode(
        _ payment: BeginPayment, _ shard: ShardID, to writer: inout ByteWriter
    ) {
        let place = CommandPlace(group: payment.hold.group, shard: shard)
        start(.beginPayment, place, &writer)
        writer.id(payment.hold, place)
        writer.string(payment.key)
        writer.string(payment.token)
        writer.string(payment.provider)
        writer.id(payment.attempt, place)
        writer.id(payment.order, place)
        writer.i64(payment.deadline.rawValue)
    }

    private static func encode(
        _ payment: ObservePayment, _ shard: ShardID, to writer: inout ByteWriter
    ) {
        let place = CommandPlace(group: payment.attempt.group, shard: shard)
        start(.observePayment, place, &writer)
        writer.id(payment.attempt, place)
        writer.u8(payment.status.rawValue)
        writer.i64(payment.amount)
        writer.string(payment.currency)
        writer.string(payment.reference)
        writer.id(payment.refund, place)
    }
}
