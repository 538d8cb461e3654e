import Inventory
import Primitives
import Raft

extension NodeCore {
    mutating func readLocally(
        _ operation: ReadOperation, for request: RequestID, _ effects: inout Effects
    ) {
        guard let staleness, staleness <= configuration.stalenessMax else {
            let max = configuration.stalenessMax
            answer(request, .unavailable(.stale(staleness, max: max)), &effects)
            return
        }
        answer(request, read(operation), &effects)
    }

    /// Work that waited for a confirmation of leadership made after it arrived.
    mutating func perform(_ work: ConfirmedWork, _ effects: inout Effects) {
        switch work {
        case .read(let request, let operation): answer(request, read(operation), &effects)
        case .judge(let request, let operation): judge(operation, from: request, &effects)
        case .providerCall(let id):
            if let call = payments.request(of: id, in: inventory) {
                effects.providerCalls.append(call)
            }
        }
    }

    /// Reads whose confirmation failed or never came. Nothing was appended for any of them.
    mutating func giveUp(_ work: [ConfirmedWork], _ effects: inout Effects) {
        for piece in work {
            switch piece {
            case .read(let request, _): answer(request, .unavailable(.noLeader), &effects)
            case .judge(let request, _): answer(request, notLeading, &effects)
            case .providerCall(let call): payments.withdraw(call, at: now.monotonic)
            }
        }
    }

    mutating func expireReads(_ effects: inout Effects) {
        let patience = UInt64(configuration.readPatience.rawValue) * 1_000_000
        guard now.monotonic.nanoseconds > patience else { return }
        let oldest = MonotonicTime(nanoseconds: now.monotonic.nanoseconds - patience)
        giveUp(reads.expire(askedBefore: oldest), &effects)
    }

    private func read(_ operation: ReadOperation) -> Answer {
        switch operation {
        case .venue(let id):
            found(inventory.venue(id).map { .outcome(.venue($0, .first)) }, .venue)
        case .event(let id):
            found(id, .event) { inventory.event(id).map { .outcome(.event($0, .first)) } }
        case .events(let query): .events(page(query))
        case .layout(let hash):
            found(inventory.layout(hash).map { .layout($0) }, .venue)
        case .seatMap(let id):
            found(id, .event) { inventory.seatMap(id).map { .seatMap($0) } }
        case .hold(let id):
            // As the log has it: what no entry says yet, another node's answer may contradict.
            found(id, .hold) {
                inventory.hold(id, at: .zero).map { .outcome(.hold($0, .first)) }
            }
        case .order(let id):
            found(id, .order) { inventory.order(id).map { .outcome(.order($0, .first)) } }
        case .orders(let user): .orders(inventory.orders(ofUser: user))
        }
    }

    private func found<Kind>(
        _ id: ResourceID<Kind>, _ missing: Missing, _ answer: () -> Answer?
    ) -> Answer {
        found(isOurs(id) ? answer() : nil, missing)
    }

    private func found(_ answer: Answer?, _ missing: Missing) -> Answer {
        answer ?? .outcome(.refused(.notFound(missing)))
    }

    /// One more event than asked for tells whether there is a next page.
    private func page(_ query: EventQuery) -> EventPage {
        var events = inventory.events(
            from: query.from, to: query.to, words: query.words,
            after: query.after.map { ($0.startsAt, $0.event) }, limit: query.limit + 1)
        guard events.count > query.limit else { return EventPage(events: events, next: nil) }
        events.removeLast()
        let last = events.last?.content.event
        return EventPage(
            events: events,
            next: last.map { EventPosition(startsAt: $0.startsAt, event: $0.event) })
    }
}
