package import Inventory
package import Primitives

/// A seat as the rows name it.
package struct SeatAddress: Hashable, Sendable {
    package var eventNumber: UInt32
    package var seat: SeatIndex
    package init(eventNumber: UInt32, seat: SeatIndex) {
        self.eventNumber = eventNumber
        self.seat = seat
    }
}

/// The rows contradict the state machine. One of the two is wrong, so this node must not go on:
/// it counts an oversell, says this line, and is rebuilt from a peer.
package struct Disagreement: Hashable, Sendable, CustomStringConvertible {
    /// What was found, with the rows that it is about.
    package enum Fact: Hashable, Sendable {
        /// The row is not what the first change of the batch started from; nil: there is no row.
        case seat(SeatAddress, expected: SeatImage, found: SeatImage?)
        /// Within the batch a change does not start where the one before it ended.
        case brokenChain(SeatAddress, expected: SeatImage, found: SeatImage)
        /// Within one change the version did not rise by one.
        case versionStep(SeatAddress, from: UInt32, to: UInt32)
        /// Two orders own one seat: an oversell. `owner` is the number of the order that has it.
        case oversold(SeatAddress, order: OrderID, owner: UInt64)
        /// An order gives back a seat that it did not own.
        case notBooked(SeatAddress, order: OrderID)
        /// The number belongs to a row with another id.
        case otherRow(table: String, number: UInt64)
        /// A row that is to be deleted does not exist.
        case missingRow(table: String, number: UInt64)
        /// `meta` is not as this process left it: somebody else writes this file.
        case otherWriter
        /// A constraint of the schema forbids a row.
        case constraint(SQLiteError)
    }
    /// What was found.
    package var fact: Fact
    /// The shard whose rows they are.
    package var shard: ShardID
    /// The id of the event that the fact is about, where the rows know one.
    package var event: EventID?
    /// The batch that was refused: the applied indices of its first and its last delta.
    package var indexes: ClosedRange<LogIndex>

    package var description: String {
        let first = indexes.lowerBound.rawValue
        let last = indexes.upperBound.rawValue
        let about = event.map { " event \($0.text)" } ?? ""
        return "shard \(shard.name), entries \(first)...\(last):\(about) \(fact)"
    }
}

extension Disagreement.Fact: CustomStringConvertible {
    package var description: String {
        switch self {
        case .seat(let seat, let expected, let found):
            "\(seat): memory has \(expected.text), the row has \(found.map(\.text) ?? "vanished")"
        case .brokenChain(let seat, let expected, let found):
            "\(seat): a change ended at \(expected.text), the next started from \(found.text)"
        case .versionStep(let seat, let from, let to):
            "\(seat): version \(from) became \(to)"
        case .oversold(let seat, let order, let owner):
            "OVERSELL \(seat): order \(order.text) booked what order number \(owner) owns"
        case .notBooked(let seat, let order):
            "\(seat): order \(order.text) gave back what it did not own"
        case .otherRow(let table, let number):
            "\(table) \(number) has another id"
        case .missingRow(let table, let number):
            "\(table) \(number) does not exist"
        case .otherWriter:
            "another process wrote this file"
        case .constraint(let error):
            "\(error)"
        }
    }
}

extension SeatAddress: CustomStringConvertible {
    package var description: String { "seat \(seat.rawValue) of event number \(eventNumber)" }
}

extension SeatImage {
    var text: String { "\(state.word) version \(version) hold \(holdNumber)" }
}

/// The write under way: what every disagreement found in it reports.
struct Flush {
    let connection: Connection
    let shard: ShardID
    let indexes: ClosedRange<LogIndex>

    func disagreement(_ fact: Disagreement.Fact, event: EventID? = nil) -> StoreError {
        .disagreement(Disagreement(fact: fact, shard: shard, event: event, indexes: indexes))
    }

    /// A constraint that bites while writing is a disagreement; other errors stay what they are.
    func named(_ error: StoreError) -> StoreError {
        switch error {
        case .sqlite(let failure) where failure.kind == .constraint:
            disagreement(.constraint(failure))
        case .sqlite, .wrongFile, .damaged, .disagreement:
            error
        }
    }
}
