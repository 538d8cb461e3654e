import Inventory
import Primitives

/// A command of every kind but a venue's parts.
enum CommandSeeds {
    private static let shard = ShardID(5)
    private static let seats = [0, 128, 70_000].map { SeatIndex($0) }

    private static func id<Kind>(_ bits: UInt128) -> ResourceID<Kind> {
        ResourceID(shard: shard, bits: bits)
    }

    static func all(_ venue: VenueID) -> [Command] {
        let system: [SystemCommand] = [
            .sealVenue(
                SealVenue(
                    venue: venue, owner: "o", name: "Hall", partCount: 1, layoutHash: 2,
                    bodyHash: 3)),
            .keepWebhook(KeepWebhook(provider: "simulated", bodyHash: 9, body: [1, 2])),
            .expireDue(ExpireDue(limit: 77)),
        ]
        return system.map { .system($0) }
            + (sale(venue) + payments).map { .shard(shard, $0) }
    }

    private static func sale(_ venue: VenueID) -> [ShardCommand] {
        [
            .createEvent(
                CreateEvent(
                    event: id(1), owner: "o", bodyHash: 3, name: "Łódź", venue: venue,
                    startsAt: WallTime(9), onSaleAt: WallTime(8), currency: "EUR",
                    prices: [SectionPrice(section: "*", amount: 4_500)],
                    ttl: HoldTTL(minSeconds: 1, defaultSeconds: 300, maxSeconds: 900),
                    maxSeatsPerUser: 4)),
            .setBlocked(SetBlocked(event: id(1), seats: seats, target: .blocked)),
            .hold(
                HoldSeats(
                    event: id(1), hold: id(5), user: "u", key: "k", seats: seats,
                    ttlSeconds: 60)),
            .amendHold(
                AmendHold(hold: id(5), extendSeconds: nil, releaseSeats: seats, key: "k")),
            .releaseHold(id(5)),
            .expireDue(ExpireDue(limit: .max)),
        ]
    }

    private static let payments: [ShardCommand] = [
        .beginPayment(
            BeginPayment(
                hold: id(5), key: "k", token: "tok_visa", provider: "simulated", attempt: id(10),
                order: id(11), deadline: .seconds(120))),
        .observePayment(
            ObservePayment(
                attempt: id(10), status: .succeeded, amount: 1, currency: "EUR", reference: "p",
                refund: id(13))),
        .cancelOrder(CancelOrder(order: id(11), refund: id(13))),
        .observeRefund(ObserveRefund(refund: id(13), reference: "r")),
    ]
}
