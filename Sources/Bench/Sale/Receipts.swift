import HTTPProtocol

/// A hold as the cluster shows it.
struct HoldReceipt: Hashable, Sendable {
    var holdID: String
    var userID: String
    var seats: [SeatNumber]
    var status: String
    var amount: Int64
}

/// An order as the cluster shows it.
struct OrderReceipt: Hashable, Sendable {
    /// One attempt to pay.
    struct Payment: Hashable, Sendable {
        var paymentID: String
        var status: String
        var amount: Int64
    }

    var orderID: String
    var holdID: String
    var userID: String
    var seats: [SeatNumber]
    var status: String
    var amount: Int64
    /// Every attempt; empty in the answer to a commit, which shows only the one that decided.
    var payments: [Payment]
}

extension HoldReceipt {
    init(_ body: [UInt8], _ stadium: Stadium) throws(JSONError) {
        var reader = JSONReader(body)
        var fields: (id: String?, user: String?, status: String?, amount: Int64?)
        var seats: [SeatNumber]?
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "hold_id": try reader.read(into: &fields.id)
            case "user_id": try reader.read(into: &fields.user)
            case "status": try reader.read(into: &fields.status)
            case "amount": try reader.read(into: &fields.amount)
            case "seat_ids": seats = try reader.seats(stadium)
            default: try reader.skipValue()
            }
        }
        self.init(
            holdID: try reader.required(fields.id, "hold_id"),
            userID: try reader.required(fields.user, "user_id"),
            seats: try reader.required(seats, "seat_ids"),
            status: try reader.required(fields.status, "status"),
            amount: try reader.required(fields.amount, "amount"))
        try reader.finish()
    }
}

extension OrderReceipt {
    init(_ body: [UInt8], _ stadium: Stadium) throws(JSONError) {
        var reader = JSONReader(body)
        self = try reader.order(stadium)
        try reader.finish()
    }

    /// The answer to `GET /users/{id}/orders`.
    static func list(_ body: [UInt8], _ stadium: Stadium) throws(JSONError) -> [OrderReceipt] {
        var reader = JSONReader(body)
        var orders: [OrderReceipt] = []
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "data":
                try reader.beginArray()
                while try reader.nextElement() { orders.append(try reader.order(stadium)) }
            default: try reader.skipValue()
            }
        }
        try reader.finish()
        return orders
    }
}

extension JSONReader {
    fileprivate mutating func order(_ stadium: Stadium) throws(JSONError) -> OrderReceipt {
        var fields: (id: String?, hold: String?, user: String?, status: String?, amount: Int64?)
        var seats: [SeatNumber]?
        var payments: [OrderReceipt.Payment] = []
        try beginObject()
        while let key = try nextKey() {
            switch key {
            case "order_id": try read(into: &fields.id)
            case "hold_id": try read(into: &fields.hold)
            case "user_id": try read(into: &fields.user)
            case "status": try read(into: &fields.status)
            case "amount": try read(into: &fields.amount)
            case "seat_ids": seats = try self.seats(stadium)
            case "payments":
                try beginArray()
                while try nextElement() { payments.append(try payment()) }
            default: try skipValue()
            }
        }
        return OrderReceipt(
            orderID: try required(fields.id, "order_id"),
            holdID: try required(fields.hold, "hold_id"),
            userID: try required(fields.user, "user_id"),
            seats: try required(seats, "seat_ids"),
            status: try required(fields.status, "status"),
            amount: try required(fields.amount, "amount"), payments: payments)
    }

    private mutating func payment() throws(JSONError) -> OrderReceipt.Payment {
        var fields: (id: String?, status: String?, amount: Int64?)
        try beginObject()
        while let key = try nextKey() {
            switch key {
            case "payment_id": try read(into: &fields.id)
            case "status": try read(into: &fields.status)
            case "amount": try read(into: &fields.amount)
            default: try skipValue()
            }
        }
        return OrderReceipt.Payment(
            paymentID: try required(fields.id, "payment_id"),
            status: try required(fields.status, "status"),
            amount: try required(fields.amount, "amount"))
    }

    /// Names of seats; one that the stadium does not have becomes a number beyond all of them, so
    /// that it equals no seat that was asked for.
    fileprivate mutating func seats(_ stadium: Stadium) throws(JSONError) -> [SeatNumber] {
        var seats: [SeatNumber] = []
        try beginArray()
        while try nextElement() {
            seats.append(stadium.seat(named: try string()) ?? SeatNumber(stadium.seatCount))
        }
        return seats
    }
}
