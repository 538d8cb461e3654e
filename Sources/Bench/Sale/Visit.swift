import Primitives

/// One call that a buyer makes; its keys follow from the visit's number and from this.
enum SaleCall: Hashable, Sendable {
    case hold
    /// The first or second payment of the visit.
    case commit(PaymentToken, attempt: Int)
    case drop(SeatNumber)
    case release
    case readHold
    case cancelOrder(String)
}

/// How a visit ended.
enum VisitEnding: Hashable, Sendable {
    /// Another buyer had a seat of these.
    case refused
    case released
    case lapsed
    case booked(OrderReceipt)
    /// Booked, and cancelled by the organizer.
    case returned(OrderReceipt)
    /// The cluster did what it must not.
    case wrong(String)
}

/// What the buyer does next.
enum VisitStep: Hashable, Sendable {
    case call(SaleCall)
    case pause(Milliseconds)
    case leave(VisitEnding)
}

/// One buyer's way through the sale, from the seats that are wanted to its end. It checks every
/// answer against what was asked and promised before.
struct Visit: Sendable {
    private enum State {
        /// → deciding
        case arriving
        /// Has a hold and thinks. → paying, dropping, releasing, lapsing
        case deciding
        /// → paying (another key), returning
        case paying(PaymentToken, attempt: Int)
        /// → paying
        case dropping(SeatNumber)
        case releasing
        /// Has looked so often whether the hold has lapsed.
        case lapsing(looks: Int)
        case returning(OrderReceipt)
    }

    let plan: VisitPlan
    private let user: String
    private let stadium: Stadium
    private let ttl: Milliseconds
    private let startedAt: MonotonicTime
    private var state = State.arriving
    /// Nil until a hold is promised.
    private(set) var holdID: String?
    /// What was promised and not given back.
    private(set) var seats: [SeatNumber] = []

    /// Until a lapsed hold is looked at: its end is written within a second.
    private var lapseSpan: Milliseconds { Milliseconds(ttl.rawValue / 4 * 5) }
    private static var lookInterval: Milliseconds { Milliseconds(500) }
    private static var looksMax: Int { 20 }
    private static var pollInterval: Milliseconds { Milliseconds(250) }
    /// How much the log's clock may be ahead of this machine's within a hold's life.
    private static var clockSlack: Milliseconds { Milliseconds(250) }

    init(
        _ plan: VisitPlan, user: String, stadium: Stadium, ttl: Milliseconds,
        startingAt now: MonotonicTime
    ) {
        self.plan = plan
        self.user = user
        self.stadium = stadium
        self.ttl = ttl
        startedAt = now
    }

    /// How every visit begins.
    var firstStep: VisitStep { .call(.hold) }

    /// A pause is over.
    mutating func resume() -> VisitStep {
        switch state {
        case .deciding:
            return decide()
        case .paying(let token, let attempt):
            return .call(.commit(token, attempt: attempt))
        case .lapsing(let looks):
            state = .lapsing(looks: looks + 1)
            return .call(.readHold)
        case .arriving, .dropping, .releasing, .returning:
            invariantFailure("visit \(plan.number) pauses in \(state)")
        }
    }

    /// The answer to the call of the last step.
    mutating func hear(_ answer: SaleAnswer, at now: MonotonicTime) -> VisitStep {
        switch state {
        case .arriving: heldOrNot(answer)
        case .deciding: invariantFailure("visit \(plan.number) asked nothing: \(answer)")
        case .paying(let token, let attempt): paidOrNot(answer, token, attempt, now)
        case .dropping(let seat): droppedOrNot(answer, seat, now)
        case .releasing: releasedOrNot(answer, now)
        case .lapsing(let looks): lapsedOrNot(answer, looks)
        case .returning(let order): returnedOrNot(answer, order)
        }
    }

    private mutating func heldOrNot(_ answer: SaleAnswer) -> VisitStep {
        switch answer {
        case .hold(let hold):
            guard hold.seats == plan.seats, hold.userID == user, hold.status == "held",
                hold.amount == stadium.price(of: plan.seats)
            else { return wrong("a hold was answered with \(hold)") }
            holdID = hold.holdID
            seats = plan.seats
            state = .deciding
            return .pause(plan.think)
        case .problem(409, "seats_unavailable"):
            return leave(.refused)
        case .problem(410, "hold_expired"):
            // Promised by an answer that got lost, and lapsed before the call was repeated.
            return leave(.lapsed)
        case .order, .done, .problem, .unreadable:
            return wrong("a hold was answered with \(answer)")
        }
    }

    private mutating func decide() -> VisitStep {
        switch plan.intent {
        case .cancel:
            state = .releasing
            return .call(.release)
        case .lapse:
            state = .lapsing(looks: 0)
            return .pause(lapseSpan)
        case .buyFewer:
            guard seats.count > 1, let last = seats.last else { return pay(.visa, attempt: 1) }
            state = .dropping(last)
            return .call(.drop(last))
        case .buy, .buySlowly, .buyUnheard, .buyAfterDecline, .buyAndReturn:
            return pay(plan.intent.firstToken ?? .visa, attempt: 1)
        }
    }

    private mutating func pay(_ token: PaymentToken, attempt: Int) -> VisitStep {
        state = .paying(token, attempt: attempt)
        return .call(.commit(token, attempt: attempt))
    }

    private mutating func paidOrNot(
        _ answer: SaleAnswer, _ token: PaymentToken, _ attempt: Int, _ now: MonotonicTime
    ) -> VisitStep {
        switch answer {
        case .order(let order) where order.status == "pending":
            return .pause(Self.pollInterval)
        case .order(let order):
            guard order.status == "confirmed", order.holdID == holdID, order.userID == user,
                order.seats == seats, order.amount == stadium.price(of: seats), token != .declined
            else { return wrong("a payment with \(token.rawValue) was answered with \(order)") }
            guard plan.intent == .buyAndReturn else { return leave(.booked(order)) }
            state = .returning(order)
            return .call(.cancelOrder(order.orderID))
        case .problem(402, "payment_declined") where token == .declined:
            return pay(.visa, attempt: attempt + 1)
        case .problem(409, "idempotency_in_progress"), .problem(409, "payment_pending"):
            return .pause(Self.pollInterval)
        case .problem(410, "hold_expired"):
            return expired(now)
        case .hold, .done, .problem, .unreadable:
            return wrong("a payment with \(token.rawValue) was answered with \(answer)")
        }
    }

    private mutating func droppedOrNot(
        _ answer: SaleAnswer, _ seat: SeatNumber, _ now: MonotonicTime
    ) -> VisitStep {
        switch answer {
        case .hold(let hold):
            let rest = seats.filter { $0 != seat }
            guard hold.seats == rest, hold.holdID == holdID, hold.status == "held",
                hold.amount == stadium.price(of: rest)
            else { return wrong("giving one seat back was answered with \(hold)") }
            seats = rest
            return pay(.visa, attempt: 1)
        case .problem(410, "hold_expired"):
            return expired(now)
        case .order, .done, .problem, .unreadable:
            return wrong("giving one seat back was answered with \(answer)")
        }
    }

    private mutating func releasedOrNot(_ answer: SaleAnswer, _ now: MonotonicTime) -> VisitStep {
        switch answer {
        case .done: leave(.released)
        case .problem(410, "hold_expired"): expired(now)
        case .hold, .order, .problem, .unreadable:
            wrong("a release was answered with \(answer)")
        }
    }

    private mutating func lapsedOrNot(_ answer: SaleAnswer, _ looks: Int) -> VisitStep {
        switch answer {
        case .hold(let hold) where hold.status == "expired" && hold.holdID == holdID:
            return leave(.lapsed)
        case .hold(let hold) where hold.status == "held" && looks < Self.looksMax:
            return .pause(Self.lookInterval)
        case .hold, .order, .done, .problem, .unreadable:
            return wrong("a hold that has lapsed reads \(answer)")
        }
    }

    private mutating func returnedOrNot(
        _ answer: SaleAnswer, _ order: OrderReceipt
    ) -> VisitStep {
        guard case .order(let cancelled) = answer, cancelled.status == "cancelled",
            cancelled.orderID == order.orderID, cancelled.amount == order.amount
        else { return wrong("the cancellation of \(order.orderID) was answered with \(answer)") }
        return leave(.returned(order))
    }

    /// A hold may lapse under its buyer's hands, but not before its time.
    private mutating func expired(_ now: MonotonicTime) -> VisitStep {
        let age = now.milliseconds(since: startedAt)
        guard age + Self.clockSlack >= ttl else {
            return wrong("a hold expired \(age.rawValue) ms after it was asked for")
        }
        return leave(.lapsed)
    }

    private mutating func leave(_ ending: VisitEnding) -> VisitStep {
        if case .booked = ending {} else { seats = [] }
        return .leave(ending)
    }

    /// The seats stay with the visit: what became of them is not known.
    private func wrong(_ what: String) -> VisitStep {
        .leave(.wrong("visit \(plan.number): \(what)"))
    }
}
