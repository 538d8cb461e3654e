/// Compares what buyers were promised with what the cluster says of its orders: each order with
/// its acknowledgement, the orders of every user with all acknowledgements, and every seat with
/// the orders that have it.
struct OrderAudit: Sendable {
    /// An order that was paid for.
    struct Paid: Hashable, Sendable {
        var orderID: String
        /// The attempt whose charge it rests on.
        var paymentID: String
        var amount: Int64
        var standing: SaleLedger.Entry.Standing
    }

    private let stadium: Stadium
    private let entries: [SaleLedger.Entry]
    private var placeByOrder: [String: Int] = [:]
    /// By entry: how often the lists of users had it.
    private var listed: [Int]
    /// By seat: confirmed orders that have it, as the cluster shows them.
    private var owners: [Int]
    private(set) var paid: [Paid] = []
    private(set) var findings = Findings()

    init(_ ledger: SaleLedger, _ stadium: Stadium) {
        self.stadium = stadium
        entries = ledger.entries
        listed = Array(repeating: 0, count: entries.count)
        owners = Array(repeating: 0, count: stadium.seatCount)
        for (place, entry) in entries.enumerated() {
            if placeByOrder.updateValue(place, forKey: entry.receipt.orderID) != nil {
                findings.add("an order was acknowledged twice", entry.receipt.orderID)
            }
        }
    }

    /// The order of an entry as a node shows it; nil when it could not be read.
    mutating func check(_ place: Int, _ shown: OrderReceipt?) {
        let entry = entries[place]
        let promised = entry.receipt
        guard let shown else {
            return findings.add("an acknowledged order is not there", promised.orderID)
        }
        guard shown.orderID == promised.orderID, shown.holdID == promised.holdID,
            shown.userID == promised.userID, shown.seats == promised.seats,
            shown.amount == promised.amount, shown.status == entry.standing.word,
            shown.amount == stadium.price(of: shown.seats)
        else {
            return findings.add(
                "an order differs from its acknowledgement", "\(promised) is now \(shown)")
        }
        let charged = shown.payments.filter { $0.status == "succeeded" }
        if charged.count == 1, let payment = charged.first, payment.amount == shown.amount {
            paid.append(
                Paid(
                    orderID: shown.orderID, paymentID: payment.paymentID, amount: shown.amount,
                    standing: entry.standing))
        } else {
            findings.add("an order is not paid once", "\(shown)")
        }
        guard entry.standing == .confirmed else { return }
        for seat in shown.seats where owners.indices.contains(seat.rawValue) {
            owners[seat.rawValue] += 1
        }
    }

    /// A user's orders as a node lists them.
    mutating func checkList(of user: String, _ orders: [OrderReceipt]) {
        for order in orders {
            if order.userID != user {
                findings.add("a user's list has another's order", "\(user): \(order)")
            }
            if let place = placeByOrder[order.orderID] {
                listed[place] += 1
            } else if order.status != "failed" {
                findings.add("an order was never acknowledged", "\(order)")
            }
        }
    }

    /// After all orders and all lists: every order in one list, every seat in one order.
    mutating func finish() {
        for (place, count) in listed.enumerated() where count != 1 {
            let order = entries[place].receipt.orderID
            findings.add("an order is not once in its user's list", "\(order): \(count) times")
        }
        for (seat, count) in owners.enumerated() where count != 1 {
            let name = stadium.name(of: SeatNumber(seat))
            findings.add("a seat is not in exactly one confirmed order", "\(name): \(count) orders")
        }
    }

    /// Seats in exactly one confirmed order.
    var seatsInOneOrder: Int { owners.count { $0 == 1 } }
    func orderCount(_ standing: SaleLedger.Entry.Standing) -> Int {
        entries.count { $0.standing == standing }
    }
}

extension SaleLedger.Entry.Standing {
    /// The API's word for it.
    var word: String {
        switch self {
        case .confirmed: "confirmed"
        case .cancelled: "cancelled"
        }
    }
}
