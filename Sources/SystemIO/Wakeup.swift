import CLinux
import Glibc
import Primitives
import Synchronization

/// Wakes one receiving thread, an `EventLoop` or a worker blocked in `Mailbox.wait`, from any
/// other. The receiver says when it goes to sleep, so a signal to a busy receiver is one atomic
/// exchange, and any number of signals to a sleeping one are one write.
@usableFromInline package final class Wakeup: Sendable {
    private enum Receiver: UInt8, AtomicRepresentable {
        /// Looks at its mailboxes before it next sleeps, and will see `signalled` if it must again.
        case awake
        /// Blocked, or about to be: the next signal must write. → awake, signalled
        case asleep
        /// Told to look; further signals add nothing. → awake, asleep
        case signalled
    }

    private let receiver = Atomic(Receiver.awake)
    /// An eventfd(2), not blocking.
    let descriptor: Descriptor

    package init() throws(SystemError) {
        let flags = Int32(EFD_CLOEXEC) | Int32(EFD_NONBLOCK)
        descriptor = Descriptor(owning: try checked("eventfd") { eventfd(0, flags) })
    }

    /// Makes the receiver look at its mailboxes. What the sender wrote before is visible to it.
    @usableFromInline package func signal() {
        guard receiver.exchange(.signalled, ordering: .acquiringAndReleasing) == .asleep else {
            return
        }
        let result = uninterrupted { eventfd_write(descriptor.rawValue, 1) }
        // EAGAIN: the counter is at its maximum, which wakes as well.
        invariant(result == 0 || errno == EAGAIN, "eventfd write failed: errno \(errno)")
    }

    /// Receiver: announces a sleep. With `.signalled` it must not sleep but look again.
    func prepareToSleep() -> SleepPermission {
        receiver.exchange(.asleep, ordering: .acquiringAndReleasing) == .signalled
            ? .signalled : .granted
    }

    /// Receiver: ends a sleep. Must precede the look at the mailboxes.
    func finishSleep() {
        _ = receiver.exchange(.awake, ordering: .acquiringAndReleasing)
    }

    /// Receiver without a loop: blocks until a signal, at most `timeout` (nil: for ever). May
    /// return early.
    func wait(atMost timeout: Milliseconds?) {
        defer { finishSleep() }
        guard prepareToSleep() == .granted else { return }
        var request = pollfd(fd: descriptor.rawValue, events: Int16(POLLIN), revents: 0)
        let limit = timeout.map { Int32(clamping: $0.rawValue) } ?? -1
        // An interruption counts as an early return: the caller knows its deadline.
        guard poll(&request, 1, limit) == 1 else { return }
        var count: eventfd_t = 0
        _ = eventfd_read(descriptor.rawValue, &count)
    }
}

/// Whether a receiver may go to sleep.
enum SleepPermission {
    case granted
    case signalled
}
