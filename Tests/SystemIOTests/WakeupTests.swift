import Glibc
import Primitives
import Testing

@testable import SystemIO

@Suite struct WakeupTests {
    /// How many writes the eventfd has counted since last asked.
    private func writes(of wakeup: Wakeup) -> UInt64 {
        var count: UInt64 = 0
        let size = MemoryLayout<UInt64>.size
        return read(wakeup.descriptor.rawValue, &count, size) == size ? count : 0
    }

    @Test func manySignalsToASleeperAreOneWrite() throws {
        let wakeup = try Wakeup()
        #expect(wakeup.prepareToSleep() == .granted)
        for _ in 0..<1_000 { wakeup.signal() }
        #expect(writes(of: wakeup) == 1)
        wakeup.finishSleep()
    }

    @Test func aSignalToABusyReceiverIsNoWriteButKeepsItFromSleeping() throws {
        let wakeup = try Wakeup()
        wakeup.signal()
        wakeup.signal()
        #expect(writes(of: wakeup) == 0)
        #expect(wakeup.prepareToSleep() == .signalled)
        wakeup.finishSleep()
        #expect(wakeup.prepareToSleep() == .granted)
    }

    @Test func eachSleepIsEndedAnew() throws {
        let wakeup = try Wakeup()
        for _ in 0..<3 {
            #expect(wakeup.prepareToSleep() == .granted)
            wakeup.signal()
            #expect(writes(of: wakeup) == 1)
            wakeup.finishSleep()
        }
    }

    @Test func aLoopSignalledWhileBusyDoesNotSleep() throws {
        let wakeup = try Wakeup()
        let loop = try EventLoop(wakeup: wakeup)
        wakeup.signal()
        loop.turn(waitingAtMost: .seconds(3_600))
        #expect(writes(of: wakeup) == 0)
    }

    /// The loop never reads the eventfd; each write must wake it again all the same.
    @Test func aLoopIsWokenByEveryWriteThoughItReadsNone() throws {
        let wakeup = try Wakeup()
        let loop = try EventLoop(wakeup: wakeup)
        for _ in 0..<3 {
            #expect(eventfdWrite(wakeup) == 8)
            loop.turn(waitingAtMost: .seconds(3_600))
        }
        #expect(writes(of: wakeup) == 3)
    }

    private func eventfdWrite(_ wakeup: Wakeup) -> Int {
        var one: UInt64 = 1
        return write(wakeup.descriptor.rawValue, &one, MemoryLayout<UInt64>.size)
    }

    @Test func mailboxesWakeTheReceiverOnlyWhenTheyWereEmpty() throws {
        let wakeup = try Wakeup()
        let mailbox = Mailbox<Int>(capacity: 10, wakeup: wakeup)
        #expect(wakeup.prepareToSleep() == .granted)
        #expect(mailbox.offer(1))
        wakeup.finishSleep()
        #expect(writes(of: wakeup) == 1)
        #expect(wakeup.prepareToSleep() == .granted)
        #expect(mailbox.offer(2))
        #expect(writes(of: wakeup) == 0)
        wakeup.finishSleep()
    }
}
