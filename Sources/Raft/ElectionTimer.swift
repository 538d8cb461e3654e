import Primitives

/// Ticks since a leader was heard from, a vote was granted or a campaign began (Raft paper §5.2).
/// Nothing else restarts it: a node that hears nothing but refused candidates must campaign.
struct ElectionTimer: Sendable {
    private(set) var elapsed = 0
    private var timeout: Int

    /// A timeout between the configured bounds, drawn anew so that split votes don't repeat.
    init(_ configuration: RaftConfiguration, random: inout PRNG) {
        timeout = random.next(
            in: configuration.electionTicksMin...configuration.electionTicksMax)
    }

    mutating func restart() { elapsed = 0 }

    /// Whether this tick was the last one.
    mutating func tick() -> Bool {
        elapsed += 1
        return elapsed >= timeout
    }
}
