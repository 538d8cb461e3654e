import Inventory
import Primitives
import SeatStore

let sampleShard = ShardID(3)

func identity(
    cluster: UInt128 = 0xC1, group: UInt8 = 0, node: UInt16 = 2, incarnation: UInt64 = 77,
    shardCount: Int = 8
) -> StoreIdentity {
    StoreIdentity(
        cluster: ClusterID(cluster), group: GroupID(group), node: NodeID(node),
        incarnation: incarnation, shardCount: shardCount)
}

/// The shard's file in the directory, made when it is not there.
func openShard(
    _ directory: TemporaryDirectory, shard: ShardID = sampleShard, mode: StoreMode = .create
) throws(StoreError) -> ShardStore {
    try ShardStore(
        path: directory.file("shard.sqlite"), shard: shard, identity: identity(), mode: mode)
}

/// A delta whose clock and digest follow from its index.
func delta(
    _ index: UInt64, shard: ShardID = sampleShard, _ fill: (inout RowChanges) -> Void = { _ in }
) -> ShardDelta {
    var changes = RowChanges()
    fill(&changes)
    return ShardDelta(
        shard: shard, appliedIndex: LogIndex(index), clock: WallTime(1_000 + Int64(index)),
        digest: index &* 0x9E37_79B9_7F4A_7C15, changes: changes)
}

func event(_ number: UInt32, seats: UInt32, revision: UInt64 = 1) -> EventRow {
    EventRow(
        number: number,
        content: CreateEvent(
            event: EventID(shard: sampleShard, bits: UInt128(number)), owner: "organizer",
            bodyHash: UInt128.max - UInt128(number), name: "Cup final \(number)",
            venue: VenueID(shard: .system, bits: 9), startsAt: WallTime(1_795_343_400_000),
            onSaleAt: number % 2 == 0 ? nil : WallTime(1_795_000_000_000), currency: "EUR",
            prices: [
                SectionPrice(section: "north", amount: 4_500),
                SectionPrice(section: "*", amount: 2_500),
            ], ttl: HoldTTL(minSeconds: 1, defaultSeconds: 600, maxSeconds: 900),
            maxSeatsPerUser: number % 2 == 0 ? 6 : nil),
        seatCount: seats, createdAt: WallTime(1_790_000_000_000), revision: Revision(revision))
}

func hold(
    _ number: UInt64, event: UInt32 = 1, seats: [UInt32], status: HoldStatus = .held
) -> HoldRow {
    let indices = seats.map { SeatIndex($0) }
    return HoldRow(
        number: number, id: HoldID(shard: sampleShard, bits: UInt128(number) << 64 | 5),
        eventNumber: event, user: "user-\(number)", key: "key-\(number)", requestedSeats: indices,
        seats: indices, requestedTTLSeconds: nil, status: status,
        createdAt: WallTime(1_795_343_400_123), expiresAt: WallTime(1_795_344_000_123),
        endedAt: nil, extensions: 0, amount: 5_000, orderNumber: nil, amendments: [])
}

func order(
    _ number: UInt64, hold: UInt64, event: UInt32 = 1, seats: [UInt32], status: OrderStatus
) -> OrderRow {
    OrderRow(
        number: number, id: OrderID(shard: sampleShard, bits: UInt128(number)), holdNumber: hold,
        eventNumber: event, user: "user-\(hold)", seats: seats.map { SeatIndex($0) },
        status: status, amount: 5_000, createdAt: WallTime(1_795_343_401_000),
        confirmedAt: status == .confirmed ? WallTime(1_795_343_402_000) : nil, cancelledAt: nil)
}

func payment(_ number: UInt64, order: UInt64, status: AttemptStatus = .pending) -> PaymentRow {
    PaymentRow(
        number: number, id: AttemptID(shard: sampleShard, bits: UInt128(number)),
        orderNumber: order, key: "pay-key-\(number)", token: "tok_visa", provider: "simulated",
        status: status, amount: 5_000, createdAt: WallTime(1_795_343_401_000),
        deadline: WallTime(1_795_343_521_000), settledAt: nil, reference: "")
}

func refund(_ number: UInt64, payment: UInt64, status: RefundStatus = .due) -> RefundRow {
    RefundRow(
        number: number, id: RefundID(shard: sampleShard, bits: UInt128(number)),
        paymentNumber: payment, amount: 5_000, status: status, reason: "order_cancelled",
        createdAt: WallTime(1_795_343_500_000), settledAt: nil, reference: "")
}

extension SeatImage {
    /// `SeatImage(.held, 1, hold: 7)`.
    init(_ state: SeatState, _ version: UInt32, hold: UInt64 = 0) {
        self.init(state: state, version: version, holdNumber: hold)
    }
}

func change(
    _ seat: UInt32, event: UInt32 = 1, _ before: SeatImage, _ after: SeatImage
) -> SeatChange {
    SeatChange(eventNumber: event, seat: SeatIndex(seat), before: before, after: after)
}

/// What a call threw, or nil.
func thrown(_ body: () throws(StoreError) -> Void) -> StoreError? {
    do throws(StoreError) {
        try body()
        return nil
    } catch {
        return error
    }
}

/// The fact of a disagreement that a call threw, or nil.
func disagreement(_ body: () throws(StoreError) -> Void) -> Disagreement.Fact? {
    guard case .disagreement(let disagreement) = thrown(body) else { return nil }
    return disagreement.fact
}
