package import Primitives

// Majorities: every two of them share a node, which is all that Raft's safety rests on.
extension Membership {
    /// Whether a majority, of each set of voters, is among those for whom `holds` is true.
    package func hasQuorum(_ holds: (NodeID) -> Bool) -> Bool {
        Self.hasMajority(voters, holds)
            && (outgoingVoters.isEmpty || Self.hasMajority(outgoingVoters, holds))
    }

    /// The highest index that a majority, of each set of voters, has reached.
    package func indexReachedByQuorum(_ index: (NodeID) -> LogIndex) -> LogIndex {
        let reached = Self.majorityIndex(voters, index)
        return outgoingVoters.isEmpty
            ? reached : min(reached, Self.majorityIndex(outgoingVoters, index))
    }

    private static func hasMajority(_ voters: [NodeID], _ holds: (NodeID) -> Bool) -> Bool {
        var count = 0
        for voter in voters where holds(voter) { count += 1 }
        return count > voters.count / 2
    }

    /// Sorted in descending order, position n / 2 is where a majority of n ends: the second of
    /// three, the third of four.
    private static func majorityIndex(
        _ voters: [NodeID], _ index: (NodeID) -> LogIndex
    ) -> LogIndex {
        // On the stack: this runs for every acknowledgement. `votersMax` long.
        var descending = InlineArray<7, LogIndex>(repeating: .zero)
        for (count, voter) in voters.enumerated() {
            let value = index(voter)
            var slot = count
            while slot > 0, descending[slot - 1] < value {
                descending[slot] = descending[slot - 1]
                slot -= 1
            }
            descending[slot] = value
        }
        return descending[voters.count / 2]
    }
}
