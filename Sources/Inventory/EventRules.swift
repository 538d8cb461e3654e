import Primitives

/// Creating events, and taking seats off sale and back.
extension EventShard {
    func decide(_ command: CreateEvent, _ scope: EntryScope) -> Decision<Layout> {
        if let index = eventsByID[command.event.bits].map(Int.init) {
            guard events[index].row.content.bodyHash == command.bodyHash else {
                return .refuse(.idempotencyKeyReused)
            }
            guard let view = view(ofEvent: index) else { return .refuse(.notFound(.venue)) }
            return .answer(.event(view, .replayed))
        }
        guard let venue = scope.venue(command.venue) else { return .refuse(.notFound(.venue)) }
        if let fault = command.priceFault(in: venue.layout) {
            return .refuse(.pricesInvalid(fault))
        }
        return .perform(venue.layout)
    }

    mutating func perform(_ command: CreateEvent, _ layout: Layout, at now: WallTime) -> Outcome {
        let row = EventRow(
            number: UInt32(events.count + 1), content: command,
            seatCount: UInt32(layout.seatCount), createdAt: now, revision: .zero)
        let index = events.count
        eventsByID.insert(command.event.bits, UInt32(index))
        let event = EventState(row: row, layout: layout)
        digest &+= event.contentHash &+ RowHash.revision(eventNumber: row.number, .zero)
        events.append(event)
        markEvent(index)
        return event.content.map { content in
            .event(EventView(content: content, revision: .zero), .first)
        } ?? .refused(.notFound(.event))
    }

    struct BlockPlan {
        var eventIndex: Int
        var state: SeatState
    }

    func decide(_ command: SetBlocked, at now: WallTime) -> Decision<BlockPlan> {
        guard let index = eventIndex(command.event), let view = view(ofEvent: index) else {
            return .refuse(.notFound(.event))
        }
        var conflicts: [SeatConflict] = []
        var changesNothing = true
        for seat in command.seats {
            guard seat.rawValue < events[index].row.seatCount else {
                return .refuse(.unknownSeat(seat))
            }
            let conflict = conflict(at: seat, ofEvent: index, at: now)
            if conflict != command.target.sameState { changesNothing = false }
            guard let conflict, conflict != .blocked else { continue }
            conflicts.append(SeatConflict(seat: seat, state: conflict))
        }
        guard conflicts.isEmpty else {
            return .refuse(.seatsUnavailable(conflicts, in: view.content.layout))
        }
        guard !changesNothing else {
            return .answer(.blocked(event: command.event, revision: view.revision))
        }
        return .perform(BlockPlan(eventIndex: index, state: command.target.seatState))
    }

    mutating func perform(_ command: SetBlocked, _ plan: BlockPlan, at now: WallTime) -> Outcome {
        for seat in command.seats
        where conflict(at: seat, ofEvent: plan.eventIndex, at: now) != command.target.sameState {
            freeLapsed(seat, ofEvent: plan.eventIndex, at: now)
            setSeat(seat, ofEvent: plan.eventIndex, to: plan.state, claim: nil)
        }
        settleRevisions()
        return .blocked(event: command.event, revision: events[plan.eventIndex].row.revision)
    }
}

extension SetBlocked.Target {
    fileprivate var seatState: SeatState {
        switch self {
        case .available: .available
        case .blocked: .blocked
        }
    }

    /// What `conflict(at:)` says of a seat that is so already.
    fileprivate var sameState: SeatConflict.State? {
        switch self {
        case .available: nil
        case .blocked: .blocked
        }
    }
}

extension CreateEvent {
    /// Every section has to have a price, and every price a section.
    fileprivate func priceFault(in layout: Layout) -> PriceFault? {
        for (index, price) in prices.enumerated() {
            guard 0...SectionPrice.amountMax ~= price.amount else {
                return .outOfRange(section: price.section)
            }
            if prices[..<index].contains(where: { $0.section.hasSameBytes(as: price.section) }) {
                return .repeated(section: price.section)
            }
            let isKnown =
                price.section.hasSameBytes(as: "*")
                || layout.sections.contains { $0.id.hasSameBytes(as: price.section) }
            if !isKnown { return .unknownSection(price.section) }
        }
        for section in layout.sections where price(ofSection: section.id) == nil {
            return .missing(section: section.id)
        }
        return nil
    }
}
