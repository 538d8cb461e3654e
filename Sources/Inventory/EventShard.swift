import Primitives

/// One event shard: its rows, the tables that find them, the timers, and what has changed since it
/// was last written. A command sees this, its entry's stamp, and the sealed venues; nothing else.
struct EventShard: Sendable {
    let id: ShardID
    let replayWindow: Milliseconds
    var appliedIndex = LogIndex.zero
    var clock = WallTime.zero
    /// The sum of `RowHash`es; kept with every change.
    var digest: UInt64 = 0

    /// By number - 1: events, orders, payments and refunds are never forgotten.
    var events = ChunkedArray<EventState>()
    var eventsByID = IDTable()
    /// Events whose layout isn't known yet.
    var unnamedEventCount = 0
    var holds = HoldSlab()
    var orders = ChunkedArray<OrderRecord>()
    var ordersByID = IDTable()
    var payments = ChunkedArray<PaymentRecord>()
    var paymentsByID = IDTable()
    /// Payments by their commit's `KeyHash`.
    var commitKeys = IDTable()
    var refunds = ChunkedArray<RefundRecord>()
    var refundsByID = IDTable()
    /// Order numbers by user (`KeyHash`), rising.
    var ordersByUser: [UInt128: [UInt64]] = [:]
    /// Numbers of payments whose attempt is open, and of refunds that are due, rising.
    var openPayments = SortedNumbers()
    var dueRefunds = SortedNumbers()
    var timers = Timers()

    var journal = Journal()
    /// Indices of events whose seats the present command has changed.
    var touched: [Int] = []

    init(id: ShardID, replayWindow: Milliseconds) {
        self.id = id
        self.replayWindow = replayWindow
    }

    /// What the command would be answered at `now` without changing anything; nil when it would
    /// change something.
    func judge(_ command: ShardCommand, at now: WallTime, _ scope: EntryScope) -> Outcome? {
        switch command {
        case .createEvent(let command): decide(command, scope).answer
        case .setBlocked(let command): decide(command, at: now).answer
        case .hold(let command): decide(command, at: now).answer
        case .amendHold(let command): decide(command, at: now).answer
        case .releaseHold(let hold): decideRelease(of: hold, at: now).answer
        case .beginPayment(let command): decide(command, at: now).answer
        case .observePayment(let command): decide(command, at: now).answer
        case .cancelOrder(let command): decide(command).answer
        case .observeRefund(let command): decide(command).answer
        case .expireDue: timers.isDue(at: now) ? nil : .done
        }
    }

    mutating func apply(
        _ command: ShardCommand, at now: WallTime, _ scope: EntryScope
    ) -> Outcome {
        switch command {
        case .createEvent(let command):
            perform(decide(command, scope)) { $0.perform(command, $1, at: now) }
        case .setBlocked(let command):
            perform(decide(command, at: now)) { $0.perform(command, $1, at: now) }
        case .hold(let command):
            perform(decide(command, at: now)) { $0.perform(command, $1, at: now) }
        case .amendHold(let command):
            perform(decide(command, at: now)) { $0.perform($1, at: now) }
        case .releaseHold(let hold):
            perform(decideRelease(of: hold, at: now)) { $0.performRelease($1, at: now) }
        case .beginPayment(let command):
            perform(decide(command, at: now)) { $0.perform(command, $1, at: now) }
        case .observePayment(let command):
            perform(decide(command, at: now)) { $0.perform(command, $1, at: now) }
        case .cancelOrder(let command):
            perform(decide(command)) { $0.perform(command, $1, at: now) }
        case .observeRefund(let command):
            perform(decide(command)) { $0.perform(command, $1, at: now) }
        case .expireDue(let command):
            expireDue(command, at: now)
        }
    }

    @inline(__always)
    private mutating func perform<Plan>(
        _ decision: Decision<Plan>, _ action: (inout EventShard, Plan) -> Outcome
    ) -> Outcome {
        switch decision {
        case .answer(let outcome): outcome
        case .perform(let plan): action(&self, plan)
        }
    }
}

/// What a command may see besides its shard: the entry it is in, and the sealed venues.
struct EntryScope: Sendable {
    var index: LogIndex
    var venues: [VenueID: SealedVenue]

    /// The venue, if an earlier entry sealed it.
    func venue(_ id: VenueID) -> SealedVenue? {
        guard let venue = venues[id], venue.row.sealedIndex < index else { return nil }
        return venue
    }
}
