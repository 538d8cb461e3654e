import Glibc
import Synchronization
import SystemIO
import Testing

@Suite struct SignalTests {
    @Test func blockedSignalsAreReadOnTheLoop() throws {
        let seen = Mutex<[StopSignal]>([])
        let thread = try Thread.start(name: "signals") {
            StopSignal.block()
            do {
                let reader = try SignalReader()
                let loop = try makeLoop()
                var received: [StopSignal] = []
                let registration = try loop.register(reader.descriptor, for: .read) { _ in
                    do {
                        while let signal = try reader.next() { received.append(signal) }
                    } catch { Issue.record(error) }
                }
                for signal in StopSignal.allCases { pthread_kill(pthread_self(), signal.number) }
                loop.run(until: { received.count == 3 })
                loop.deregister(registration)
                let result = received
                seen.withLock { $0 = result }
            } catch { Issue.record(error) }
        }
        thread.join()
        #expect(Set(seen.withLock { $0 }) == Set(StopSignal.allCases))
    }

    @Test func unblockedSignalsEndTheProcessAgain() throws {
        let blocked = Mutex<[Int]>([])
        let thread = try Thread.start(name: "unblock") {
            for change in [StopSignal.block, StopSignal.unblock] {
                change()
                let count = StopSignal.allCases.count { isBlockedHere($0) }
                blocked.withLock { $0.append(count) }
            }
        }
        thread.join()
        #expect(blocked.withLock { $0 } == [3, 0])
    }
}

/// As the kernel tells of the calling thread: `SigBlk` in proc(5).
private func isBlockedHere(_ signal: StopSignal) -> Bool {
    let status = (try? readFile("/proc/thread-self/status")) ?? []
    let line = String(decoding: status, as: UTF8.self).split(separator: "\n")
        .first { $0.hasPrefix("SigBlk:") }
    let mask = line.flatMap { UInt64($0.dropFirst(8), radix: 16) } ?? 0
    return mask >> UInt64(signal.number - 1) & 1 == 1
}
