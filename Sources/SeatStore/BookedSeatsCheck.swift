import Inventory
import Primitives

/// The second witness heard at a start: `booked_seats` must tell of the same seats as the seats'
/// own rows, and of the same owners as the confirmed orders. Costs one pass over the image.
func checkBookedSeats(
    _ booked: [BookedSeat], _ image: ShardImage, _ connection: Connection
) throws(StoreError) {
    try checkSeats(image.seats, booked, connection)
    try checkOwners(image.orders, booked, connection)
}

/// Both stand by event and seat, so one walk compares them.
private func checkSeats(
    _ seats: [(eventNumber: UInt32, images: [SeatImage])], _ booked: [BookedSeat],
    _ connection: Connection
) throws(StoreError) {
    var next = 0
    for (eventNumber, images) in seats {
        for (position, image) in images.enumerated() where image.state == .booked {
            let address = SeatAddress(
                eventNumber: eventNumber, seat: SeatIndex(UInt32(position)))
            guard next < booked.count, booked[next].address == address else {
                throw connection.damaged("\(address) is booked, but not in booked_seats")
            }
            next += 1
        }
    }
    guard next == booked.count else {
        throw connection.damaged("\(booked[next].address) is in booked_seats, but not booked")
    }
}

private func checkOwners(
    _ orders: [OrderRow], _ booked: [BookedSeat], _ connection: Connection
) throws(StoreError) {
    var unowned = Set(booked)
    for order in orders where order.status == .confirmed {
        for seat in order.seats {
            let address = SeatAddress(eventNumber: order.eventNumber, seat: seat)
            let row = BookedSeat(address: address, orderNumber: order.number)
            guard unowned.remove(row) != nil else {
                throw connection.damaged("order \(order.number) does not own \(address)")
            }
        }
    }
    guard unowned.isEmpty else {
        throw connection.damaged("\(unowned.count) rows of booked_seats are of no order")
    }
}
