import Inventory
import Primitives

/// A seat's way through one batch: from the image before its first change to that after its last.
struct SeatStep {
    var address: SeatAddress
    var before: SeatImage
    var after: SeatImage
}

/// Joins the chain of each seat's changes into one step, by rising event and seat, which is also
/// the order of the rows on disk. Throws when a chain has a gap: the state machine would then have
/// changed a seat without saying so.
func joinSeatChains(_ deltas: [ShardDelta], _ flush: Flush) throws(StoreError) -> [SeatStep] {
    /// A change's place: what is sorted instead of the changes themselves.
    struct Place: Comparable {
        var seat: UInt64
        var delta: Int32
        var change: Int32
        static func < (a: Place, b: Place) -> Bool {
            (a.seat, a.delta, a.change) < (b.seat, b.delta, b.change)
        }
    }
    var places: [Place] = []
    places.reserveCapacity(deltas.reduce(0) { $0 + $1.changes.seats.count })
    for (delta, changes) in deltas.lazy.map(\.changes.seats).enumerated() {
        for (position, change) in changes.enumerated() {
            places.append(
                Place(
                    seat: UInt64(change.eventNumber) << 32 | UInt64(change.seat.rawValue),
                    delta: Int32(delta), change: Int32(position)))
        }
    }
    places.sort()

    var steps: [SeatStep] = []
    steps.reserveCapacity(places.count)
    var current: UInt64?
    for place in places {
        let change = deltas[Int(place.delta)].changes.seats[Int(place.change)]
        let address = SeatAddress(eventNumber: change.eventNumber, seat: change.seat)
        guard change.after.version == change.before.version &+ 1 else {
            throw flush.disagreement(
                .versionStep(address, from: change.before.version, to: change.after.version))
        }
        if place.seat == current {
            let end = steps[steps.count - 1].after
            guard end == change.before else {
                throw flush.disagreement(
                    .brokenChain(address, expected: end, found: change.before))
            }
            steps[steps.count - 1].after = change.after
        } else {
            steps.append(
                SeatStep(address: address, before: change.before, after: change.after))
            current = place.seat
        }
    }
    return steps
}
