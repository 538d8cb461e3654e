import NodeCore
import Primitives

@testable import Payments

typealias DiskProvider = SimulatedProvider<SharedDisk>

extension Moment {
    /// So many milliseconds into a test, on both clocks.
    static func at(_ milliseconds: Int64) -> Moment {
        Moment(
            wall: WallTime(1_800_000_000_000 + milliseconds),
            monotonic: .zero + Milliseconds(milliseconds))
    }
}

extension SimulatedProvider where Store == SharedDisk {
    init(_ disk: SharedDisk, at now: Moment = .at(0)) throws(ProviderError) {
        try self.init(disk: disk, directory: "var/provider", at: now)
    }

    /// Creates a payment whose id follows from the attempt's.
    mutating func make(
        _ attempt: String, amount: Int64 = 4_500, currency: String = "EUR",
        token: String = "tok_visa", at now: Moment = .at(0)
    ) throws(ProviderRefusal) -> String {
        _ = try create(
            NewPayment(attemptID: attempt, amount: amount, currency: currency, token: token),
            id: "pi_\(attempt)", at: now)
        return "pi_\(attempt)"
    }

    func status(_ attempt: String) -> ProviderIntent.Status? {
        book.payment(ofAttempt: attempt)?.shown.status
    }
}
