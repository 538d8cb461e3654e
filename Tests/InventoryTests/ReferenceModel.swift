import Inventory
import Primitives

/// The rules of holds, amendments, blocks and payments once more, told naively: every list is
/// searched, nothing is indexed, nothing is kept twice. It says which answer is due and how each
/// seat stands afterwards.
struct ReferenceModel {
    struct Hold {
        var id: HoldID
        var event: EventID
        var user: String
        var key: String
        var asked: [UInt32]
        var ttl: UInt32?
        var seats: [UInt32]
        var status = "held"
        var createdAt: Int64
        var expiresAt: Int64
        var extended = false
        /// (key, amount, status), by creation.
        var attempts: [Attempt] = []
        var order = "none"
        var endedAt: Int64 = 0
    }
    struct Attempt {
        var key: String
        var amount: Int64
        var status = "pending"
        var deadline: Int64
        var isRefunded = false
    }
    var holds: [Hold] = []
    var blocked: Set<[UInt64]> = []
    var now: Int64 = World.start.rawValue
    let max: Int

    static func price(_ seats: [UInt32]) -> Int64 {
        seats.reduce(0) { $0 + ($1 < 10 ? 500 : 900) }
    }

    private func isLapsed(_ hold: Hold) -> Bool { hold.status == "held" && now >= hold.expiresAt }
    private func isLive(_ hold: Hold) -> Bool {
        ["held", "pending", "booked"].contains(hold.status)
    }

    private func seatKey(_ event: EventID, _ seat: UInt32) -> [UInt64] {
        [UInt64(truncatingIfNeeded: event.bits), UInt64(seat)]
    }

    func owner(_ event: EventID, _ seat: UInt32) -> Int? {
        holds.firstIndex { $0.event == event && isLive($0) && $0.seats.contains(seat) }
    }

    func state(_ event: EventID, _ seat: UInt32) -> SeatState {
        if blocked.contains(seatKey(event, seat)) { return .blocked }
        guard let owner = owner(event, seat) else { return .available }
        switch holds[owner].status {
        case "held": return .held
        case "pending": return .paymentPending
        default: return .booked
        }
    }

    private func isFree(_ event: EventID, _ seat: UInt32) -> Bool {
        if blocked.contains(seatKey(event, seat)) { return false }
        guard let owner = owner(event, seat) else { return true }
        return isLapsed(holds[owner])
    }

    private mutating func end(_ index: Int, _ status: String) {
        holds[index].status = status
        holds[index].endedAt = now
    }

    private mutating func clear(_ event: EventID, _ seat: UInt32) {
        if let owner = owner(event, seat), isLapsed(holds[owner]) { end(owner, "expired") }
    }

    mutating func hold(_ c: HoldSeats) -> String {
        let seats = c.seats.map(\.rawValue)
        if let old = holds.first(where: {
            $0.event == c.event && $0.user == c.user && $0.key == c.key
        }) {
            if old.asked != seats || old.ttl != c.ttlSeconds { return "refused key reused" }
            if old.status == "expired" || isLapsed(old) { return "refused expired" }
            if old.status == "released" { return "refused released" }
            return "hold \(old.status == "pending" ? "paymentPending" : old.status) again"
        }
        if let ttl = c.ttlSeconds, ttl < 10 || ttl > 900 { return "refused ttl" }
        if seats.contains(where: { !isFree(c.event, $0) }) { return "refused seats unavailable" }
        let mine = holds.filter {
            $0.event == c.event && $0.user == c.user && isLive($0) && !isLapsed($0)
        }
        if mine.reduce(seats.count, { $0 + $1.seats.count }) > max {
            return "refused limit seatsPerUser(max: \(max))"
        }
        for seat in seats { clear(c.event, seat) }
        holds.append(
            Hold(
                id: c.hold, event: c.event, user: c.user, key: c.key, asked: seats,
                ttl: c.ttlSeconds, seats: seats, createdAt: now,
                expiresAt: now + Int64(c.ttlSeconds ?? 300) * 1_000))
        return "hold held"
    }

    private func find(_ id: HoldID) -> Int? { holds.firstIndex { $0.id == id } }

    private func refusalToChange(_ hold: Hold) -> String? {
        if isLapsed(hold) { return "refused expired" }
        switch hold.status {
        case "held": return nil
        case "pending": return "refused payment pending"
        case "booked": return "refused committed"
        default: return "refused \(hold.status)"
        }
    }

    mutating func release(_ id: HoldID) -> String {
        guard let index = find(id) else { return "refused no hold" }
        if holds[index].status == "released" { return "released" }
        if let refusal = refusalToChange(holds[index]) { return refusal }
        end(index, "released")
        return "released"
    }

    mutating func amend(_ c: AmendHold) -> String {
        guard let index = find(c.hold) else { return "refused no hold" }
        if let refusal = refusalToChange(holds[index]) { return refusal }
        let drop = c.releaseSeats.map(\.rawValue)
        if drop.contains(where: { !holds[index].asked.contains($0) }) {
            return "refused unknown seat"
        }
        if let extend = c.extendSeconds {
            if holds[index].extended { return "refused limit extensions" }
            holds[index].extended = true
            holds[index].expiresAt = min(
                holds[index].expiresAt + Int64(extend) * 1_000, holds[index].createdAt + 900_000)
        }
        holds[index].seats.removeAll { drop.contains($0) }
        if holds[index].seats.isEmpty { end(index, "released") }
        return "hold \(holds[index].status)"
    }

    mutating func block(_ c: SetBlocked) -> String {
        let seats = c.seats.map(\.rawValue)
        let isTaken = seats.contains { seat in
            !isFree(c.event, seat) && !blocked.contains(seatKey(c.event, seat))
        }
        if isTaken { return "refused seats unavailable" }
        for seat in seats {
            if c.target == .available {
                blocked.remove(seatKey(c.event, seat))
            } else if !blocked.contains(seatKey(c.event, seat)) {
                clear(c.event, seat)
                blocked.insert(seatKey(c.event, seat))
            }
        }
        return "blocked"
    }

    mutating func expire() {
        for index in holds.indices {
            if isLapsed(holds[index]) { end(index, "expired") }
            for attempt in holds[index].attempts.indices
            where holds[index].attempts[attempt].status == "pending"
                && holds[index].attempts[attempt].deadline <= now
            {
                holds[index].attempts[attempt].status = "cancelling"
            }
        }
        // Ended holds are forgotten, but for those with a payment and the newest of each shard.
        let newest = Set(
            Dictionary(grouping: holds, by: \.event.shard).values.compactMap(\.last?.id))
        holds = holds.filter { hold in
            isLive(hold) || !hold.attempts.isEmpty || newest.contains(hold.id)
                || hold.endedAt + World.replayWindow.rawValue > now
        }
    }
}
