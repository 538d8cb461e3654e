import CLinux
import Glibc
package import Primitives

/// What a handler wants to hear about its descriptor. Errors and hang-ups are always reported.
package struct Interest: OptionSet, Hashable, Sendable {
    package let rawValue: UInt32
    package init(rawValue: UInt32) { self.rawValue = rawValue }
    package static let read = Interest(rawValue: EPOLLIN.rawValue)
    package static let write = Interest(rawValue: EPOLLOUT.rawValue)
}

/// What is so of a descriptor. It holds until the handler changes it (level-triggered): a handler
/// that leaves bytes unread is called again in the next turn.
package struct Readiness: OptionSet, Hashable, Sendable {
    package let rawValue: UInt32
    package init(rawValue: UInt32) { self.rawValue = rawValue }
    /// There are bytes to receive, a connection to accept, or the end of the stream to see.
    package static let read = Readiness(rawValue: EPOLLIN.rawValue)
    /// There is room to send, or a `connect` has ended.
    package static let write = Readiness(rawValue: EPOLLOUT.rawValue)
    /// The descriptor failed or both directions are shut. Reported again each turn until the
    /// handler deregisters; receiving says what happened.
    package static let failed = Readiness(rawValue: EPOLLERR.rawValue | EPOLLHUP.rawValue)

    /// Whether any of `other` is so: `.failed` is two bits of which one may stand alone.
    package func intersects(_ other: Readiness) -> Bool { rawValue & other.rawValue != 0 }
}

/// Names one registration of a descriptor, to change or end it.
package struct Registration: Hashable {
    let descriptor: Int32
    let generation: UInt32
}

/// A thread's reactor: waits for descriptors and timers with epoll(7), and calls their handlers.
/// Create it inside the thread that owns it; nothing of it may leave that thread. The owner calls
/// `turn` again and again and does its own work in between:
///
///     let loop = try EventLoop(wakeup: wakeup)
///     while !stopping {
///         loop.turn(waitingAtMost: .seconds(1))
///         inbox.drain(into: &batch)   // after every turn: a signal is not repeated
///         …
///     }
package final class EventLoop {
    /// Called with what is so of the descriptor. It may register, modify and deregister anything,
    /// itself included, and must not call `turn`.
    package typealias Handler = (Readiness) -> Void

    private struct Slot {
        var generation: UInt32 = 0
        var interest: Interest = []
        var handler: Handler?
    }

    private enum Phase {
        case between
        case inTurn
    }

    /// Enough to make the wait's own cost small; what is ready beyond it comes next turn.
    private static let eventsPerTurnMax = 256
    /// The wakeup's epoll data: no descriptor is -1.
    private static let wakeupData = UInt64.max

    private let epoll: Descriptor
    private let wakeup: Wakeup
    /// By descriptor number: the kernel hands out the lowest free one, so the array stays dense.
    private var slots: [Slot] = []
    private var lastGeneration: UInt32 = 0
    private var events = [epoll_event](repeating: epoll_event(), count: eventsPerTurnMax)
    private var timers = TimerHeap()
    private var phase = Phase.between

    /// The monotonic time at the end of the last wait: read once a turn, the same for all handlers.
    package private(set) var now: MonotonicTime

    /// How many descriptors are registered, the wakeup not counted.
    package private(set) var registrationCount = 0

    /// - Parameter wakeup: ends this loop's wait when signalled. Made by the caller, so that other
    ///   threads can hold it before this one starts.
    package init(wakeup: Wakeup) throws(SystemError) {
        epoll = Descriptor(
            owning: try checked("epoll_create1") { epoll_create1(Int32(EPOLL_CLOEXEC)) })
        self.wakeup = wakeup
        now = SystemClock.monotonicNow()
        // Edge-triggered, so the eventfd need not be read: each write is a new edge.
        try control(
            EPOLL_CTL_ADD, wakeup.descriptor.rawValue,
            events: EPOLLIN.rawValue | EPOLLET.rawValue, data: Self.wakeupData)
    }

    /// Calls `handler` whenever something of `interest` is so of the descriptor, until
    /// `deregister`, which must come before the descriptor is closed. The loop keeps the handler;
    /// capture weakly or unowned what itself owns the descriptor. Throws when the kernel's limit
    /// of watches is reached.
    package func register(
        _ descriptor: borrowing Descriptor, for interest: Interest, _ handler: @escaping Handler
    ) throws(SystemError) -> Registration {
        let number = descriptor.rawValue
        while slots.count <= Int(number) { slots.append(Slot()) }
        invariant(
            slots[Int(number)].handler == nil,
            "descriptor \(number) is still registered: it was closed before deregister")
        lastGeneration &+= 1
        let registration = Registration(descriptor: number, generation: lastGeneration)
        try control(
            EPOLL_CTL_ADD, number, events: interest.rawValue, data: Self.data(registration))
        slots[Int(number)] = Slot(
            generation: lastGeneration, interest: interest, handler: handler)
        registrationCount += 1
        return registration
    }

    /// Changes what the handler wants to hear about. No system call is made when nothing changes.
    package func modify(_ registration: Registration, for interest: Interest) {
        let index = liveIndex(of: registration)
        guard slots[index].interest != interest else { return }
        slots[index].interest = interest
        mustControl(
            EPOLL_CTL_MOD, registration.descriptor, events: interest.rawValue,
            data: Self.data(registration))
    }

    /// Forgets the handler. It is not called again, not even for an event already received.
    package func deregister(_ registration: Registration) {
        let index = liveIndex(of: registration)
        slots[index] = Slot()
        registrationCount -= 1
        mustControl(EPOLL_CTL_DEL, registration.descriptor, events: 0, data: 0)
    }

    /// Runs `action` in the first turn that ends `delay` or more after `now`, once.
    @discardableResult
    package func schedule(
        after delay: Milliseconds, _ action: @escaping () -> Void
    ) -> TimerID {
        invariant(delay >= .zero, "a timer \(delay.rawValue) ms ago")
        return timers.insert(at: now + delay, action)
    }

    /// Forgets a timer; nothing happens when it has fired.
    package func cancel(_ timer: TimerID) {
        timers.remove(timer)
    }

    /// Waits once, until a descriptor is ready, a timer is due, the wakeup is signalled or
    /// `timeout` has passed; calls the handlers of all that is ready, then of all timers due, and
    /// returns. It may return early, with nothing done. At most 256 descriptors are served a turn;
    /// the kernel lets the others go first next time.
    package func turn(waitingAtMost timeout: Milliseconds) {
        invariant(phase == .between, "turn was called from a handler")
        phase = .inTurn
        defer { phase = .between }
        let count = wait(atMost: timeout)
        for index in 0..<count {
            let event = events[index]
            guard event.data.u64 != Self.wakeupData else { continue }
            let slot = slots[Int(truncatingIfNeeded: event.data.u64 & 0xFFFF_FFFF)]
            // An earlier handler of this turn may have closed the descriptor, and its number may
            // already belong to another: then the generations differ.
            guard slot.generation == UInt32(truncatingIfNeeded: event.data.u64 >> 32),
                let handler = slot.handler
            else { continue }
            handler(Readiness(rawValue: event.events))
        }
        // Timers that these actions schedule wait for the next turn, even with no delay.
        let limit = timers.nextSequence
        while let action = timers.popDue(at: now, before: limit) { action() }
    }

    /// Turns until the condition holds, which is looked at after each turn.
    package func run(until isDone: () -> Bool) {
        repeat { turn(waitingAtMost: .seconds(3_600)) } while !isDone()
    }

    /// One epoll_wait(2); returns how many events arrived.
    private func wait(atMost timeout: Milliseconds) -> Int {
        var limit = timeout
        if let earliest = timers.earliest {
            // Rounded up: a wait that ends short of the deadline would be a turn for nothing.
            let time = SystemClock.monotonicNow()
            let left =
                time < earliest ? earliest.milliseconds(since: time) + Milliseconds(1) : .zero
            limit = min(limit, left)
        }
        if limit > .zero, wakeup.prepareToSleep() == .signalled { limit = .zero }
        let result = epoll_wait(
            epoll.rawValue, &events, Int32(events.count), Int32(clamping: limit.rawValue))
        let code = errno
        wakeup.finishSleep()
        now = SystemClock.monotonicNow()
        guard result >= 0 else {
            invariant(code == EINTR, "epoll_wait failed: errno \(code)")
            return 0
        }
        return Int(result)
    }

    private func liveIndex(of registration: Registration) -> Int {
        let index = Int(registration.descriptor)
        invariant(
            slots[index].handler != nil && slots[index].generation == registration.generation,
            "descriptor \(index), generation \(registration.generation), is not registered")
        return index
    }

    private static func data(_ registration: Registration) -> UInt64 {
        UInt64(registration.generation) << 32 | UInt64(registration.descriptor)
    }

    private func control(
        _ operation: Int32, _ descriptor: Int32, events: UInt32, data: UInt64
    ) throws(SystemError) {
        var event = epoll_event(events: events, data: epoll_data_t(u64: data))
        try checked("epoll_ctl") { epoll_ctl(epoll.rawValue, operation, descriptor, &event) }
    }

    /// For changes to what is registered, which fail only when the program is wrong.
    private func mustControl(
        _ operation: Int32, _ descriptor: Int32, events: UInt32, data: UInt64
    ) {
        do {
            try control(operation, descriptor, events: events, data: data)
        } catch {
            invariantFailure("descriptor \(descriptor): \(error)")
        }
    }
}
