import Primitives

// Rows as the working set keeps them, with what is worth remembering beside each.

struct HoldRecord: Sendable {
    var row: HoldRow
    /// The row's part of the digest.
    var hash: UInt64 = 0
    /// Whether the row waits to be written.
    var isDirty = false
}

struct OrderRecord: Sendable {
    var row: OrderRow
    var holdSlot: Int
    /// Payment numbers, rising.
    var payments: [UInt64] = []
    var hash: UInt64 = 0
    var isDirty = false
}

struct PaymentRecord: Sendable {
    var row: PaymentRow
    /// At most one: what was captured is given back once.
    var refundNumber: UInt64?
    var hash: UInt64 = 0
    var isDirty = false
}

struct RefundRecord: Sendable {
    var row: RefundRow
    var hash: UInt64 = 0
    var isDirty = false
}

/// Holds by slot. A slot is used again once its hold is forgotten; numbers never are.
struct HoldSlab: Sendable {
    private var records = ChunkedArray<HoldRecord>()
    private var free: [Int] = []
    private(set) var byID = IDTable()
    /// By the `KeyHash` of (event, user, key).
    private(set) var byKey = IDTable()
    /// The newest hold's number. That hold is never forgotten, so that a restart, which sees rows
    /// only, goes on with the same numbers.
    private(set) var lastNumber: UInt64 = 0
    /// Held or payment pending.
    var openCount = 0

    /// Free slots included.
    var slotCount: Int { records.count }

    subscript(slot: Int) -> HoldRecord {
        get { records[slot] }
        _modify { yield &records[slot] }
    }

    /// Whether the slot still has that hold.
    func holds(_ number: UInt64, in slot: Int) -> Bool {
        slot < records.count && records[slot].row.number == number
    }

    /// Takes in a hold whose id and key are new.
    mutating func insert(_ record: HoldRecord, key: UInt128) -> Int {
        let slot: Int
        if let vacant = free.popLast() {
            slot = vacant
            records[slot] = record
        } else {
            slot = records.count
            records.append(record)
        }
        byID.insert(record.row.id.bits, UInt32(slot))
        byKey.insert(key, UInt32(slot))
        lastNumber = max(lastNumber, record.row.number)
        return slot
    }

    mutating func remove(_ slot: Int, key: UInt128) {
        byID.remove(records[slot].row.id.bits)
        byKey.remove(key)
        records[slot] = HoldRecord(row: .vacant)
        free.append(slot)
    }
}

extension HoldRow {
    /// What stands in a free slot; no hold has number zero.
    fileprivate static var vacant: HoldRow {
        HoldRow(
            number: 0, id: HoldID(shard: .system, bits: 0), eventNumber: 0, user: "", key: "",
            requestedSeats: [], seats: [], requestedTTLSeconds: nil, status: .expired,
            createdAt: .zero, expiresAt: .zero, endedAt: nil, extensions: 0, amount: 0,
            orderNumber: nil, amendments: [])
    }
}

/// A set of numbers in rising order. Numbers arrive rising and leave soon, so both ends are near.
struct SortedNumbers: Sendable {
    private(set) var numbers: [UInt64] = []

    mutating func insert(_ number: UInt64) {
        let place = numbers.partitionIndex { $0 >= number }
        if place < numbers.count, numbers[place] == number { return }
        numbers.insert(number, at: place)
    }

    mutating func remove(_ number: UInt64) {
        let place = numbers.partitionIndex { $0 >= number }
        if place < numbers.count, numbers[place] == number { numbers.remove(at: place) }
    }
}
