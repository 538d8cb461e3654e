import Glibc
import Primitives
import Synchronization
import SystemIO
import Testing

@Suite struct EventLoopTests {
    @Test func aHandlerIsCalledEachTurnUntilTheBytesAreRead() throws {
        let loop = try makeLoop()
        let pair = try DescriptorPair()
        var calls: [Readiness] = []
        let registration = try loop.register(pair.near, for: .read) { calls.append($0) }
        pair.sendByte()
        loop.turn(waitingAtMost: .seconds(10))
        loop.turn(waitingAtMost: .seconds(10))
        #expect(calls == [.read, .read])
        #expect(pair.receiveAll() == 1)
        loop.turn(waitingAtMost: .zero)
        #expect(calls.count == 2)
        loop.deregister(registration)
    }

    @Test func interestDecidesWhatIsReported() throws {
        let loop = try makeLoop()
        let pair = try DescriptorPair()
        var calls: [Readiness] = []
        let registration = try loop.register(pair.near, for: .read) { calls.append($0) }
        pair.sendByte()
        loop.modify(registration, for: .write)
        loop.turn(waitingAtMost: .seconds(10))
        loop.modify(registration, for: [.read, .write])
        loop.turn(waitingAtMost: .seconds(10))
        loop.modify(registration, for: [])
        loop.turn(waitingAtMost: .zero)
        #expect(calls == [.write, [.read, .write]])
        loop.deregister(registration)
    }

    @Test func aHangUpIsReportedWithoutInterest() throws {
        let loop = try makeLoop()
        let pair = try DescriptorPair()
        var calls: [Readiness] = []
        let registration = try loop.register(pair.near, for: []) { calls.append($0) }
        #expect(shutdown(pair.far.rawValue, Int32(SHUT_RDWR)) == 0)
        loop.turn(waitingAtMost: .seconds(10))
        #expect(calls.count == 1)
        #expect(calls.allSatisfy { $0.intersects(.failed) })
        loop.deregister(registration)
    }

    @Test func nothingIsCalledAfterDeregister() throws {
        let loop = try makeLoop()
        let pair = try DescriptorPair()
        let registration = try loop.register(pair.near, for: .read) { _ in
            Issue.record("called after deregister")
        }
        #expect(loop.registrationCount == 1)
        pair.sendByte()
        loop.deregister(registration)
        loop.turn(waitingAtMost: .zero)
        #expect(loop.registrationCount == 0)
    }

    @Test func anEventReceivedForAnotherIsDroppedWhenItDeregistersThatOne() throws {
        let loop = try makeLoop()
        let pairs = (try DescriptorPair(), try DescriptorPair())
        var registrations: [Registration] = []
        var calls = 0
        // Whichever is called first silences both.
        func handle(_ readiness: Readiness) {
            calls += 1
            for registration in registrations { loop.deregister(registration) }
            registrations = []
        }
        registrations.append(try loop.register(pairs.0.near, for: .read, handle))
        registrations.append(try loop.register(pairs.1.near, for: .read, handle))
        pairs.0.sendByte()
        pairs.1.sendByte()
        loop.turn(waitingAtMost: .seconds(10))
        loop.turn(waitingAtMost: .zero)
        #expect(calls == 1)
    }

    /// Two descriptors are ready in one turn. The handler called first closes the other, whose
    /// number goes at once to a new descriptor that is not ready; dup2(2) makes the reuse certain.
    @Test func anEventForTheFormerOwnerOfADescriptorNumberIsDropped() throws {
        let loop = try makeLoop()
        let pairs = (try DescriptorPair(), try DescriptorPair())
        let quiet = try DescriptorPair()
        var registrations: [Int32: Registration] = [:]
        var called: [Int32] = []
        var staleCalls = 0
        func replace(_ number: Int32) {
            guard let old = registrations[number] else { return }
            loop.deregister(old)
            #expect(dup2(quiet.near.rawValue, number) == number)
            let reused = Descriptor(owning: number)
            do {
                registrations[number] = try loop.register(reused, for: .read) { _ in
                    staleCalls += 1
                }
            } catch { Issue.record(error) }
            #expect(reused.release() == number)
        }
        let numbers = [pairs.0.near.rawValue, pairs.1.near.rawValue]
        registrations[numbers[0]] = try loop.register(pairs.0.near, for: .read) { _ in
            called.append(numbers[0])
            pairs.0.receiveAll()
            replace(numbers[1])
        }
        registrations[numbers[1]] = try loop.register(pairs.1.near, for: .read) { _ in
            called.append(numbers[1])
            pairs.1.receiveAll()
            replace(numbers[0])
        }
        pairs.0.sendByte()
        pairs.1.sendByte()
        loop.turn(waitingAtMost: .seconds(10))
        #expect(called.count == 1)
        #expect(staleCalls == 0)
        quiet.sendByte()
        loop.turn(waitingAtMost: .zero)
        #expect(staleCalls == 1)
    }

    @Test func everyReadyDescriptorIsServedWhenThereAreMoreThanOneWaitReturns() throws {
        let loop = try makeLoop()
        var calls: [Int: Int] = [:]
        let pairs = try (0..<300).map { _ in try DescriptorPair() }
        for (index, pair) in pairs.enumerated() {
            pair.sendByte()
            _ = try loop.register(pair.near, for: .read) { _ in calls[index, default: 0] += 1 }
        }
        withExtendedLifetime(pairs) {
            loop.turn(waitingAtMost: .zero)
            #expect(calls.count == 256)
            loop.turn(waitingAtMost: .zero)
            #expect(calls.count == 300)
        }
    }

    @Test func aTurnLastsUntilItsTimeoutWhenNothingHappens() throws {
        let loop = try makeLoop()
        let start = SystemClock.monotonicNow()
        loop.turn(waitingAtMost: Milliseconds(20))
        #expect(SystemClock.monotonicNow().milliseconds(since: start) >= Milliseconds(19))
    }

    @Test func nowStandsStillDuringATurnAndAdvancesBetweenTurns() throws {
        let loop = try makeLoop()
        var seen: [MonotonicTime] = []
        loop.schedule(after: .zero) { seen.append(loop.now) }
        loop.schedule(after: .zero) {
            while SystemClock.monotonicNow() <= loop.now + Milliseconds(1) {}
            seen.append(loop.now)
        }
        loop.turn(waitingAtMost: .zero)
        #expect(seen.count == 2)
        #expect(seen.first == seen.last)
        let before = loop.now
        loop.turn(waitingAtMost: .zero)
        #expect(loop.now > before + Milliseconds(1))
    }

    @Test func aSignalFromAnotherThreadEndsAWait() throws {
        let wakeup = try Wakeup()
        let loop = try EventLoop(wakeup: wakeup)
        let thread = try Thread.start(name: "signaller") { wakeup.signal() }
        let start = SystemClock.monotonicNow()
        loop.turn(waitingAtMost: .seconds(60))
        thread.join()
        #expect(loop.now < start + .seconds(60))
    }

    @Test func runTurnsUntilTheConditionHolds() throws {
        let loop = try makeLoop()
        var ticks = 0
        func tick() {
            ticks += 1
            loop.schedule(after: Milliseconds(1), tick)
        }
        tick()
        loop.run(until: { ticks >= 5 })
        #expect(ticks == 5)
    }

    @Test func anInterruptedWaitIsAnEmptyTurn() throws {
        let id = Mutex<pthread_t?>(nil)
        let isDone = Atomic(false)
        let turns = Atomic(0)
        let before = interruptions.load(ordering: .relaxed)
        let thread = try Thread.start(name: "interrupted") {
            let own = acceptInterruptions()
            id.withLock { $0 = own }
            do {
                let loop = try makeLoop()
                loop.turn(waitingAtMost: .seconds(60))
                turns.add(1, ordering: .relaxed)
            } catch { Issue.record(error) }
            isDone.store(true, ordering: .releasing)
        }
        while id.withLock({ $0 }) == nil { sched_yield() }
        if let id = id.withLock({ $0 }) {
            interrupt(id, until: { isDone.load(ordering: .acquiring) })
        }
        thread.join()
        #expect(turns.load(ordering: .relaxed) == 1)
        #expect(interruptions.load(ordering: .relaxed) > before)
    }

    @Test func aDescriptorClosedBeforeDeregisterEndsTheProcess() async {
        await #expect(processExitsWith: .failure) {
            let loop = try makeLoop()
            let pair = try DescriptorPair()
            let number = pair.near.rawValue
            _ = try loop.register(pair.near, for: .read) { _ in }
            let other = try DescriptorPair()
            dup2(other.near.rawValue, number)
            _ = try loop.register(pair.near, for: .read) { _ in }
        }
    }

    @Test func aTurnInsideATurnEndsTheProcess() async {
        await #expect(processExitsWith: .failure) {
            let loop = try makeLoop()
            loop.schedule(after: .zero) { loop.turn(waitingAtMost: .zero) }
            loop.turn(waitingAtMost: .zero)
        }
    }
}
