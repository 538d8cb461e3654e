import Inventory
import NodeCore
import Primitives
import Raft
import Testing

/// Commands on their way into the log, and who waits for them.
@Suite struct ProposalQueueTests {
    private static func waiter(_ number: UInt64) -> Waiter { .client(RequestID(number)) }
    private static func position(_ term: UInt64, _ index: UInt64) -> LogPosition {
        LogPosition(term: Term(term), index: LogIndex(index))
    }
    private static let deadline = MonotonicTime(nanoseconds: 100)

    private static func command(_ number: Int) -> Command {
        .shard(ShardID(0), .releaseHold(HoldID(shard: ShardID(0), bits: UInt128(number))))
    }

    /// A queue with commands 0..<count gathered, each of 10 bytes.
    private static func queue(_ count: Int) -> ProposalQueue {
        var queue = ProposalQueue()
        for number in 0..<count {
            queue.append(command(number), waiter(UInt64(number)), bytes: 10)
        }
        return queue
    }

    private typealias Settlement = ProposalQueue.Settlement

    @Test func aBatchTakesWhatFitsAndAtLeastOne() {
        let queue = Self.queue(5)
        #expect(queue.nextBatch(bytesMax: 1_000).count == 5)
        #expect(queue.nextBatch(bytesMax: 35).count == 3)
        #expect(queue.nextBatch(bytesMax: 30).count == 3)
        #expect(queue.nextBatch(bytesMax: 1).count == 1)
        #expect(ProposalQueue().nextBatch(bytesMax: 10).isEmpty)
    }

    @Test func whatIsLeftOfABatchComesNext() {
        var queue = Self.queue(5)
        queue.proposed(at: Self.position(1, 7), count: 3)
        #expect(queue.nextBatch(bytesMax: 1_000) == [Self.command(3), Self.command(4)])
        #expect(queue.count == 5)
        #expect(queue.entriesInFlight == 1)
        queue.proposed(at: Self.position(1, 8), count: 2)
        #expect(queue.isEmpty)
        let first = queue.settle(Self.position(1, 7))
        #expect(first == Settlement(committed: [Self.waiter(0), Self.waiter(1), Self.waiter(2)]))
        let second = queue.settle(Self.position(1, 8))
        #expect(second == Settlement(committed: [Self.waiter(3), Self.waiter(4)]))
        #expect(queue.count == 0)
    }

    @Test func anEntryThatNobodyProposedSettlesNobody() {
        var queue = Self.queue(1)
        queue.proposed(at: Self.position(2, 7), count: 1)
        #expect(queue.settle(Self.position(1, 6)) == Settlement())
        #expect(queue.entriesInFlight == 1)
    }

    @Test func afterAReignAnEntryIsCommittedOrSuperseded() {
        var queue = Self.queue(4)
        queue.proposed(at: Self.position(2, 7), count: 1)
        queue.proposed(at: Self.position(2, 8), count: 1)
        let never = queue.endReign(waitingUntil: Self.deadline)
        #expect(never == [Self.waiter(2), Self.waiter(3)])
        #expect(queue.count == 2)
        #expect(queue.entriesInFlight == 0)
        let first = queue.settle(Self.position(2, 7))
        #expect(first == Settlement(committed: [Self.waiter(0)]))
        let second = queue.settle(Self.position(3, 8))
        #expect(second == Settlement(superseded: [Self.waiter(1)]))
        #expect(queue.count == 0)
    }

    /// A node may lead, lose and lead again, and propose twice for one index.
    @Test func twoReignsProposalsForOneIndexAreToldApart() {
        for winner in [2, 4] as [UInt64] {
            var queue = Self.queue(1)
            queue.proposed(at: Self.position(2, 7), count: 1)
            _ = queue.endReign(waitingUntil: Self.deadline)
            queue.append(Self.command(9), Self.waiter(9), bytes: 10)
            queue.proposed(at: Self.position(4, 7), count: 1)
            _ = queue.endReign(waitingUntil: Self.deadline)
            let settled = queue.settle(Self.position(winner, 7))
            let (own, other) = (Self.waiter(winner == 2 ? 0 : 9), Self.waiter(winner == 2 ? 9 : 0))
            #expect(settled == Settlement(committed: [own], superseded: [other]))
            #expect(queue.count == 0)
        }
    }

    @Test func aProposalOfThisReignSupersedesOneBefore() {
        var queue = Self.queue(1)
        queue.proposed(at: Self.position(2, 7), count: 1)
        _ = queue.endReign(waitingUntil: Self.deadline)
        queue.append(Self.command(9), Self.waiter(9), bytes: 10)
        queue.proposed(at: Self.position(4, 7), count: 1)
        #expect(
            queue.settle(Self.position(4, 7))
                == Settlement(committed: [Self.waiter(9)], superseded: [Self.waiter(0)]))
        #expect(queue.count == 0)
        #expect(queue.entriesInFlight == 0)
    }

    @Test func afterTheDeadlineTheFateIsUnknown() {
        var queue = Self.queue(2)
        queue.proposed(at: Self.position(2, 7), count: 2)
        _ = queue.endReign(waitingUntil: Self.deadline)
        #expect(queue.expire(at: MonotonicTime(nanoseconds: 99)) == [])
        #expect(queue.expire(at: Self.deadline) == [Self.waiter(0), Self.waiter(1)])
        #expect(queue.settle(Self.position(2, 7)) == Settlement())
        #expect(queue.count == 0)
    }
}

/// Commits that wait for their attempt.
@Suite struct PaymentWaiterTests {
    private static func attempt(_ number: UInt128) -> AttemptID {
        AttemptID(shard: ShardID(0), bits: number)
    }
    private static func time(_ nanoseconds: UInt64) -> MonotonicTime {
        MonotonicTime(nanoseconds: nanoseconds)
    }

    @Test func allWhoWaitForAnAttemptAreAnsweredTogetherAndOnce() {
        var waiters = PaymentWaiters()
        waiters.append(RequestID(1), attempt: Self.attempt(1), until: Self.time(10))
        waiters.append(RequestID(2), attempt: Self.attempt(2), until: Self.time(11))
        waiters.append(RequestID(3), attempt: Self.attempt(1), until: Self.time(12))
        #expect(waiters.settle(Self.attempt(1)) == [RequestID(1), RequestID(3)])
        #expect(waiters.settle(Self.attempt(1)) == [])
        #expect(waiters.count == 1)
        #expect(waiters.expire(at: Self.time(20)).map(\.0) == [RequestID(2)])
        #expect(waiters.count == 0)
    }

    @Test func patienceEndsInOrder() {
        var waiters = PaymentWaiters()
        for number in 1...200 as ClosedRange<UInt64> {
            waiters.append(
                RequestID(number), attempt: Self.attempt(UInt128(number % 7)),
                until: Self.time(number))
        }
        #expect(waiters.expire(at: Self.time(150)).map(\.0.rawValue) == Array(1...150))
        #expect(waiters.count == 50)
        #expect(
            waiters.settle(Self.attempt(0)).map(\.rawValue) == [154, 161, 168, 175, 182, 189, 196])
        #expect(waiters.expire(at: Self.time(500)).count == 43)
        #expect(waiters.count == 0)
    }
}
