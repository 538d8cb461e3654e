import Inventory

/// A status as the tables spell it. Raw values count from zero without a gap.
protocol StatusWord: RawRepresentable where RawValue == UInt8 {
    var word: StaticString { get }
}

extension StatusWord {
    init?(word text: UnsafeBufferPointer<UInt8>) {
        for rawValue in 0..<UInt8.max {
            guard let value = Self(rawValue: rawValue) else { return nil }
            let word = UnsafeBufferPointer(
                start: value.word.utf8Start, count: value.word.utf8CodeUnitCount)
            if word.elementsEqual(text) {
                self = value
                return
            }
        }
        return nil
    }

    /// A CHECK constraint's condition. Not `IN`: SQLite would build a temporary index of the list
    /// for every row that is written, at twice the cost of the row.
    static func check(_ column: String) -> String {
        (0..<UInt8.max).lazy.map { Self(rawValue: $0) }.prefix { $0 != nil }
            .compactMap { $0.map { "\(column) = '\($0.word)'" } }.joined(separator: " OR ")
    }
}

extension SeatState: StatusWord {
    var word: StaticString {
        switch self {
        case .available: "available"
        case .held: "held"
        case .paymentPending: "payment_pending"
        case .booked: "booked"
        case .blocked: "blocked"
        }
    }
}

extension HoldStatus: StatusWord {
    var word: StaticString {
        switch self {
        case .held: "held"
        case .paymentPending: "payment_pending"
        case .booked: "booked"
        case .released: "released"
        case .expired: "expired"
        }
    }
}

extension OrderStatus: StatusWord {
    var word: StaticString {
        switch self {
        case .pending: "pending"
        case .confirmed: "confirmed"
        case .failed: "failed"
        case .cancelled: "cancelled"
        }
    }
}

extension AttemptStatus: StatusWord {
    var word: StaticString {
        switch self {
        case .pending: "pending"
        case .cancelling: "cancelling"
        case .succeeded: "succeeded"
        case .declined: "declined"
        case .cancelled: "cancelled"
        }
    }
}

extension RefundStatus: StatusWord {
    var word: StaticString {
        switch self {
        case .due: "due"
        case .confirmed: "confirmed"
        }
    }
}
