import Inventory
import Primitives

/// The reading half of `CommandCodec`, field by field in the order that `CommandEncoding` writes.
extension CommandFields {
    private mutating func isPresent() throws(CommandCodecError) -> Bool {
        switch try u8() {
        case 0: return false
        case 1: return true
        default: throw invalid()
        }
    }

    mutating func part(_ place: CommandPlace) throws(CommandCodecError) -> ImportVenuePart {
        ImportVenuePart(
            venue: try id(place), part: try varint32(), count: try varint32(),
            bytes: try blob())
    }

    mutating func seal(_ place: CommandPlace) throws(CommandCodecError) -> SealVenue {
        SealVenue(
            venue: try id(place), owner: try text(), name: try text(),
            partCount: try varint32(), layoutHash: try u128(), bodyHash: try u128())
    }

    mutating func webhook() throws(CommandCodecError) -> KeepWebhook {
        KeepWebhook(provider: try text(), bodyHash: try u128(), body: try blob())
    }

    mutating func event(_ place: CommandPlace) throws(CommandCodecError) -> CreateEvent {
        let (event, owner, bodyHash, name) = (
            try id(place) as EventID, try text(), try u128(), try text()
        )
        let venue: VenueID = try id(CommandPlace(group: place.group, shard: .system))
        let startsAt = try time()
        let onSaleAt = try isPresent() ? try time() : nil
        let currency = try text()
        var prices: [SectionPrice] = []
        for _ in 0..<(try varint32()) {
            prices.append(SectionPrice(section: try text(), amount: try i64()))
        }
        let ttl = HoldTTL(
            minSeconds: try varint32(), defaultSeconds: try varint32(),
            maxSeconds: try varint32())
        return CreateEvent(
            event: event, owner: owner, bodyHash: bodyHash, name: name, venue: venue,
            startsAt: startsAt, onSaleAt: onSaleAt, currency: currency, prices: prices, ttl: ttl,
            maxSeatsPerUser: try optional32())
    }

    mutating func block(_ place: CommandPlace) throws(CommandCodecError) -> SetBlocked {
        let event: EventID = try id(place)
        let target: SetBlocked.Target = try value()
        return SetBlocked(event: event, seats: try seats(), target: target)
    }

    mutating func hold(_ place: CommandPlace) throws(CommandCodecError) -> HoldSeats {
        HoldSeats(
            event: try id(place), hold: try id(place), user: try text(), key: try text(),
            seats: try seats(), ttlSeconds: try optional32())
    }

    mutating func amendment(_ place: CommandPlace) throws(CommandCodecError) -> AmendHold {
        AmendHold(
            hold: try id(place), extendSeconds: try optional32(), releaseSeats: try seats(),
            key: try isPresent() ? try text() : nil)
    }

    mutating func payment(_ place: CommandPlace) throws(CommandCodecError) -> BeginPayment {
        BeginPayment(
            hold: try id(place), key: try text(), token: try text(), provider: try text(),
            attempt: try id(place), order: try id(place), deadline: Milliseconds(try i64()))
    }

    mutating func observation(
        _ place: CommandPlace
    ) throws(CommandCodecError) -> ObservePayment {
        ObservePayment(
            attempt: try id(place), status: try value(), amount: try i64(),
            currency: try text(), reference: try text(), refund: try id(place))
    }
}
