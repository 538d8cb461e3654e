import HTTPProtocol
import Inventory
import Primitives

/// `POST /events`.
struct EventBody {
    let name: String
    let venue: VenueID
    let startsAt: WallTime
    let onSaleAt: WallTime?
    let currency: String
    let prices: [SectionPrice]
    /// As sent.
    let ttl: HoldTTL?
    let maxSeatsPerUser: UInt32?

    fileprivate struct Fields {
        var name: String?
        var venue: String?
        var startsAt: String?
        var onSaleAt: String?
        var currency: String?
        var prices: [SectionPrice]?
        var ttl: HoldTTL?
        var maxSeatsPerUser: Int64?
    }

    /// - Parameter bounds: the widest TTL bounds that an event may ask for.
    init(_ body: [UInt8], bounds: HoldTTL) throws(Problem) {
        var fields = Fields()
        let venueText: String
        let startsAtText: String
        do {
            var reader = JSONReader(body)
            try reader.readEvent(into: &fields)
            name = try reader.required(fields.name, "name")
            venueText = try reader.required(fields.venue, "venue_id")
            startsAtText = try reader.required(fields.startsAt, "starts_at")
            currency = try reader.required(fields.currency, "currency")
            prices = try reader.required(fields.prices, "prices")
            try reader.finish()
        } catch {
            throw Problem(error)
        }
        ttl = fields.ttl
        maxSeatsPerUser = fields.maxSeatsPerUser.map { UInt32($0) }
        try FieldRule.requireName(name, "name")
        startsAt = try EventBody.time(startsAtText, "starts_at")
        onSaleAt =
            try fields.onSaleAt.map { text throws(Problem) in
                try EventBody.time(text, "on_sale_at")
            }
        try EventBody.requireCurrency(currency)
        guard !prices.isEmpty else { throw .invalid("prices", "must price at least one section") }
        try EventBody.require(ttl, within: bounds)
        guard let venue = VenueID(venueText) else {
            throw Problem(.notFound, "There is no venue with this id.")
        }
        self.venue = venue
    }

    /// What makes two creations equal: the content as sent, wherever its fields stood.
    var hash: UInt128 {
        var writer = ByteWriter(capacity: 256)
        writer.string(name)
        writer.u8(venue.group.rawValue)
        writer.u8(venue.shard.rawValue)
        writer.u128(venue.bits)
        writer.i64(startsAt.rawValue)
        writer.i64(onSaleAt?.rawValue ?? -1)
        writer.string(currency)
        writer.varint(UInt64(prices.count))
        for price in prices.sorted(by: { $0.section < $1.section }) {
            writer.string(price.section)
            writer.i64(price.amount)
        }
        for seconds in [ttl?.minSeconds, ttl?.defaultSeconds, ttl?.maxSeconds, maxSeatsPerUser] {
            writer.i64(seconds.map { Int64($0) } ?? -1)
        }
        return SHA256.first128(writer.bytes)
    }

    private static func time(_ text: String, _ field: String) throws(Problem) -> WallTime {
        guard let time = WallTime(rfc3339: text.utf8) else {
            throw .invalid(field, "must be an RFC 3339 time, such as 2026-11-22T10:15:30.123Z")
        }
        return time
    }

    private static func requireCurrency(_ text: String) throws(Problem) {
        guard text.utf8.count == 3,
            text.utf8.allSatisfy({ UInt8(ascii: "A")...UInt8(ascii: "Z") ~= $0 })
        else { throw .invalid("currency", "must be the three capital letters of ISO 4217") }
    }

    private static func require(_ ttl: HoldTTL?, within bounds: HoldTTL) throws(Problem) {
        guard let ttl else { return }
        guard bounds.minSeconds <= ttl.minSeconds, ttl.minSeconds <= ttl.defaultSeconds,
            ttl.defaultSeconds <= ttl.maxSeconds, ttl.maxSeconds <= bounds.maxSeconds
        else {
            throw Problem(
                .ttlOutOfRange, field: "hold_ttl_seconds",
                "must have \(bounds.minSeconds) <= min <= default <= max <= \(bounds.maxSeconds)")
        }
    }
}

extension JSONReader {
    fileprivate mutating func readEvent(into fields: inout EventBody.Fields) throws(JSONError) {
        try beginObject()
        while let name = try nextKey() {
            switch name {
            case "name": try read(into: &fields.name)
            case "venue_id": try read(into: &fields.venue)
            case "starts_at": try read(into: &fields.startsAt)
            case "on_sale_at": try readOptional(into: &fields.onSaleAt)
            case "currency": try read(into: &fields.currency)
            case "prices": try readPrices(into: &fields.prices)
            case "hold_ttl_seconds": try readTTL(into: &fields.ttl)
            case "max_seats_per_user":
                try readOptional(into: &fields.maxSeatsPerUser, in: .positiveUInt32)
            default: try skipValue()
            }
        }
    }

    private mutating func readPrices(into field: inout [SectionPrice]?) throws(JSONError) {
        try refuseDuplicate(field)
        var prices: [SectionPrice] = []
        try beginObject()
        while let section = try nextKey() {
            let amount = try integer(in: 0...SectionPrice.amountMax)
            prices.append(SectionPrice(section: section.text, amount: amount))
        }
        field = prices
    }

    private mutating func readTTL(into field: inout HoldTTL?) throws(JSONError) {
        try refuseDuplicate(field)
        if try takeNull() { return }
        var bounds: (min: Int64?, default: Int64?, max: Int64?)
        try beginObject()
        while let name = try nextKey() {
            switch name {
            case "min": try read(into: &bounds.min, in: .uint32)
            case "default": try read(into: &bounds.default, in: .uint32)
            case "max": try read(into: &bounds.max, in: .uint32)
            default: try skipValue()
            }
        }
        field = HoldTTL(
            minSeconds: UInt32(try required(bounds.min, "min")),
            defaultSeconds: UInt32(try required(bounds.default, "default")),
            maxSeconds: UInt32(try required(bounds.max, "max")))
    }
}
