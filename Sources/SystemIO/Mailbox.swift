package import Primitives
public import Synchronization

/// A bounded queue from any number of threads to one. The receiver takes everything with one
/// swap, so a batch costs one lock however large it is; the sender wakes the receiver only when
/// the mailbox was empty. The receiver is either a loop, which drains every mailbox of its
/// `Wakeup` after each turn, or a worker thread, which blocks in `wait`. The hot functions are
/// inlinable so that other targets specialise them for their message.
@usableFromInline package final class Mailbox<Message: Sendable>: Sendable {
    @usableFromInline
    struct Contents {
        @usableFromInline var messages: [Message] = []
        @usableFromInline var isClosed = false

        @inlinable
        init() {}
    }

    /// What came of a `wait`.
    package enum Wait: Hashable, Sendable {
        /// The batch holds at least one message.
        case messages
        /// Nothing came in time; the batch is empty.
        case timedOut
        /// Closed, and everything offered before was taken; the batch is empty.
        case closed
    }

    /// Whether more messages may come.
    @usableFromInline
    package enum Prospect: Hashable, Sendable {
        case open
        case closed
    }

    @usableFromInline let contents = Mutex(Contents())
    @usableFromInline let wakeup: Wakeup
    /// How many messages may wait.
    @usableFromInline package let capacity: Int

    /// - Parameter wakeup: the receiver's; mailboxes with the same receiver share it.
    package init(capacity: Int, wakeup: Wakeup) {
        invariant(capacity > 0, "a mailbox of capacity \(capacity) takes nothing")
        self.capacity = capacity
        self.wakeup = wakeup
    }

    /// Leaves a message. False: full or closed, and the message is not taken; never blocks.
    @inlinable
    package func offer(_ message: Message) -> Bool {
        let before: Int? = contents.withLock { contents in
            let count = contents.messages.count
            guard !contents.isClosed, count < capacity else { return nil }
            contents.messages.append(message)
            return count
        }
        if before == 0 { wakeup.signal() }
        return before != nil
    }

    /// Leaves all of the messages, in order, or (false) none of them.
    @inlinable
    package func offer(contentsOf messages: [Message]) -> Bool {
        guard !messages.isEmpty else { return true }
        let before: Int? = contents.withLock { contents in
            let count = contents.messages.count
            guard !contents.isClosed, messages.count <= capacity - count else { return nil }
            contents.messages.append(contentsOf: messages)
            return count
        }
        if before == 0 { wakeup.signal() }
        return before != nil
    }

    /// Replaces the batch by what has arrived, in order. The two arrays' storage goes back and
    /// forth, so in steady state nothing is allocated.
    @inlinable @discardableResult
    package func drain(into batch: inout [Message]) -> Prospect {
        batch.removeAll(keepingCapacity: true)
        return contents.withLock { contents in
            swap(&contents.messages, &batch)
            return contents.isClosed ? .closed : .open
        }
    }

    /// Like `drain`, but blocks while there is nothing, at most `timeout` (nil: for ever). For a
    /// worker thread that is the only receiver of this mailbox's `Wakeup`. No system call is made
    /// when messages are there.
    package func wait(into batch: inout [Message], atMost timeout: Milliseconds? = nil) -> Wait {
        batch.removeAll(keepingCapacity: true)
        let deadline = timeout.map { SystemClock.monotonicNow() + $0 }
        while true {
            let isClosed = contents.withLock { contents in
                swap(&contents.messages, &batch)
                return contents.isClosed
            }
            if !batch.isEmpty { return .messages }
            if isClosed { return .closed }
            guard let deadline else {
                wakeup.wait(atMost: nil)
                continue
            }
            let now = SystemClock.monotonicNow()
            if now >= deadline { return .timedOut }
            // One more than the whole milliseconds left: never short of the deadline.
            wakeup.wait(atMost: deadline.milliseconds(since: now) + Milliseconds(1))
        }
    }

    /// Refuses further messages and wakes the receiver. What is there can still be taken.
    package func close() {
        contents.withLock { $0.isClosed = true }
        wakeup.signal()
    }

    /// How many messages wait, for metrics.
    package var count: Int { contents.withLock { $0.messages.count } }
}
