import Glibc
import Primitives
import Synchronization
import Testing

@testable import SystemIO

@Suite struct MailboxTests {
    @Test func messagesComeOutInOrderAndOnce() throws {
        let mailbox = Mailbox<Int>(capacity: 10, wakeup: try Wakeup())
        #expect(mailbox.offer(1))
        #expect(mailbox.offer(contentsOf: [2, 3]))
        var batch = [99]
        mailbox.drain(into: &batch)
        #expect(batch == [1, 2, 3])
        mailbox.drain(into: &batch)
        #expect(batch.isEmpty)
    }

    @Test func aFullMailboxRefusesAndKeepsWhatItHas() throws {
        let mailbox = Mailbox<Int>(capacity: 2, wakeup: try Wakeup())
        #expect(mailbox.offer(1))
        #expect(mailbox.offer(2))
        #expect(!mailbox.offer(3))
        #expect(mailbox.count == 2)
        var batch: [Int] = []
        mailbox.drain(into: &batch)
        #expect(batch == [1, 2])
        #expect(mailbox.offer(4))
    }

    @Test func severalMessagesAreTakenTogetherOrNotAtAll() throws {
        let mailbox = Mailbox<Int>(capacity: 3, wakeup: try Wakeup())
        #expect(mailbox.offer(1))
        #expect(!mailbox.offer(contentsOf: [2, 3, 4]))
        #expect(mailbox.offer(contentsOf: [2, 3]))
        #expect(mailbox.offer(contentsOf: []))
        var batch: [Int] = []
        mailbox.drain(into: &batch)
        #expect(batch == [1, 2, 3])
    }

    @Test func aClosedMailboxRefusesButGivesWhatItHas() throws {
        let mailbox = Mailbox<Int>(capacity: 3, wakeup: try Wakeup())
        #expect(mailbox.offer(1))
        mailbox.close()
        #expect(!mailbox.offer(2))
        #expect(!mailbox.offer(contentsOf: [3]))
        var batch: [Int] = []
        #expect(mailbox.wait(into: &batch) == .messages)
        #expect(batch == [1])
        #expect(mailbox.wait(into: &batch) == .closed)
        #expect(batch.isEmpty)
    }

    @Test func whoDrainsIsToldThatNoMoreWillCome() throws {
        let mailbox = Mailbox<Int>(capacity: 3, wakeup: try Wakeup())
        var batch: [Int] = []
        #expect(mailbox.drain(into: &batch) == .open)
        #expect(mailbox.offer(1))
        mailbox.close()
        #expect(mailbox.drain(into: &batch) == .closed)
        #expect(batch == [1])
        #expect(mailbox.drain(into: &batch) == .closed)
        #expect(batch.isEmpty)
    }

    @Test func aWaitEndsAtItsTimeout() throws {
        let mailbox = Mailbox<Int>(capacity: 3, wakeup: try Wakeup())
        var batch = [1]
        let start = SystemClock.monotonicNow()
        #expect(mailbox.wait(into: &batch, atMost: Milliseconds(10)) == .timedOut)
        #expect(SystemClock.monotonicNow() >= start + Milliseconds(10))
        #expect(batch.isEmpty)
        #expect(mailbox.wait(into: &batch, atMost: .zero) == .timedOut)
    }

    @Test func aWaitEndsWhenTheMailboxIsClosed() throws {
        let mailbox = Mailbox<Int>(capacity: 3, wakeup: try Wakeup())
        let thread = try Thread.start(name: "closer") { mailbox.close() }
        var batch: [Int] = []
        #expect(mailbox.wait(into: &batch) == .closed)
        thread.join()
    }

    @Test func interruptionsDoNotEndAWait() throws {
        let mailbox = Mailbox<Int>(capacity: 3, wakeup: try Wakeup())
        let id = Mutex<pthread_t?>(nil)
        let outcome = Mutex<Mailbox<Int>.Wait?>(nil)
        let thread = try Thread.start(name: "interrupted") {
            let own = acceptInterruptions()
            id.withLock { $0 = own }
            var batch: [Int] = []
            let result = mailbox.wait(into: &batch)
            outcome.withLock { $0 = result }
        }
        while id.withLock({ $0 }) == nil { sched_yield() }
        let enough = interruptions.load(ordering: .relaxed) + 100
        if let id = id.withLock({ $0 }) {
            interrupt(id, until: { interruptions.load(ordering: .relaxed) >= enough })
        }
        #expect(outcome.withLock { $0 } == nil)
        #expect(mailbox.offer(1))
        thread.join()
        #expect(outcome.withLock { $0 } == .messages)
    }

    /// Four senders against a worker that takes batches: nothing is lost, doubled or out of a
    /// sender's order, though the mailbox is often full and the worker often asleep.
    @Test func nothingIsLostBetweenThreads() throws {
        struct Message: Sendable {
            var sender: Int
            var number: Int
        }
        let mailbox = Mailbox<Message>(capacity: 64, wakeup: try Wakeup())
        let perSender = 5_000
        let received = Mutex<[[Int]]>([])
        let worker = try Thread.start(name: "receiver") {
            var numbers = [[Int]](repeating: [], count: 4)
            var batch: [Message] = []
            while mailbox.wait(into: &batch) == .messages {
                for message in batch { numbers[message.sender].append(message.number) }
            }
            let result = numbers
            received.withLock { $0 = result }
        }
        let senders = try (0..<4).map { sender in
            try Thread.start(name: "sender \(sender)") {
                for number in 0..<perSender {
                    while !mailbox.offer(Message(sender: sender, number: number)) { sched_yield() }
                }
            }
        }
        for sender in senders { sender.join() }
        mailbox.close()
        worker.join()
        #expect(received.withLock { $0 } == Array(repeating: Array(0..<perSender), count: 4))
    }

    /// The same through a loop: two mailboxes share its wakeup, and it drains both each turn.
    @Test func aLoopMissesNoMessageOfItsMailboxes() throws {
        let wakeup = try Wakeup()
        let boxes = (0..<2).map { _ in Mailbox<Int>(capacity: 32, wakeup: wakeup) }
        let loop = try EventLoop(wakeup: wakeup)
        let senders = try boxes.map { box in
            try Thread.start(name: "sender") {
                for number in 0..<5_000 {
                    while !box.offer(number) { sched_yield() }
                }
            }
        }
        var received: [[Int]] = [[], []]
        var batch: [Int] = []
        while received.contains(where: { $0.count < 5_000 }) {
            loop.turn(waitingAtMost: .seconds(60))
            for (index, box) in boxes.enumerated() {
                box.drain(into: &batch)
                received[index] += batch
            }
        }
        for sender in senders { sender.join() }
        #expect(received == [Array(0..<5_000), Array(0..<5_000)])
    }
}
