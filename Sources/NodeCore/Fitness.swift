import Primitives

/// Whether this node may lead, as far as its clock, its disk and its state tell.
struct Fitness: Sendable {
    var clock = ClockSamples.Agreement.unknown
    /// Its own log has not made a write safe for too long.
    var isLogStalled = false
    /// Members' states differ, and no majority is known to share this node's.
    var isDisputed = false

    enum Verdict {
        case fit
        /// It may not become a leader, but a leader that it is need not go: who has not heard a
        /// quorum's clocks has not heard a quorum, and that ends a reign by itself.
        case mayNotCampaign
        case mustStepDown
    }

    var verdict: Verdict {
        if isLogStalled || isDisputed { return .mustStepDown }
        return switch clock {
        case .agreed: .fit
        case .unknown: .mayNotCampaign
        case .disagreed: .mustStepDown
        }
    }
}
