import Inventory
import Primitives

/// Commands as bytes: kind (u8), group (u8), shard (u8), then the kind's fields. Ids leave out
/// group and shard; counts, seats and spans are varints; texts and byte strings have their length
/// before them. A kind's number and fields never change; a new form takes a new number.
enum CommandCodec {
    enum Kind: UInt8 {
        case importVenuePart = 1
        case sealVenue = 2
        case keepWebhook = 3
        case expireSystem = 4
        case createEvent = 16
        case setBlocked = 17
        case hold = 18
        case amendHold = 19
        case releaseHold = 20
        case beginPayment = 21
        case observePayment = 22
        case cancelOrder = 23
        case observeRefund = 24
        case expireShard = 25
    }

    /// No less than the bytes that `encode` writes.
    static func encodedBytesMax(of command: Command) -> Int {
        // Header, fixed fields and length prefixes of any kind together stay below this.
        let fixed = 128
        switch command {
        case .system(.importVenuePart(let part)): return fixed + part.bytes.count
        case .system(.sealVenue(let seal)):
            return fixed + seal.owner.utf8.count + seal.name.utf8.count
        case .system(.keepWebhook(let webhook)):
            return fixed + webhook.provider.utf8.count + webhook.body.count
        case .system(.expireDue), .shard(_, .releaseHold), .shard(_, .expireDue),
            .shard(_, .cancelOrder):
            return fixed
        case .shard(_, .createEvent(let event)):
            let prices = event.prices.reduce(0) { $0 + $1.section.utf8.count + 13 }
            return fixed + event.owner.utf8.count + event.name.utf8.count
                + event.currency.utf8.count + prices
        case .shard(_, .setBlocked(let block)): return fixed + block.seats.count * 5
        case .shard(_, .hold(let hold)):
            return fixed + hold.user.utf8.count + hold.key.utf8.count + hold.seats.count * 5
        case .shard(_, .amendHold(let amend)):
            return fixed + amend.releaseSeats.count * 5 + (amend.key?.utf8.count ?? 0)
        case .shard(_, .beginPayment(let payment)):
            return fixed + payment.key.utf8.count + payment.token.utf8.count
                + payment.provider.utf8.count
        case .shard(_, .observePayment(let payment)):
            return fixed + payment.currency.utf8.count + payment.reference.utf8.count
        case .shard(_, .observeRefund(let refund)): return fixed + refund.reference.utf8.count
        }
    }

    static func encode(_ command: Command, to writer: inout ByteWriter) {
        switch command {
        case .system(let command): encode(command, to: &writer)
        case .shard(let shard, let command): encode(command, shard, to: &writer)
        }
    }

    static func decode(_ fields: inout CommandFields) throws(CommandCodecError) -> Command {
        let kindByte = try fields.u8()
        guard let kind = Kind(rawValue: kindByte) else {
            throw .unknownCommand(kind: kindByte)
        }
        fields.kind = kindByte
        let place = CommandPlace(
            group: GroupID(try fields.u8()), shard: ShardID(try fields.u8()))
        guard place.shard.isSystem == kind.isSystem, kind.hasIDs || place.group == .first else {
            throw fields.invalid()
        }
        switch kind {
        case .importVenuePart: return .system(.importVenuePart(try fields.part(place)))
        case .sealVenue: return .system(.sealVenue(try fields.seal(place)))
        case .keepWebhook: return .system(.keepWebhook(try fields.webhook()))
        case .expireSystem: return .system(.expireDue(ExpireDue(limit: try fields.varint32())))
        case .createEvent: return .shard(place.shard, .createEvent(try fields.event(place)))
        case .setBlocked: return .shard(place.shard, .setBlocked(try fields.block(place)))
        case .hold: return .shard(place.shard, .hold(try fields.hold(place)))
        case .amendHold: return .shard(place.shard, .amendHold(try fields.amendment(place)))
        case .releaseHold: return .shard(place.shard, .releaseHold(try fields.id(place)))
        case .beginPayment: return .shard(place.shard, .beginPayment(try fields.payment(place)))
        case .observePayment:
            return .shard(place.shard, .observePayment(try fields.observation(place)))
        case .cancelOrder:
            return .shard(
                place.shard,
                .cancelOrder(
                    CancelOrder(order: try fields.id(place), refund: try fields.id(place))))
        case .observeRefund:
            return .shard(
                place.shard,
                .observeRefund(
                    ObserveRefund(refund: try fields.id(place), reference: try fields.text())))
        case .expireShard:
            return .shard(place.shard, .expireDue(ExpireDue(limit: try fields.varint32())))
        }
    }
}

extension CommandCodec.Kind {
    /// Without ids the group says nothing, and is the first.
    fileprivate var hasIDs: Bool {
        switch self {
        case .keepWebhook, .expireSystem, .expireShard: false
        case .importVenuePart, .sealVenue, .createEvent, .setBlocked, .hold, .amendHold,
            .releaseHold, .beginPayment, .observePayment, .cancelOrder, .observeRefund:
            true
        }
    }

    fileprivate var isSystem: Bool {
        switch self {
        case .importVenuePart, .sealVenue, .keepWebhook, .expireSystem: true
        case .createEvent, .setBlocked, .hold, .amendHold, .releaseHold, .beginPayment,
            .observePayment, .cancelOrder, .observeRefund, .expireShard:
            false
        }
    }
}
