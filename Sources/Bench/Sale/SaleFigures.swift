import Primitives

/// What a sale counts as it goes.
struct SaleFigures: Sendable {
    var startedAt = MonotonicTime.zero
    /// When the last seat was booked, or the sale was given up.
    var endedAt = MonotonicTime.zero
    private(set) var seatsBooked = 0
    private(set) var holdsAccepted = 0
    private(set) var holdsRefused = 0
    private(set) var holdsReleased = 0
    private(set) var holdsLapsed = 0
    private(set) var seatsDropped = 0
    private(set) var paymentsDeclined = 0
    /// 202: the provider had not answered in time.
    private(set) var paymentsPending = 0
    /// Of accepted holds, from the first attempt to the answer.
    private(set) var holdLatency = LatencyHistogram()
    /// Of orders confirmed at once, likewise, the provider's time included.
    private(set) var commitLatency = LatencyHistogram()
    var gaps = GapMeter()

    /// Takes note of an answer and how long it took.
    mutating func record(_ call: SaleCall, _ answer: SaleAnswer, _ span: Nanoseconds) {
        switch (call, answer) {
        case (.hold, .hold):
            holdsAccepted += 1
            holdLatency.record(span)
        case (.hold, .problem(409, _)):
            holdsRefused += 1
        case (.drop, .hold):
            seatsDropped += 1
        case (.commit, .order(let order)):
            if order.status == "pending" {
                paymentsPending += 1
            } else {
                commitLatency.record(span)
            }
        case (.commit, .problem(402, _)):
            paymentsDeclined += 1
        case (.hold, _), (.commit, _), (.drop, _), (.release, _), (.readHold, _),
            (.cancelOrder, _):
            break
        }
    }

    mutating func record(_ ending: VisitEnding) {
        switch ending {
        case .booked(let order): seatsBooked += order.seats.count
        case .released: holdsReleased += 1
        case .lapsed: holdsLapsed += 1
        case .refused, .returned, .wrong: break
        }
    }
}

extension SaleAnswer {
    /// Whether a write did what it was asked for.
    var isSuccess: Bool {
        switch self {
        case .hold, .order, .done: true
        case .problem, .unreadable: false
        }
    }
}

/// What a sale has been promised: the cluster is held to it afterwards.
struct SaleLedger: Sendable {
    /// An order as it was acknowledged.
    struct Entry: Hashable, Sendable {
        enum Standing: Hashable, Sendable {
            case confirmed
            /// The organizer has taken it back.
            case cancelled
        }
        var receipt: OrderReceipt
        var standing: Standing
    }

    private(set) var entries: [Entry] = []

    mutating func record(_ ending: VisitEnding) {
        switch ending {
        case .booked(let order): entries.append(Entry(receipt: order, standing: .confirmed))
        case .returned(let order): entries.append(Entry(receipt: order, standing: .cancelled))
        case .refused, .released, .lapsed, .wrong: break
        }
    }
}
