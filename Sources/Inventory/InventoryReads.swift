package import Primitives

/// What is applied, as clients see it. Each function takes ids as they came: one of another
/// cluster's shards is simply not found.
extension Inventory {
    /// The place in `eventShards` that an id of a client names.
    private func place(_ id: ShardID) -> Int? {
        id.rawValue < shardCount ? Int(id.rawValue) : nil
    }

    /// The event, once its venue is known here.
    package func event(_ id: EventID) -> EventView? {
        guard let place = place(id.shard), let index = eventShards[place].eventIndex(id) else {
            return nil
        }
        return eventShards[place].view(ofEvent: index)
    }

    /// The venue, once it is sealed.
    package func venue(_ id: VenueID) -> VenueView? { system.venues[id]?.view }

    /// The layout with this content hash, of a venue that is sealed.
    package func layout(_ hash: UInt128) -> Layout? { system.layouts[hash] }

    /// The hold as it is at `now`, or at the log's clock if that is later: one that has lapsed by
    /// then reads as expired.
    package func hold(_ id: HoldID, at now: WallTime = .zero) -> HoldView? {
        guard let place = place(id.shard), let slot = eventShards[place].holdSlot(id) else {
            return nil
        }
        return eventShards[place].view(ofHold: slot, at: max(now, eventShards[place].clock))
    }

    /// The order with its payments.
    package func order(_ id: OrderID) -> OrderView? {
        guard let place = place(id.shard), let index = eventShards[place].orderIndex(id) else {
            return nil
        }
        return eventShards[place].view(ofOrder: index)
    }

    /// By rising creation, then id.
    package func orders(ofUser user: String) -> [OrderView] {
        eventShards.flatMap { $0.orders(ofUser: user) }.sorted { a, b in
            a.createdAt == b.createdAt ? a.id < b.id : a.createdAt < b.createdAt
        }
    }

    /// The payment attempt, open or settled.
    package func attempt(_ id: AttemptID) -> AttemptView? {
        guard let place = place(id.shard), let index = eventShards[place].paymentIndex(id) else {
            return nil
        }
        return eventShards[place].view(ofPayment: index)
    }

    /// The refund, due or confirmed.
    package func refund(_ id: RefundID) -> RefundView? {
        guard let place = place(id.shard), let index = eventShards[place].refundIndex(id) else {
            return nil
        }
        return eventShards[place].view(ofRefund: index)
    }

    /// Attempts whose outcome the provider must still tell, by shard and age.
    package func openAttempts() -> [AttemptView] {
        eventShards.flatMap { shard in
            shard.openPayments.numbers.map { shard.view(ofPayment: Int($0) - 1) }
        }
    }

    /// Refunds that the provider must still confirm, by shard and age.
    package func dueRefunds() -> [RefundView] {
        eventShards.flatMap { shard in
            shard.dueRefunds.numbers.map { shard.view(ofRefund: Int($0) - 1) }
        }
    }

    /// The catalog in the order of (`starts_at`, id): events that start within `from`…`to` and
    /// each of whose query `words` (in lower case) begins a word of their name; behind `after`; at
    /// most `limit`.
    package func events(
        from: WallTime?, to: WallTime?, words: [String],
        after: (startsAt: WallTime, event: EventID)?, limit: Int
    ) -> [EventView] {
        var page: [EventView] = []
        catalog.forEach(from: from, to: to, words: words, after: after) { id in
            if page.count >= limit { return .stop }
            if let view = event(id) { page.append(view) }
            return .proceed
        }
        return page
    }

    /// A query's words, as `events` takes them.
    package static func words(of query: String) -> [String] { Catalog.words(of: query) }

    /// The states are shared, not copied, until the event's next change.
    package func seatMap(_ id: EventID) -> SeatMapView? {
        guard let place = place(id.shard), let index = eventShards[place].eventIndex(id),
            let view = eventShards[place].view(ofEvent: index)
        else { return nil }
        return SeatMapView(
            event: view, asOf: eventShards[place].clock,
            states: eventShards[place].events[index].states)
    }

    /// The event's seats by state; kept, not counted.
    package func counts(of id: EventID) -> SeatCounts? {
        guard let place = place(id.shard), let index = eventShards[place].eventIndex(id) else {
            return nil
        }
        return eventShards[place].events[index].counts
    }

    /// How often seats have changed, by section of the event's layout.
    package func sectionRevisions(of id: EventID) -> [Revision]? {
        guard let place = place(id.shard), let index = eventShards[place].eventIndex(id) else {
            return nil
        }
        return eventShards[place].events[index].sectionRevisions
    }

    /// Holds held or in payment, lapsed ones included until their end is written.
    package var activeHolds: Int {
        eventShards.indices.reduce(0) { $0 + eventShards[$1].holds.openCount }
    }

    /// Webhooks kept because no attempt answers to them.
    package var unmatchedWebhooks: Int { system.webhooks.count }
}
