import Primitives
import Raft
import Testing

/// The fast majority maths against the definition (openraft #1802).
struct QuorumTests {
    /// "For every set of voters, more than half of them": said as slowly as it reads.
    private func naiveQuorum(_ sets: [[NodeID]], _ holders: [NodeID]) -> Bool {
        sets.filter { !$0.isEmpty }.allSatisfy { set in
            set.filter { holders.contains($0) }.count * 2 > set.count
        }
    }

    /// The largest index that a quorum has, found by trying each.
    private func naiveIndex(_ sets: [[NodeID]], _ indices: [UInt64]) -> UInt64 {
        var best: UInt64 = 0
        for candidate in indices {
            let holders = (0..<indices.count).filter { indices[$0] >= candidate }
            if naiveQuorum(sets, holders.map { NodeID(UInt16($0)) }) { best = max(best, candidate) }
        }
        return best
    }

    private func draw(_ random: inout PRNG, atLeast: Int) -> [NodeID] {
        let count = random.next(in: atLeast...Membership.votersMax)
        var pool = (0..<10).map { NodeID($0) }
        return (0..<count).map { _ in pool.remove(at: random.next(in: 0...(pool.count - 1))) }
    }

    @Test func quorumsAgreeWithTheDefinition() throws {
        var random = PRNG(seed: 2)
        for _ in 0..<3_000 {
            let sets = [draw(&random, atLeast: 1), draw(&random, atLeast: 0)]
            let membership = try Membership(voters: sets[0], outgoingVoters: sets[1])
            let holders = (0..<10).map { NodeID($0) }.filter { _ in random.next(below: 2) == 0 }
            #expect(
                membership.hasQuorum { holders.contains($0) } == naiveQuorum(sets, holders),
                "\(sets) \(holders)")
            let indices = (0..<10).map { _ in random.next(below: 6) }
            let fast = membership.indexReachedByQuorum {
                LogIndex(indices[Int($0.rawValue)])
            }
            #expect(fast.rawValue == naiveIndex(sets, indices), "\(sets) \(indices)")
        }
    }

    @Test(
        arguments: [
            ([5], 5), ([5, 3], 3), ([5, 3, 1], 3), ([5, 4, 3, 1], 3), ([9, 7, 5, 3, 1], 5),
        ] as [([UInt64], UInt64)])
    func aMajorityIsMoreThanHalf(indices: [UInt64], reached: UInt64) throws {
        let membership = try Membership(
            voters: indices.indices.map { NodeID(UInt16($0)) })
        let index = membership.indexReachedByQuorum { LogIndex(indices[Int($0.rawValue)]) }
        #expect(index == LogIndex(reached))
    }

    @Test func aMembershipIsSortedAndCoherent() throws {
        let membership = try Membership(
            voters: [3, 1, 2].map { NodeID($0) }, outgoingVoters: [5, 1].map { NodeID($0) },
            learners: [4].map { NodeID($0) })
        #expect(membership.members.map(\.rawValue) == [1, 2, 3, 4, 5])
        #expect(membership.isVoter(NodeID(5)))
        #expect(!membership.isVoter(NodeID(4)))
        #expect(!membership.contains(NodeID(6)))
        #expect(throws: MembershipError.noVoters) { try Membership(voters: []) }
        #expect(throws: MembershipError.listedTwice(NodeID(1))) {
            try Membership(voters: [NodeID(1), NodeID(1)])
        }
        #expect(throws: MembershipError.listedTwice(NodeID(1))) {
            try Membership(voters: [NodeID(1)], learners: [NodeID(1)])
        }
        #expect(throws: MembershipError.tooMany(count: 8, limit: 7)) {
            try Membership(voters: (1...8).map { NodeID($0) })
        }
    }

    /// While a change is under way either set alone decides nothing (thesis §4.3).
    @Test func aJointDecisionNeedsBothMajorities() throws {
        let joint = try Membership(
            voters: [1, 2, 3].map { NodeID($0) }, outgoingVoters: [3, 4, 5].map { NodeID($0) })
        #expect(!joint.hasQuorum { [1, 2, 3].contains($0.rawValue) })
        #expect(!joint.hasQuorum { [3, 4, 5].contains($0.rawValue) })
        #expect(joint.hasQuorum { [1, 3, 4].contains($0.rawValue) })
    }

    @Test func limitsThatCannotWorkAreRefused() throws {
        let base = RaftConfiguration(id: NodeID(1), membership: try Membership(voters: [NodeID(1)]))
        try base.validate()
        func refusal(_ change: (inout RaftConfiguration) -> Void) -> RaftConfigurationError? {
            var configuration = base
            change(&configuration)
            do throws(RaftConfigurationError) {
                try configuration.validate()
                return nil
            } catch { return error }
        }
        #expect(refusal { $0.id = NodeID(2) } == .notAMember(NodeID(2)))
        #expect(
            refusal { $0.tailBytesMax = 0 } == .notPositive(setting: "tailBytesMax", value: 0))
        #expect(refusal { $0.heartbeatTicks = 15 } == .electionTooHasty)
        #expect(refusal { $0.electionTicksMax = $0.electionTicksMin } == .electionNotRandom)
        #expect(
            refusal { $0.appendBytesMax = 300_000 }
                == .appendTooLarge(bytes: 300_000, limit: 229_376))
    }
}
