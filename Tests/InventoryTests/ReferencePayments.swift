import Inventory
import Primitives

/// The naive model's payments.
extension ReferenceModel {
    mutating func begin(_ c: BeginPayment) -> String {
        guard let index = holds.firstIndex(where: { $0.id == c.hold }) else {
            return "refused no hold"
        }
        let hold = holds[index]
        for (other, candidate) in holds.enumerated()
        where candidate.event == hold.event && candidate.user == hold.user {
            guard let attempt = candidate.attempts.first(where: { $0.key == c.key }) else {
                continue
            }
            return other == index ? replay(hold, attempt) : "refused key reused"
        }
        switch hold.status {
        case "pending": return "refused in progress"
        case "booked": return "order confirmed again"
        case "held" where now < hold.expiresAt: break
        case "held": return "refused expired"
        default: return "refused \(hold.status)"
        }
        holds[index].status = "pending"
        holds[index].order = "pending"
        holds[index].attempts.append(
            Attempt(
                key: c.key, amount: Self.price(hold.seats), deadline: now + c.deadline.rawValue))
        return "payment pending"
    }

    private func replay(_ hold: Hold, _ attempt: Attempt) -> String {
        switch attempt.status {
        case "declined": return "refused declined"
        case "pending", "cancelling":
            return hold.order == "confirmed"
                ? "order confirmed again" : "payment \(attempt.status) again"
        default:
            switch hold.status {
            case "booked": return "order confirmed again"
            case "released", "expired": return "refused \(hold.status)"
            default: return "refused declined"
            }
        }
    }

    /// What the provider says of the hold's attempt with this key.
    mutating func observe(
        _ id: HoldID, _ key: String, _ status: ObservePayment.Status, amount: Int64
    ) -> String {
        guard let index = holds.firstIndex(where: { $0.id == id }),
            let place = holds[index].attempts.firstIndex(where: { $0.key == key })
        else { return "refused no payment" }
        let attempt = holds[index].attempts[place]
        let isOpen = ["pending", "cancelling"].contains(attempt.status)
        let isKnown =
            status == .succeeded
            ? attempt.status == "succeeded" || attempt.isRefunded : !isOpen
        if isKnown { return "payment \(attempt.status) again" }
        if status == .succeeded, amount == attempt.amount {
            succeed(index, place)
        } else {
            if status == .succeeded { holds[index].attempts[place].isRefunded = true }
            if isOpen { fail(index, place, status == .cancelled ? "cancelled" : "declined") }
            // A late success of another amount changes nothing but what is owed.
            if !isOpen { holds[index].attempts[place].status = "succeeded" }
        }
        return "payment \(holds[index].attempts[place].status)"
    }

    private mutating func fail(_ index: Int, _ place: Int, _ status: String) {
        holds[index].attempts[place].status = status
        guard holds[index].order == "pending" else { return }
        holds[index].order = "failed"
        let mayStand = status == "declined" && now < holds[index].expiresAt
        holds[index].status = mayStand ? "held" : "expired"
        if !mayStand { holds[index].endedAt = now }
    }

    private mutating func succeed(_ index: Int, _ place: Int) {
        holds[index].attempts[place].status = "succeeded"
        let hold = holds[index]
        let mayHave =
            ["pending", "failed"].contains(hold.order) && !hold.seats.isEmpty
            && Self.price(hold.seats) == hold.attempts[place].amount
            && hold.seats.allSatisfy { seat in
                owner(hold.event, seat) == index || mayTake(hold.event, seat)
            }
        guard mayHave else {
            holds[index].attempts[place].isRefunded = true
            return
        }
        for seat in hold.seats {
            if let other = owner(hold.event, seat), other != index {
                holds[other].status = "expired"
                holds[other].endedAt = now
            }
        }
        holds[index].status = "booked"
        holds[index].order = "confirmed"
        for other in hold.attempts.indices where hold.attempts[other].status == "pending" {
            if other != place { holds[index].attempts[other].status = "cancelling" }
        }
    }

    private func mayTake(_ event: EventID, _ seat: UInt32) -> Bool {
        switch state(event, seat) {
        case .available: return true
        case .held:
            return owner(event, seat).map { holds[$0].expiresAt <= now } ?? false
        case .paymentPending, .booked, .blocked: return false
        }
    }

    mutating func cancelOrder(of id: HoldID) -> String {
        guard let index = holds.firstIndex(where: { $0.id == id }) else {
            return "refused no order"
        }
        switch holds[index].order {
        case "none": return "refused no order"
        case "pending": return "refused payment pending"
        case "cancelled": return "order cancelled again"
        default: break
        }
        if holds[index].order == "confirmed" {
            for place in holds[index].attempts.indices
            where holds[index].attempts[place].status == "succeeded" {
                holds[index].attempts[place].isRefunded = true
            }
            holds[index].status = "released"
        } else if holds[index].status == "held" {
            holds[index].status = now < holds[index].expiresAt ? "released" : "expired"
        }
        holds[index].endedAt = now
        holds[index].order = "cancelled"
        return "order cancelled"
    }
}
