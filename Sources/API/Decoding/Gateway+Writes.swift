import HTTPProtocol
import Inventory
import NodeCore
import Primitives

extension Gateway {
    func newVenue(_ exchange: Exchange, _ body: [UInt8]) throws(Problem) -> NewVenue {
        let key = try exchange.requiredIdempotencyKey()
        let venue = try VenueBody(body)
        return NewVenue(
            venue: VenueID.derived(owner: exchange.owner, key: key), owner: exchange.owner,
            name: venue.name, layout: venue.layout,
            layoutHash: LayoutCodec.hash(ofEncoded: venue.layout), bodyHash: venue.hash)
    }

    func newEvent(_ exchange: Exchange, _ body: [UInt8]) throws(Problem) -> CreateEvent {
        let key = try exchange.requiredIdempotencyKey()
        let event = try EventBody(body, bounds: configuration.holdTTL)
        return CreateEvent(
            event: EventID.derived(
                owner: exchange.owner, key: key, shardCount: configuration.shardCount),
            owner: exchange.owner, bodyHash: event.hash, name: event.name, venue: event.venue,
            startsAt: event.startsAt, onSaleAt: event.onSaleAt, currency: event.currency,
            prices: event.prices, ttl: event.ttl ?? configuration.holdTTL,
            maxSeatsPerUser: event.maxSeatsPerUser)
    }

    func newHold(
        _ exchange: Exchange, _ body: [UInt8], _ random: () -> UInt128
    ) throws(Problem) -> NewHold {
        let event: EventID = try exchange.id(.event)
        let hold = try HoldBody(body, seatsMax: configuration.seatsPerRequestMax)
        return NewHold(
            event: event, user: hold.user, key: hold.key, seats: hold.seats,
            ttlSeconds: hold.ttlSeconds, holdBits: random())
    }

    func blocking(_ exchange: Exchange, _ body: [UInt8]) throws(Problem) -> WriteOperation {
        let event: EventID = try exchange.id(.event)
        let block = try BlockBody(body, seatsMax: configuration.seatsPerRequestMax)
        return .setBlocked(
            event: event, seats: block.seats, target: block.isBlocked ? .blocked : .available)
    }

    func amendment(_ exchange: Exchange, _ body: [UInt8]) throws(Problem) -> HoldAmendment {
        let hold: HoldID = try exchange.id(.hold)
        let key = try exchange.idempotencyKey()
        let amendment = try AmendmentBody(body, seatsMax: configuration.seatsPerRequestMax)
        return HoldAmendment(
            hold: hold, extendSeconds: amendment.extendSeconds,
            releaseSeats: amendment.releaseSeats, key: key)
    }

    func newPayment(
        _ exchange: Exchange, _ body: [UInt8], _ random: () -> UInt128
    ) throws(Problem) -> NewPayment {
        let hold: HoldID = try exchange.id(.hold)
        let header = try exchange.idempotencyKey()
        let commit = try CommitBody(body)
        if let header, let key = commit.key, !header.utf8.elementsEqual(key.utf8) {
            throw .invalid("idempotency_key", "differs from the Idempotency-Key header")
        }
        guard let key = commit.key ?? header else {
            throw Problem(
                .idempotencyKeyMissing,
                "This call needs an idempotency_key, or an Idempotency-Key header.")
        }
        return NewPayment(
            hold: hold, key: key, token: commit.token, attemptBits: random(), orderBits: random())
    }

    /// Repeatable by its nature, so its key only has to be well formed.
    func cancellation(
        _ exchange: Exchange, _ random: () -> UInt128
    ) throws(Problem) -> WriteOperation {
        let order: OrderID = try exchange.id(.order)
        _ = try exchange.idempotencyKey()
        return .cancelOrder(order, refundBits: random())
    }

    /// `POST /cluster/transfer` `{"to"?: node id}`; without a body the best member is taken.
    func successor(_ body: [UInt8]) throws(Problem) -> NodeID? {
        guard !body.isEmpty else { return nil }
        var field: String?
        do {
            var reader = JSONReader(body)
            try reader.beginObject()
            while let name = try reader.nextKey() {
                switch name {
                case "to": try reader.readOptional(into: &field)
                default: try reader.skipValue()
                }
            }
            try reader.finish()
        } catch {
            throw Problem(error)
        }
        guard let field else { return nil }
        guard let member = configuration.members.first(where: { $0.id.description == field })
        else { throw .unprocessable("to", "is not a member of this cluster") }
        return member.id
    }
}
