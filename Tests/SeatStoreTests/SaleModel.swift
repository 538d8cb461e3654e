import Inventory
import Primitives
import SeatStore

/// A random sale in memory: each step changes rows and notes the changes, as the state machine
/// does; `image` is what the store must hold after them.
struct SaleModel {
    private(set) var image = ShardImage(
        shard: sampleShard, appliedIndex: .zero, clock: .zero, digest: 0)
    private var random: PRNG
    private var nextHold: UInt64 = 1
    private var changes = RowChanges()

    init(seed: UInt64) { random = PRNG(seed: seed) }

    /// The changes of one to twelve steps.
    mutating func nextDelta() -> ShardDelta {
        changes = RowChanges()
        for _ in 0...random.next(below: 12) { step() }
        let delta = ShardDelta(
            shard: sampleShard,
            appliedIndex: image.appliedIndex.advanced(by: 1 + Int(random.next(below: 3))),
            clock: WallTime(image.clock.rawValue + Int64(random.next(below: 50))),
            digest: random.next(), changes: changes)
        image.appliedIndex = delta.appliedIndex
        image.clock = delta.clock
        image.digest = delta.digest
        return delta
    }

    private mutating func step() {
        switch random.next(below: 10) {
        case 0 where image.events.count < 4: createEvent()
        case 0...4: holdSeats()
        case 5: endHold()
        case 6: beginPayment()
        case 7: settlePayment()
        case 8: cancelOrder()
        default: forgetHold()
        }
    }

    private mutating func createEvent() {
        let row = event(
            UInt32(image.events.count + 1), seats: UInt32(random.next(below: 40)))
        image.events.append(row)
        image.seats.append(
            (row.number, [SeatImage](repeating: .initial, count: Int(row.seatCount))))
        changes.events.append(row)
    }

    private mutating func holdSeats() {
        guard !image.events.isEmpty else { return }
        let position = Int(random.next(below: UInt64(image.events.count)))
        let seats = image.seats[position].images.indices.filter {
            image.seats[position].images[$0].state == .available && random.next(below: 8) == 0
        }
        guard !seats.isEmpty else { return }
        let row = hold(
            nextHold, event: image.events[position].number, seats: seats.map { UInt32($0) })
        nextHold += 1
        image.holds.append(row)
        changes.holds.append(row)
        move(row.seats, of: row.eventNumber, to: .held, hold: row.number)
    }

    private mutating func endHold() {
        guard let position = pick(image.holds.indices.filter { image.holds[$0].status == .held })
        else { return }
        end(position, status: random.next(below: 2) == 0 ? .released : .expired)
    }

    private mutating func end(_ position: Int, status: HoldStatus) {
        let row = image.holds[position]
        move(row.seats, of: row.eventNumber, to: .available, hold: 0)
        changeHold(position) {
            $0.status = status
            $0.endedAt = WallTime(1_795_344_000_000)
        }
    }

    private mutating func beginPayment() {
        guard
            let position = pick(
                image.holds.indices.filter {
                    image.holds[$0].status == .held && image.holds[$0].orderNumber == nil
                })
        else { return }
        let number = UInt64(image.orders.count + 1)
        let row = image.holds[position]
        image.orders.append(
            order(
                number, hold: row.number, event: row.eventNumber,
                seats: row.seats.map(\.rawValue), status: .pending))
        image.payments.append(payment(number, order: number))
        changes.orders.append(image.orders[image.orders.count - 1])
        changes.payments.append(image.payments[image.payments.count - 1])
        changeHold(position) {
            $0.status = .paymentPending
            $0.orderNumber = number
        }
        move(row.seats, of: row.eventNumber, to: .paymentPending, hold: row.number)
    }

    private mutating func settlePayment() {
        guard
            let position = pick(
                image.payments.indices.filter { image.payments[$0].status == .pending })
        else { return }
        let isPaid = random.next(below: 3) > 0
        image.payments[position].status = isPaid ? .succeeded : .declined
        image.payments[position].settledAt = WallTime(1_795_343_402_000)
        changes.payments.append(image.payments[position])
        image.orders[position].status = isPaid ? .confirmed : .failed
        changes.orders.append(image.orders[position])
        let row = image.orders[position]
        guard let held = image.holds.firstIndex(where: { $0.number == row.holdNumber })
        else { preconditionFailure("a hold with an order is never forgotten") }
        if isPaid {
            changeHold(held) { $0.status = .booked }
            move(row.seats, of: row.eventNumber, to: .booked, hold: row.holdNumber)
        } else {
            end(held, status: .expired)
        }
    }

    private mutating func cancelOrder() {
        guard
            let position = pick(
                image.orders.indices.filter { image.orders[$0].status == .confirmed })
        else { return }
        image.orders[position].status = .cancelled
        image.orders[position].cancelledAt = WallTime(1_795_343_500_000)
        changes.orders.append(image.orders[position])
        let row = image.orders[position]
        if let held = image.holds.firstIndex(where: { $0.number == row.holdNumber }) {
            end(held, status: .released)
        }
        image.refunds.append(refund(UInt64(image.refunds.count + 1), payment: row.number))
        changes.refunds.append(image.refunds[image.refunds.count - 1])
    }

    private mutating func forgetHold() {
        guard
            let position = pick(
                image.holds.indices.filter {
                    image.holds[$0].endedAt != nil && image.holds[$0].orderNumber == nil
                })
        else { return }
        changes.forgottenHolds.append(image.holds[position].number)
        image.holds.remove(at: position)
    }

    private mutating func changeHold(_ position: Int, _ change: (inout HoldRow) -> Void) {
        change(&image.holds[position])
        changes.holds.append(image.holds[position])
    }

    private mutating func move(
        _ seats: [SeatIndex], of eventNumber: UInt32, to state: SeatState, hold: UInt64
    ) {
        let event = Int(eventNumber) - 1
        for seat in seats {
            let before = image.seats[event].images[Int(seat.rawValue)]
            let after = SeatImage(state, before.version + 1, hold: hold)
            image.seats[event].images[Int(seat.rawValue)] = after
            changes.seats.append(
                SeatChange(eventNumber: eventNumber, seat: seat, before: before, after: after))
        }
        image.events[event].revision = image.events[event].revision.next
        changes.events.append(image.events[event])
    }

    private mutating func pick(_ fitting: [Int]) -> Int? {
        fitting.isEmpty ? nil : fitting[random.next(in: 0...(fitting.count - 1))]
    }
}

extension ShardImage {
    /// The tables in which two images differ; empty for equal ones.
    func differences(from other: ShardImage) -> [String] {
        let comparisons: [(String, Bool)] = [
            ("progress", appliedIndex == other.appliedIndex),
            ("clock", clock == other.clock), ("digest", digest == other.digest),
            ("events", events == other.events),
            ("seats", seats.elementsEqual(other.seats) { $0 == $1 }),
            ("holds", holds == other.holds), ("orders", orders == other.orders),
            ("payments", payments == other.payments), ("refunds", refunds == other.refunds),
            ("venues", venues == other.venues), ("parts", venueParts == other.venueParts),
            ("webhooks", webhooks == other.webhooks),
        ]
        return comparisons.filter { !$0.1 }.map(\.0)
    }
}
