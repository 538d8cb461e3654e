import HTTPProtocol

/// `POST /events/{id}/reservations`.
struct HoldBody {
    let key: String
    let user: String
    let seats: [String]
    /// Whether it is in the event's bounds is for the core to say.
    let ttlSeconds: UInt32?

    init(_ body: [UInt8], seatsMax: Int) throws(Problem) {
        var fields: (key: String?, user: String?, seats: [String]?, ttl: Int64?)
        do {
            var reader = JSONReader(body)
            try reader.beginObject()
            while let name = try reader.nextKey() {
                switch name {
                case "client_reservation_id": try reader.read(into: &fields.key)
                case "user_id": try reader.read(into: &fields.user)
                case "seat_ids": try reader.read(into: &fields.seats, countMax: seatsMax)
                case "ttl_seconds": try reader.readOptional(into: &fields.ttl, in: .positiveUInt32)
                default: try reader.skipValue()
                }
            }
            key = try reader.required(fields.key, "client_reservation_id")
            user = try reader.required(fields.user, "user_id")
            seats = try reader.required(fields.seats, "seat_ids")
            try reader.finish()
        } catch {
            throw Problem(ttl: error)
        }
        ttlSeconds = fields.ttl.map { UInt32($0) }
        try FieldRule.requireID(key, "client_reservation_id")
        try FieldRule.requireID(user, "user_id")
        try FieldRule.requireSeats(seats, "seat_ids")
    }
}

/// `PATCH /reservations/{id}`: one of the two at least.
struct AmendmentBody {
    let extendSeconds: UInt32?
    let releaseSeats: [String]

    init(_ body: [UInt8], seatsMax: Int) throws(Problem) {
        var fields: (extend: Int64?, release: [String]?)
        do {
            var reader = JSONReader(body)
            try reader.beginObject()
            while let name = try reader.nextKey() {
                switch name {
                case "extend_seconds":
                    try reader.readOptional(into: &fields.extend, in: .positiveUInt32)
                case "release_seat_ids":
                    try reader.read(into: &fields.release, countMax: seatsMax)
                default: try reader.skipValue()
                }
            }
            try reader.finish()
        } catch {
            throw Problem(ttl: error)
        }
        guard fields.extend != nil || fields.release != nil else {
            throw .invalid("extend_seconds", "is missing, and so is release_seat_ids")
        }
        extendSeconds = fields.extend.map { UInt32($0) }
        releaseSeats = fields.release ?? []
        if fields.release != nil { try FieldRule.requireSeats(releaseSeats, "release_seat_ids") }
    }
}

/// `POST /reservations/{id}/commit`.
struct CommitBody {
    let token: String
    /// The header may carry it instead.
    let key: String?

    init(_ body: [UInt8]) throws(Problem) {
        var fields: (token: String?, key: String?)
        do {
            var reader = JSONReader(body)
            try reader.beginObject()
            while let name = try reader.nextKey() {
                switch name {
                case "payment_token": try reader.read(into: &fields.token)
                case "idempotency_key": try reader.readOptional(into: &fields.key)
                default: try reader.skipValue()
                }
            }
            token = try reader.required(fields.token, "payment_token")
            try reader.finish()
        } catch {
            throw Problem(error)
        }
        key = fields.key
        try FieldRule.requireID(token, "payment_token")
        if let key { try FieldRule.requireID(key, "idempotency_key") }
    }
}

/// `POST /events/{id}/blocks`.
struct BlockBody {
    let seats: [String]
    let isBlocked: Bool

    init(_ body: [UInt8], seatsMax: Int) throws(Problem) {
        var fields: (seats: [String]?, blocked: Bool?)
        do {
            var reader = JSONReader(body)
            try reader.beginObject()
            while let name = try reader.nextKey() {
                switch name {
                case "seat_ids": try reader.read(into: &fields.seats, countMax: seatsMax)
                case "blocked": try reader.read(into: &fields.blocked)
                default: try reader.skipValue()
                }
            }
            seats = try reader.required(fields.seats, "seat_ids")
            isBlocked = try reader.required(fields.blocked, "blocked")
            try reader.finish()
        } catch {
            throw Problem(error)
        }
        try FieldRule.requireSeats(seats, "seat_ids")
    }
}

extension Problem {
    /// The same as for other fields, but a number of seconds out of its range has its own code.
    fileprivate init(ttl error: JSONError) {
        self.init(error)
        if case .outOfRange = error.reason { code = .ttlOutOfRange }
    }
}
