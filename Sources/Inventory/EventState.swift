import Primitives

/// One event in memory: flat arrays by seat. `EventShard` changes them.
struct EventState: Sendable {
    /// Its revision is that of the present.
    var row: EventRow
    /// Nil until the layout is known: after a restart this shard may be further on than the system
    /// shard, and then no command reaches it before the venue is sealed again.
    private(set) var content: EventContent?
    /// A seat's price, by section.
    private(set) var prices: [Int64] = []
    /// Seat changes, by section.
    private(set) var sectionRevisions: [Revision] = []
    private(set) var counts: SeatCounts
    private(set) var states: [SeatState]
    private var versions: [UInt32]
    /// The claiming hold's slot; `noClaim` for none.
    private var claims: [UInt32]
    /// Slots of the live holds of each user (by `KeyHash`), when the event limits their seats.
    var holdsByUser: [UInt128: [UInt32]] = [:]
    /// `RowHash.event(row)`.
    let contentHash: UInt64
    /// Whether a seat has changed in the present command.
    var isTouched = false
    /// Whether the row waits to be written.
    var isDirty = false

    private static let noClaim = UInt32.max

    init(row: EventRow, layout: Layout?) {
        let seatCount = Int(row.seatCount)
        self.row = row
        counts = SeatCounts(available: seatCount, held: 0, booked: 0, blocked: 0)
        states = [SeatState](repeating: .available, count: seatCount)
        versions = [UInt32](repeating: 0, count: seatCount)
        claims = [UInt32](repeating: Self.noClaim, count: seatCount)
        contentHash = RowHash.event(row)
        if let layout { attach(layout) }
    }

    /// Makes the event visible with the layout that names its seats.
    mutating func attach(_ layout: Layout) {
        invariant(
            layout.seatCount == states.count,
            "INV-40: event \(row.number) has \(states.count) seats, its layout "
                + "\(layout.seatCount)")
        content = EventContent(event: row.content, layout: layout, createdAt: row.createdAt)
        prices = layout.sections.map { row.content.price(ofSection: $0.id) ?? 0 }
        sectionRevisions = layout.sections.indices.map { section in
            let seats = layout.seats(ofSection: section)
            return Revision(versions[seats].reduce(0) { $0 + UInt64($1) })
        }
    }

    func state(of seat: SeatIndex) -> SeatState { states[Int(seat.rawValue)] }
    func version(of seat: SeatIndex) -> UInt32 { versions[Int(seat.rawValue)] }

    /// The slot of the hold that claims the seat.
    func claim(of seat: SeatIndex) -> Int? {
        let claim = claims[Int(seat.rawValue)]
        return claim == Self.noClaim ? nil : Int(claim)
    }

    /// Gives the seat its next version.
    mutating func step(_ seat: SeatIndex, to state: SeatState, claim: Int?) {
        versions[Int(seat.rawValue)] += 1
        put(seat, state: state, claim: claim)
        guard let content else { return }
        let section = content.layout.section(of: seat)
        sectionRevisions[section] = sectionRevisions[section].next
    }

    /// Sets the seat as a file has it.
    mutating func load(_ seat: SeatIndex, _ image: SeatImage, claim: Int?) {
        versions[Int(seat.rawValue)] = image.version
        put(seat, state: image.state, claim: claim)
    }

    private mutating func put(_ seat: SeatIndex, state: SeatState, claim: Int?) {
        let index = Int(seat.rawValue)
        counts[states[index]] -= 1
        counts[state] += 1
        states[index] = state
        claims[index] = claim.map(UInt32.init) ?? Self.noClaim
    }

    /// What the seats cost together; each must be one of the event's.
    func price(of seats: [SeatIndex]) -> Int64 {
        guard let content else { return 0 }
        return seats.reduce(0) { $0 + prices[content.layout.section(of: $1)] }
    }
}

extension CreateEvent {
    /// Nil when the section has no price of its own and there is none for all.
    func price(ofSection section: String) -> Int64? {
        (prices.first { $0.section.hasSameBytes(as: section) }
            ?? prices.first { $0.section.hasSameBytes(as: "*") })?.amount
    }
}

extension String {
    /// Equality that no Unicode table has a part in: what `==` takes for one text depends on the
    /// library's version, and nodes may run different ones.
    func hasSameBytes(as other: String) -> Bool { utf8.elementsEqual(other.utf8) }
}

extension SeatCounts {
    subscript(state: SeatState) -> Int {
        get {
            switch state {
            case .available: available
            case .held, .paymentPending: held
            case .booked: booked
            case .blocked: blocked
            }
        }
        set {
            switch state {
            case .available: available = newValue
            case .held, .paymentPending: held = newValue
            case .booked: booked = newValue
            case .blocked: blocked = newValue
            }
        }
    }
}
