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
}
