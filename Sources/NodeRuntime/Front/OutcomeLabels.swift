import Primitives
import API
import Inventory
import NodeCore
import Telemetry

extension HoldOutcome {
    /// How a request for a hold ended.
    init(_ answer: Answer) {
        switch answer {
        case .outcome(.hold(_, .first)): self = .accepted
        case .outcome(.hold(_, .replayed)): self = .replayed
        case .outcome(.refused(.seatsUnavailable)): self = .seatsUnavailable
        case .unavailable, .notLeader: self = .unavailable
        case .outcomeUnknown: self = .unknown
        case .outcome, .paymentUnderWay, .events, .layout, .seatMap, .orders, .status,
            .unknownSeats, .transferRefused:
            self = .refused
        }
    }
}

extension CommitOutcome {
    /// How a request to commit ended.
    init(_ answer: Answer) {
        switch answer {
        case .outcome(.order(_, .first)): self = .confirmed
        case .outcome(.order(_, .replayed)): self = .replayed
        case .paymentUnderWay: self = .pending
        case .outcome(.refused(.paymentDeclined)): self = .declined
        case .outcome(.refused(.holdExpired)), .outcome(.refused(.holdReleased)): self = .gone
        case .unavailable, .notLeader: self = .unavailable
        case .outcomeUnknown: self = .unknown
        case .outcome, .events, .layout, .seatMap, .orders, .status, .unknownSeats,
            .transferRefused:
            self = .refused
        }
    }
}

extension Endpoint {
    /// All of them, in the order of their metrics.
    static let all = allCases

    /// Its place among all endpoints: the route's index in metrics.
    var ordinal: Int {
        guard let ordinal = Self.all.firstIndex(of: self) else {
            invariantFailure("INV-71: \(self) is not among the endpoints")
        }
        return ordinal
    }
}
