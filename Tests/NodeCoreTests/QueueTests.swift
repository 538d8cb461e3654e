import Inventory
import NodeCore
import Primitives
import Raft
import Testing

/// Linearizable reads, turn by turn.
@Suite struct ReadQueueTests {
    private static func time(_ milliseconds: UInt64) -> MonotonicTime {
        MonotonicTime(nanoseconds: milliseconds * 1_000_000)
    }
    private static let hold = ReadOperation.hold(HoldID(shard: ShardID(0), bits: 1))
    private static let interval = Milliseconds(100)

    private static func read(_ number: UInt64) -> ConfirmedWork { .read(RequestID(number), hold) }

    private static func numbers(_ work: [ConfirmedWork]?) -> [UInt64]? {
        work?.map { piece in
            guard case .read(let request, _) = piece else { return 0 }
            return request.rawValue
        }
    }

    @Test func readsOfOneTurnShareAnIndexAndWaitUntilItIsApplied() {
        var queue = ReadQueue()
        queue.append(Self.read(1))
        queue.append(Self.read(2))
        guard let id = queue.next(at: Self.time(1), every: Self.interval) else { return }
        #expect(queue.next(at: Self.time(1), every: Self.interval) == nil)
        #expect(queue.popReady(appliedThrough: LogIndex(99)) == nil)
        #expect(queue.resolve(ReadOutcome(id: id, index: LogIndex(5))).isEmpty)
        #expect(queue.popReady(appliedThrough: LogIndex(4)) == nil)
        #expect(queue.count == 2)
        #expect(Self.numbers(queue.popReady(appliedThrough: LogIndex(5))) == [1, 2])
        #expect(queue.count == 0)
    }

    @Test func aReadThatCannotBeConfirmedGivesItsWorkBack() {
        var queue = ReadQueue()
        queue.append(Self.read(1))
        guard let id = queue.next(at: Self.time(1), every: Self.interval) else { return }
        #expect(Self.numbers(queue.resolve(ReadOutcome(id: id, index: nil))) == [1])
        #expect(queue.resolve(ReadOutcome(id: id, index: LogIndex(1))).isEmpty)
        #expect(queue.popReady(appliedThrough: LogIndex(9)) == nil)
        #expect(queue.freshAsOf == nil)
    }

    @Test func lateIndexesComeBeforeEarlyOnesWhenTheyAreSmaller() {
        var queue = ReadQueue()
        queue.append(Self.read(1))
        guard let first = queue.next(at: Self.time(1), every: Self.interval) else { return }
        queue.append(Self.read(2))
        guard let second = queue.next(at: Self.time(2), every: Self.interval) else { return }
        _ = queue.resolve(ReadOutcome(id: second, index: LogIndex(8)))
        _ = queue.resolve(ReadOutcome(id: first, index: LogIndex(5)))
        #expect(Self.numbers(queue.popReady(appliedThrough: LogIndex(6))) == [1])
        #expect(queue.popReady(appliedThrough: LogIndex(6)) == nil)
        #expect(Self.numbers(queue.popReady(appliedThrough: LogIndex(8))) == [2])
    }

    /// Fresh as of the question, not of the answer: the answer may have been long on its way.
    @Test func freshnessIsThatOfTheQuestion() {
        var queue = ReadQueue()
        guard let id = queue.next(at: Self.time(10), every: Self.interval) else { return }
        _ = queue.resolve(ReadOutcome(id: id, index: LogIndex(1)))
        #expect(queue.freshAsOf == nil)
        #expect(queue.popReady(appliedThrough: LogIndex(1))?.isEmpty == true)
        #expect(queue.freshAsOf == Self.time(10))
    }

    /// A later question that is still open says nothing about an earlier one's answer.
    @Test func freshnessIsNotThatOfAQuestionAskedSince() throws {
        var queue = ReadQueue()
        let asked = [10, 300].map { queue.next(at: Self.time($0), every: Self.interval) }
        #expect(asked[1] != nil)
        let first = try #require(asked[0])
        _ = queue.resolve(ReadOutcome(id: first, index: LogIndex(1)))
        _ = queue.popReady(appliedThrough: LogIndex(1))
        #expect(queue.freshAsOf == Self.time(10))
    }

    @Test func withoutReadsFreshnessIsMeasuredNowAndThen() {
        var queue = ReadQueue()
        let times = (0..<50).filter {
            queue.next(at: Self.time(UInt64($0) * 10), every: Self.interval) != nil
        }
        #expect(times == [0, 10, 20, 30, 40])
        queue.measureSoon()
        #expect(queue.next(at: Self.time(491), every: Self.interval) != nil)
    }

    @Test func whatWaitsTooLongIsGivenUpConfirmedOrNot() {
        var queue = ReadQueue()
        for number in 1...3 as ClosedRange<UInt64> {
            queue.append(Self.read(number))
            guard let id = queue.next(at: Self.time(number), every: Self.interval) else { return }
            if number != 2 { _ = queue.resolve(ReadOutcome(id: id, index: LogIndex(9))) }
        }
        #expect(queue.unanswered.count == 1)
        #expect(Set(Self.numbers(queue.expire(askedBefore: Self.time(3))) ?? []) == [1, 2])
        #expect(queue.count == 1)
        #expect(Self.numbers(queue.popReady(appliedThrough: LogIndex(9))) == [3])
    }
}

/// States compared at equal indexes.
@Suite struct StateDigestTests {
    private static func digests(_ peers: Int) -> StateDigests {
        var digests = StateDigests(peers: (2...(peers + 1)).map { NodeID(UInt16($0)) })
        for index in 1...100 as ClosedRange<UInt64> {
            digests.record(LogIndex(index), digest: index * 7)
        }
        return digests
    }
    private static func claim(_ index: UInt64, _ digest: UInt64) -> Gossip {
        Gossip(appliedIndex: LogIndex(index), digest: digest)
    }

    @Test func equalStatesAreNothing() {
        var digests = Self.digests(2)
        digests.claim(Self.claim(40, 280), by: NodeID(2))
        digests.claim(Self.claim(100, 700), by: NodeID(3))
        #expect(digests.judge() == .nothing)
    }

    @Test func aMajorityThatDiffersIsADivergence() {
        var digests = Self.digests(2)
        digests.claim(Self.claim(40, 1), by: NodeID(2))
        #expect(digests.judge() == .disputed(LogIndex(40)))
        digests.claim(Self.claim(50, 2), by: NodeID(3))
        #expect(digests.judge() == .diverged(LogIndex(40), own: 280, others: 1))
    }

    @Test func oneThatDiffersFromAMajorityIsItsOwnProblem() {
        var digests = Self.digests(2)
        digests.claim(Self.claim(50, 350), by: NodeID(3))
        digests.claim(Self.claim(40, 1), by: NodeID(2))
        #expect(digests.judge() == .nothing)
        digests.claim(Self.claim(60, 420), by: NodeID(2))
        #expect(digests.judge() == .nothing)
    }

    @Test func oneAgainstOneStaysDisputedUntilTheyAgree() {
        var digests = Self.digests(1)
        digests.claim(Self.claim(40, 1), by: NodeID(2))
        #expect(digests.judge() == .disputed(LogIndex(40)))
        #expect(digests.judge() == .disputed(LogIndex(40)))
        digests.claim(Self.claim(41, 287), by: NodeID(2))
        #expect(digests.judge() == .nothing)
    }

    @Test func aClaimAheadWaitsUntilThisNodeHasAppliedAsMuch() {
        var digests = Self.digests(1)
        digests.claim(Self.claim(150, 1), by: NodeID(2))
        // Nor is it lost to later ones, which would always be ahead, too.
        digests.claim(Self.claim(160, 2), by: NodeID(2))
        #expect(digests.judge() == .nothing)
        for index in 101...155 as ClosedRange<UInt64> {
            digests.record(LogIndex(index), digest: index * 7)
        }
        #expect(digests.judge() == .disputed(LogIndex(150)))
    }

    @Test func whatIsForgottenIsNotCompared() {
        var digests = Self.digests(1)
        for index in 101...9_000 as ClosedRange<UInt64> {
            digests.record(LogIndex(index), digest: index * 7)
        }
        digests.claim(Self.claim(50, 1), by: NodeID(2))
        digests.claim(Self.claim(0, 1), by: NodeID(2))
        #expect(digests.judge() == .nothing)
        digests.claim(Self.claim(8_999, 1), by: NodeID(2))
        #expect(digests.judge() == .disputed(LogIndex(8_999)))
    }
}
