import Primitives

/// Taking seats: all of them or none.
extension EventShard {
    struct HoldPlan {
        var eventIndex: Int
        var keyHash: UInt128
        var ttl: Milliseconds
    }

    func decide(_ command: HoldSeats, at now: WallTime) -> Decision<HoldPlan> {
        guard let index = eventIndex(command.event), let content = events[index].content else {
            return .refuse(.notFound(.event))
        }
        let keyHash = KeyHash.of(
            .hold, eventNumber: UInt32(index + 1), command.user, command.key)
        if let slot = holds.byKey[keyHash], !Mutant.retryAppliedTwice.isPlanted {
            return .answer(replay(command, Int(slot), at: now))
        }
        // Ids are random, so this is a request's own id sent again with another key.
        guard holds.byID[command.hold.bits] == nil else { return .refuse(.idempotencyKeyReused) }
        let bounds = content.event.ttl
        let ttlSeconds = command.ttlSeconds ?? bounds.defaultSeconds
        guard bounds.minSeconds <= ttlSeconds, ttlSeconds <= bounds.maxSeconds else {
            return .refuse(.ttlOutOfRange(bounds))
        }
        if let opensAt = content.event.onSaleAt, now < opensAt {
            return .refuse(.notOnSale(opensAt: opensAt))
        }
        if let refusal = refusal(ofSeats: command.seats, in: content.layout, index, at: now) {
            return .refuse(refusal)
        }
        if let max = content.event.maxSeatsPerUser,
            liveSeatCount(ofUser: command.user, eventIndex: index, at: now) + command.seats.count
                > Int(max)
        {
            return .refuse(.limitExceeded(.seatsPerUser(max: max)))
        }
        return .perform(
            HoldPlan(eventIndex: index, keyHash: keyHash, ttl: .seconds(Int64(ttlSeconds))))
    }

    mutating func perform(_ command: HoldSeats, _ plan: HoldPlan, at now: WallTime) -> Outcome {
        let index = plan.eventIndex
        for seat in command.seats { freeLapsed(seat, ofEvent: index, at: now) }
        let row = HoldRow(
            number: holds.lastNumber + 1, id: command.hold, eventNumber: events[index].row.number,
            user: command.user, key: command.key, requestedSeats: command.seats,
            seats: command.seats, requestedTTLSeconds: command.ttlSeconds, status: .held,
            createdAt: now, expiresAt: now + plan.ttl, endedAt: nil, extensions: 0,
            amount: events[index].price(of: command.seats), orderNumber: nil, amendments: [])
        let slot = holds.insert(HoldRecord(row: row), key: plan.keyHash)
        holds.openCount += 1
        noteHold(slot)
        noteClaims(of: slot)
        timers.resumePostponed()
        schedule(slot)
        for seat in command.seats { setSeat(seat, ofEvent: index, to: .held, claim: slot) }
        settleRevisions()
        return .hold(view(ofHold: slot, at: now), .first)
    }

    /// The answer to a key seen before.
    private func replay(_ command: HoldSeats, _ slot: Int, at now: WallTime) -> Outcome {
        guard holds[slot].row.requestedSeats == command.seats,
            holds[slot].row.requestedTTLSeconds == command.ttlSeconds
        else { return .refused(.idempotencyKeyReused) }
        switch status(ofHold: slot, at: now) {
        case .held, .paymentPending, .booked: return .hold(view(ofHold: slot, at: now), .replayed)
        case .released: return .refused(.holdReleased)
        case .expired: return .refused(.holdExpired)
        }
    }

    private func refusal(
        ofSeats seats: [SeatIndex], in layout: Layout, _ eventIndex: Int, at now: WallTime
    ) -> Refusal? {
        guard 1...HoldSeats.seatsMax ~= seats.count, seats.areDistinct else {
            return .limitExceeded(.seatsPerHold(max: UInt32(HoldSeats.seatsMax)))
        }
        var conflicts: [SeatConflict] = []
        for seat in seats {
            guard seat.rawValue < events[eventIndex].row.seatCount else {
                return .unknownSeat(seat)
            }
            if let conflict = conflict(at: seat, ofEvent: eventIndex, at: now) {
                conflicts.append(SeatConflict(seat: seat, state: conflict))
            }
        }
        return conflicts.isEmpty ? nil : .seatsUnavailable(conflicts, in: layout)
    }

    /// How the seat is taken; nil when it is free, or held by a hold that has lapsed.
    func conflict(
        at seat: SeatIndex, ofEvent index: Int, at now: WallTime
    ) -> SeatConflict.State? {
        switch events[index].state(of: seat) {
        case .available: nil
        case .held where Mutant.heldSeatsGiven.isPlanted: nil
        case .held: isHeldByLapsed(seat, ofEvent: index, at: now) ? nil : .held
        case .paymentPending: .held
        case .booked: .booked
        case .blocked: .blocked
        }
    }

    func isHeldByLapsed(_ seat: SeatIndex, ofEvent index: Int, at now: WallTime) -> Bool {
        guard let slot = events[index].claim(of: seat) else { return false }
        return holds[slot].row.status == .held && holds[slot].row.expiresAt <= now
    }

    /// Expires the hold that holds the seat, wholly, if it has lapsed.
    mutating func freeLapsed(_ seat: SeatIndex, ofEvent index: Int, at now: WallTime) {
        guard isHeldByLapsed(seat, ofEvent: index, at: now),
            let slot = events[index].claim(of: seat)
        else { return }
        endHold(slot, as: .expired, at: now)
    }

    private func liveSeatCount(ofUser user: String, eventIndex: Int, at now: WallTime) -> Int {
        guard let slots = events[eventIndex].holdsByUser[KeyHash.of(.user, user)] else { return 0 }
        return slots.reduce(0) { count, slot in
            status(ofHold: Int(slot), at: now).isLive
                ? count + holds[Int(slot)].row.seats.count : count
        }
    }
}

extension HoldSeats {
    /// What the state machine accepts; the request path has a limit of its own, not above this.
    package static let seatsMax = 100
}

extension [SeatIndex] {
    /// Compares each with each: lists are short.
    fileprivate var areDistinct: Bool {
        indices.allSatisfy { index in !self[..<index].contains(self[index]) }
    }
}
