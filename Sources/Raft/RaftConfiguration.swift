package import Primitives

/// Who a node is and the limits it keeps. Times are ticks of the host's clock; sizes are bytes.
package struct RaftConfiguration: Sendable {
    package var id: NodeID
    package var membership: Membership
    /// Ticks between a leader's heartbeats.
    package var heartbeatTicks = 5
    /// A follower that heard its leader more recently than this helps nobody replace it; also the
    /// shortest election timeout.
    package var electionTicksMin = 30
    /// The longest election timeout. A leader that lost a quorum for longer than this steps down,
    /// and a leadership transfer that took longer is given up.
    package var electionTicksMax = 60
    /// Entries' bytes in one append, headers included. One entry is sent whatever its size.
    package var appendBytesMax = 128 * 1_024
    /// Appends on their way to one follower, not yet acknowledged.
    package var inflightMessagesMax = 256
    /// Bytes on their way to one follower. At least the link's bandwidth times its round trip, or
    /// the link stays idle; one append may exceed it.
    package var inflightBytesMax = 4 * 1_024 * 1_024
    /// Proposed and not yet committed; beyond it proposals are refused. One is always taken.
    package var uncommittedBytesMax = 16 * 1_024 * 1_024
    /// Newest entries kept in memory for followers. Older ones are fetched from the log's files.
    package var tailBytesMax = 32 * 1_024 * 1_024
    /// Linearizable reads that wait for the leader's confirmation.
    package var waitingReadsMax = 65_536

    package init(id: NodeID, membership: Membership) {
        self.id = id
        self.membership = membership
    }

    /// The most that `appendBytesMax` may be: a frame of 256 KiB, less room for its head.
    package static let appendBytesLimit = 224 * 1_024

    /// Why these limits can't work together, in the words of the setting at fault.
    package func validate() throws(RaftConfigurationError) {
        guard membership.contains(id) else { throw .notAMember(id) }
        let positive: [(StaticString, Int)] = [
            ("heartbeatTicks", heartbeatTicks), ("appendBytesMax", appendBytesMax),
            ("inflightMessagesMax", inflightMessagesMax), ("inflightBytesMax", inflightBytesMax),
            ("uncommittedBytesMax", uncommittedBytesMax), ("tailBytesMax", tailBytesMax),
            ("waitingReadsMax", waitingReadsMax),
        ]
        for (name, value) in positive where value < 1 {
            throw .notPositive(setting: "\(name)", value: value)
        }
        // A follower must survive the loss of one heartbeat.
        guard electionTicksMin > 2 * heartbeatTicks else { throw .electionTooHasty }
        guard electionTicksMax > electionTicksMin else { throw .electionNotRandom }
        guard appendBytesMax <= Self.appendBytesLimit else {
            throw .appendTooLarge(bytes: appendBytesMax, limit: Self.appendBytesLimit)
        }
    }
}

/// Limits that can't work.
package enum RaftConfigurationError: Error, Hashable, Sendable {
    case notAMember(NodeID)
    case notPositive(setting: String, value: Int)
    /// `electionTicksMin` must be more than twice `heartbeatTicks`.
    case electionTooHasty
    /// `electionTicksMax` must exceed `electionTicksMin`, or votes split for ever.
    case electionNotRandom
    case appendTooLarge(bytes: Int, limit: Int)
}
