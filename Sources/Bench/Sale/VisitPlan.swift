import Primitives

/// What a buyer means to do with the seats, should they be had.
enum Intent: Hashable, Sendable, CaseIterable {
    /// Pays at once.
    case buy
    /// Pays with a card whose bank takes 300 ms.
    case buySlowly
    /// Pays with a card whose charge succeeds while the provider's answer is lost.
    case buyUnheard
    /// Is declined, then pays with another card under another key.
    case buyAfterDecline
    /// Gives one seat back, then pays for the rest.
    case buyFewer
    /// Pays, and the organizer cancels the order.
    case buyAndReturn
    /// Gives the hold back.
    case cancel
    /// Goes away and lets the hold lapse.
    case lapse

    /// How often in a thousand visits; together they are 1,000.
    var perMille: Int {
        switch self {
        case .buy: 695
        case .buySlowly: 40
        case .buyUnheard: 5
        case .buyAfterDecline: 50
        case .buyFewer: 60
        case .buyAndReturn: 20
        case .cancel: 80
        case .lapse: 50
        }
    }

    /// The first payment token; nil for those who never pay.
    var firstToken: PaymentToken? {
        switch self {
        case .buy, .buyFewer, .buyAndReturn: .visa
        case .buySlowly: .slow
        case .buyUnheard: .unheard
        case .buyAfterDecline: .declined
        case .cancel, .lapse: nil
        }
    }

    static func draw(_ random: inout PRNG) -> Intent {
        var point = random.next(in: 0...999)
        for intent in allCases {
            if point < intent.perMille { return intent }
            point -= intent.perMille
        }
        invariantFailure("the shares of intents are less than 1,000")
    }
}

/// The simulated provider's tokens that a sale uses.
enum PaymentToken: String, Hashable, Sendable {
    case visa = "tok_visa"
    case declined = "tok_declined"
    case slow = "tok_slow_300"
    case unheard = "tok_unknown"
}

/// One visit of one buyer to the sale.
struct VisitPlan: Hashable, Sendable {
    /// From 1 on, each of the run once: keys are made from it.
    var number: Int
    var seats: [SeatNumber]
    var intent: Intent
    /// How long the buyer looks at what was promised before going on.
    var think: Milliseconds

    static var seatsMax: Int { 4 }
    /// One buyer in so many looks at an old seat map and wants any seats, free or not.
    private static var blindOneIn: UInt64 { 12 }

    /// Draws a visit; nil when no seat is thought to be free.
    static func draw(
        number: Int, _ pool: SeatPool, _ stadium: Stadium, thinkMax: Milliseconds,
        _ random: inout PRNG
    ) -> VisitPlan? {
        guard var first = pool.any(&random) else { return nil }
        let size = random.next(in: 1...seatsMax)
        let isBlind = random.next(below: blindOneIn) == 0
        if isBlind { first = SeatNumber(random.next(in: 0...(stadium.seatCount - 1))) }
        let seats = stadium.party(around: first, size: size) { isBlind || pool.contains($0) }
        return VisitPlan(
            number: number, seats: seats, intent: .draw(&random),
            think: Milliseconds(Int64(random.next(in: 0...Int(thinkMax.rawValue)))))
    }
}
