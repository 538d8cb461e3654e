import Inventory
import Primitives

/// One command of every kind, with its optional parts present and absent.
enum CommandSamples {
    private static let shard = ShardID(5)

    static func id<Kind>(_ bits: UInt128, _ kind: Kind.Type = Kind.self) -> ResourceID<Kind> {
        ResourceID(shard: shard, bits: bits << 100 | bits)
    }

    static let venue = VenueID(shard: .system, bits: .max)
    static let seats = [0, 127, 128, 70_000, UInt32.max].map(SeatIndex.init)

    static let system: [SystemCommand] = [
        .importVenuePart(ImportVenuePart(venue: venue, part: 3, count: 4, bytes: [1, 2, 0, 255])),
        .importVenuePart(ImportVenuePart(venue: venue, part: 0, count: .max, bytes: [])),
        .sealVenue(
            SealVenue(
                venue: venue, owner: "key-1", name: "Große Halle", partCount: 4, layoutHash: .max,
                bodyHash: 1)),
        .keepWebhook(KeepWebhook(provider: "stripe", bodyHash: 9, body: Array(0...20))),
        .expireDue(ExpireDue(limit: 77)),
    ]

    static let events: [ShardCommand] = [
        .createEvent(
            CreateEvent(
                event: id(1), owner: "o", bodyHash: 3, name: "Łódź 🎟", venue: venue,
                startsAt: WallTime(-1), onSaleAt: WallTime(.max), currency: "EUR",
                prices: [
                    SectionPrice(section: "*", amount: 0),
                    SectionPrice(section: "", amount: .max),
                ],
                ttl: HoldTTL(minSeconds: 1, defaultSeconds: 300, maxSeconds: .max),
                maxSeatsPerUser: .max)),
        .createEvent(
            CreateEvent(
                event: id(2), owner: "", bodyHash: 0, name: "", venue: venue,
                startsAt: .zero, onSaleAt: nil, currency: "", prices: [],
                ttl: HoldTTL(minSeconds: 0, defaultSeconds: 0, maxSeconds: 0),
                maxSeatsPerUser: nil)),
        .setBlocked(SetBlocked(event: id(3), seats: seats, target: .blocked)),
        .setBlocked(SetBlocked(event: id(3), seats: [], target: .available)),
    ]

    static let holds: [ShardCommand] = [
        .hold(
            HoldSeats(
                event: id(4), hold: id(5), user: "u", key: String(repeating: "k", count: 40),
                seats: seats, ttlSeconds: .max)),
        .hold(
            HoldSeats(
                event: id(4), hold: id(6), user: "", key: "", seats: [], ttlSeconds: nil)),
        .amendHold(AmendHold(hold: id(7), extendSeconds: 0, releaseSeats: seats, key: "")),
        .amendHold(AmendHold(hold: id(7), extendSeconds: nil, releaseSeats: [], key: nil)),
        .releaseHold(id(8)),
    ]

    static let payments: [ShardCommand] = [
        .beginPayment(
            BeginPayment(
                hold: id(9), key: "k", token: "tok_visa", provider: "simulated",
                attempt: id(10), order: id(11), deadline: .seconds(120))),
        .observePayment(
            ObservePayment(
                attempt: id(12), status: .succeeded, amount: .min, currency: "EUR",
                reference: "pi_1", refund: id(13))),
        .observePayment(
            ObservePayment(
                attempt: id(12), status: .cancelled, amount: 0, currency: "", reference: "",
                refund: id(13))),
        .cancelOrder(CancelOrder(order: id(14), refund: id(15))),
        .observeRefund(ObserveRefund(refund: id(16), reference: "re_1")),
        .expireDue(ExpireDue(limit: .max)),
    ]

    static let all: [Command] =
        system.map { .system($0) } + (events + holds + payments).map { .shard(shard, $0) }
}
