import Inventory
import Primitives

/// Checks what the schema cannot state: that rows name rows that exist, and that the seats, the
/// confirmed orders and `booked_seats` tell one story. Costs one pass over the image.
func checkReferences(
    _ image: ShardImage, booked: [BookedSeat], _ connection: Connection
) throws(StoreError) {
    try checkRows(image, connection)
    try checkSeats(image, booked: booked, connection)
    try checkOwners(image.orders, booked: booked, connection)
}

private func checkRows(_ image: ShardImage, _ connection: Connection) throws(StoreError) {
    var seatCounts: [UInt32: UInt32] = [:]
    for event in image.events { seatCounts[event.number] = event.seatCount }
    for hold in image.holds {
        let count = seatCounts[hold.eventNumber] ?? 0
        guard hold.requestedSeats.allSatisfy({ $0.rawValue < count }) else {
            throw connection.damaged("hold \(hold.number) names a seat that does not exist")
        }
    }
    let holds = Set(image.holds.map(\.number))
    for order in image.orders {
        let count = seatCounts[order.eventNumber] ?? 0
        guard holds.contains(order.holdNumber) else {
            throw connection.damaged("order \(order.number) is of no hold")
        }
        guard order.seats.allSatisfy({ $0.rawValue < count }) else {
            throw connection.damaged("order \(order.number) names a seat that does not exist")
        }
    }
    let orders = Set(image.orders.map(\.number))
    for payment in image.payments where !orders.contains(payment.orderNumber) {
        throw connection.damaged("payment \(payment.number) is for no order")
    }
    let payments = Set(image.payments.map(\.number))
    for refund in image.refunds where !payments.contains(refund.paymentNumber) {
        throw connection.damaged("refund \(refund.number) is of no payment")
    }
}

/// Every claim is that of a hold of the same event; the booked seats are those of `booked`.
private func checkSeats(
    _ image: ShardImage, booked: [BookedSeat], _ connection: Connection
) throws(StoreError) {
    var events: [UInt64: UInt32] = [:]
    events.reserveCapacity(image.holds.count)
    for hold in image.holds { events[hold.number] = hold.eventNumber }
    var next = 0
    for (eventNumber, images) in image.seats {
        for (position, seat) in images.enumerated() {
            let address = SeatAddress(
                eventNumber: eventNumber, seat: SeatIndex(UInt32(position)))
            if seat.holdNumber != 0, events[seat.holdNumber] != eventNumber {
                throw connection.damaged("\(address) is claimed by no hold: \(seat.text)")
            }
            guard seat.state == .booked else { continue }
            guard next < booked.count, booked[next].eventNumber == eventNumber,
                booked[next].seat == address.seat
            else { throw connection.damaged("\(address) is booked, but not in booked_seats") }
            next += 1
        }
    }
    guard next == booked.count else {
        let address = SeatAddress(
            eventNumber: booked[next].eventNumber, seat: booked[next].seat)
        throw connection.damaged("\(address) is in booked_seats, but not booked")
    }
}

/// The confirmed orders own the booked seats, each once.
private func checkOwners(
    _ orders: [OrderRow], booked: [BookedSeat], _ connection: Connection
) throws(StoreError) {
    var unclaimed = Set(booked)
    for order in orders where order.status == .confirmed {
        for seat in order.seats {
            let row = BookedSeat(
                eventNumber: order.eventNumber, seat: seat, orderNumber: order.number)
            guard unclaimed.remove(row) != nil else {
                let address = SeatAddress(eventNumber: order.eventNumber, seat: seat)
                throw connection.damaged("order \(order.number) does not own \(address)")
            }
        }
    }
    guard unclaimed.isEmpty else {
        throw connection.damaged("\(unclaimed.count) rows of booked_seats are of no order")
    }
}
