package import Inventory
package import NodeCore
package import Primitives

/// A venue and an event to sell, and the requests of those who buy.
package struct NodeSale: Sendable {
    package let event: EventID
    package static let venue = VenueID.derived(owner: "organizer", key: "venue")
    package static let seatCount = 30

    /// One section without a name: seats `A-1`…`A-10` to `C-10`.
    package static let sections = [
        LayoutSection(
            id: "", name: "Stalls", color: nil,
            rows: ["A", "B", "C"].map { row in
                LayoutRow(id: row, seats: .range(first: 1, last: 10))
            })
    ]

    /// A seat's name.
    package static func seat(_ number: Int) -> String {
        "\(["A", "B", "C"][number / 10])-\(number % 10 + 1)"
    }

    static func index(_ name: String) -> SeatIndex {
        guard let number = (0..<seatCount).first(where: { seat($0) == name }) else {
            invariantFailure("no seat \(name)")
        }
        return SeatIndex(UInt32(number))
    }

    /// What chaos configures, and what a node's own configuration says by default.
    static let provider = "simulated"
    static let paymentDeadline = Milliseconds(800)

    /// The venue of every sale.
    package static var newVenue: WriteOperation {
        let layout = LayoutCodec.encode(sections)
        return .createVenue(
            NewVenue(
                venue: venue, owner: "organizer", name: "Arena", layout: layout,
                layoutHash: LayoutCodec.hash(ofEncoded: layout), bodyHash: 1))
    }

    /// An event in that venue.
    package static func newEvent(
        _ event: EventID, ttlSeconds: UInt32, onSaleAt: WallTime? = nil
    ) -> WriteOperation {
        .createEvent(
            CreateEvent(
                event: event, owner: "organizer", bodyHash: 2, name: "The Show", venue: venue,
                startsAt: NodeCluster.epoch + .seconds(86_400), onSaleAt: onSaleAt,
                currency: "EUR", prices: [SectionPrice(section: "*", amount: 2_500)],
                ttl: HoldTTL(minSeconds: 1, defaultSeconds: ttlSeconds, maxSeconds: 900),
                maxSeatsPerUser: nil))
    }

    package init(shardCount: Int, key: String = "event") {
        event = EventID.derived(owner: "organizer", key: key, shardCount: shardCount)
    }

    /// A hold's id follows from `number`, so that a test can name it.
    package func hold(
        _ seats: [Int], user: String = "u", key: String, ttlSeconds: UInt32? = nil, number: Int
    ) -> WriteOperation {
        .hold(
            NewHold(
                event: event, user: user, key: key, seats: seats.map(Self.seat),
                ttlSeconds: ttlSeconds, holdBits: Self.bits(number)))
    }

    /// The id that a hold with these bits gets.
    package func holdID(_ number: Int) -> HoldID {
        HoldID(shard: event.shard, bits: Self.bits(number))
    }

    /// A request to pay for a hold.
    package func commit(
        _ hold: HoldID, key: String, token: String = "tok_visa", number: Int
    ) -> WriteOperation {
        .commit(
            NewPayment(
                hold: hold, key: key, token: token, attemptBits: Self.bits(number),
                orderBits: Self.bits(number)))
    }

    /// The id that an attempt with these bits gets.
    package func attemptID(_ number: Int) -> AttemptID {
        AttemptID(shard: event.shard, bits: Self.bits(number))
    }

    /// The id that an order with these bits gets.
    package func orderID(_ number: Int) -> OrderID {
        OrderID(shard: event.shard, bits: Self.bits(number))
    }

    /// Bits that differ for each number.
    package static func bits(_ number: Int) -> UInt128 {
        UInt128(mix64(UInt64(number) + 1)) << 64 | UInt128(number)
    }
}
