package import Primitives

/// Who takes part. While a change is under way (thesis §4.3, joint consensus) there are two sets
/// of voters, and every decision needs a majority of each.
package struct Membership: Hashable, Sendable {
    /// Sorted; at least one.
    package let voters: [NodeID]
    /// The voters that are being replaced, sorted; empty unless a change is under way.
    package let outgoingVoters: [NodeID]
    /// Receive the log and have no say (thesis §4.2.1), sorted.
    package let learners: [NodeID]
    /// All of them, sorted.
    package let members: [NodeID]

    /// Voters in either set: more would slow commits and tolerate failures nobody has.
    package static let votersMax = 7
    package static let learnersMax = 8

    /// The lists may come in any order.
    package init(
        voters: [NodeID], outgoingVoters: [NodeID] = [], learners: [NodeID] = []
    ) throws(MembershipError) {
        guard !voters.isEmpty else { throw .noVoters }
        for set in [voters, outgoingVoters] where set.count > Self.votersMax {
            throw .tooMany(count: set.count, limit: Self.votersMax)
        }
        guard learners.count <= Self.learnersMax else {
            throw .tooMany(count: learners.count, limit: Self.learnersMax)
        }
        self.voters = voters.sorted()
        self.outgoingVoters = outgoingVoters.sorted()
        self.learners = learners.sorted()
        for set in [self.voters, self.outgoingVoters, self.learners] {
            if let twice = Self.repeated(in: set) { throw .listedTwice(twice) }
        }
        let electorate = (voters + outgoingVoters.filter { !voters.contains($0) }).sorted()
        members = (electorate + learners).sorted()
        if let both = Self.repeated(in: members) { throw .listedTwice(both) }
    }

    private static func repeated(in sorted: [NodeID]) -> NodeID? {
        zip(sorted, sorted.dropFirst()).first { $0 == $1 }?.0
    }

    /// Whether the node takes part, in whatever way.
    package func contains(_ node: NodeID) -> Bool { members.contains(node) }

    /// Whether the node has a say, in either set.
    package func isVoter(_ node: NodeID) -> Bool {
        voters.contains(node) || outgoingVoters.contains(node)
    }
}

/// A membership that can't be.
package enum MembershipError: Error, Hashable, Sendable {
    case noVoters
    case tooMany(count: Int, limit: Int)
    /// Twice in one list, or a voter and a learner at once.
    case listedTwice(NodeID)
}
