package import Primitives

/// Every shard of the inventory in memory: the authoritative working set. Committed entries go
/// in, one after the other, as `beginEntry`, `apply` for each command, `endEntry`; outcomes and
/// row changes come out. Equal entries make equal inventories.
package struct Inventory: Sendable {
    package let shardCount: Int
    package init(shardCount: Int, replayWindow: Milliseconds) {
        self.shardCount = shardCount
        preconditionFailure("skeleton \(replayWindow)")
    }

    // MARK: start

    package mutating func restore(_ image: ShardImage) throws(InventoryRestoreError) {
        preconditionFailure("skeleton \(image.shard)")
    }

    // MARK: the log

    package mutating func beginEntry(_ index: LogIndex, stamp: WallTime) {
        preconditionFailure("skeleton \(index) \(stamp)")
    }
    package mutating func apply(_ command: Command) -> Outcome {
        preconditionFailure("skeleton \(command)")
    }
    package mutating func endEntry() {}
    /// An entry without commands (a term's first, a membership): only the indices move.
    package mutating func passEntry(_ index: LogIndex) { preconditionFailure("\(index)") }

    /// Nil when the command could succeed at `now` against what is applied.
    package func judge(_ command: Command, at now: WallTime) -> Outcome? {
        preconditionFailure("skeleton \(command) \(now)")
    }

    // MARK: writing behind

    package func position(of shard: ShardID) -> ShardPosition {
        preconditionFailure("skeleton \(shard)")
    }
    package mutating func takeDelta(of shard: ShardID, idle: IdleShard) -> ShardDelta? { nil }
    package var pendingChangeCount: Int { 0 }

    // MARK: reads

    package func hold(_ id: HoldID, at now: WallTime) -> HoldView? { nil }
    package func order(_ id: OrderID) -> OrderView? { nil }
    package func orders(ofUser user: String) -> [OrderView] { [] }
    package func event(_ id: EventID) -> EventView? { nil }
    package func venue(_ id: VenueID) -> VenueView? { nil }
    package func layout(_ hash: UInt128) -> Layout? { nil }
    /// In the order of (`starts_at`, id), at most `limit`.
    package func events(
        from: WallTime?, to: WallTime?, words: [String],
        after: (startsAt: WallTime, event: EventID)?, limit: Int
    ) -> [EventView] { [] }
    package func seatMap(_ id: EventID) -> SeatMapView? { nil }
    package func counts(of id: EventID) -> SeatCounts? { nil }
    package func attempt(_ id: AttemptID) -> AttemptView? { nil }
    package func refund(_ id: RefundID) -> RefundView? { nil }
    package func openAttempts() -> [AttemptView] { [] }
    package func dueRefunds() -> [RefundView] { [] }
    /// Drops stale timers on its way, hence mutating; no outcome depends on that.
    package mutating func nextDue(_ shard: ShardID) -> WallTime? { nil }
    package var activeHolds: Int { 0 }
    package var unmatchedWebhooks: Int { 0 }
}
