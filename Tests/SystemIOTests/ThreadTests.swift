import Glibc
import Synchronization
import SystemIO
import Testing

@Suite struct ThreadTests {
    @Test func aThreadHasItsNameAndPriority() throws {
        let seen = Mutex(("", Int32(-1)))
        let thread = try Thread.start(name: "fifteen-bytes-x", priority: .low) {
            let file = open("/proc/thread-self/comm", O_RDONLY | O_CLOEXEC)
            var name = [UInt8](repeating: 0, count: 32)
            let count = read(file, &name, name.count)
            close(file)
            let text = String(decoding: name.prefix(count), as: UTF8.self)
            let priority = getpriority(0, 0)
            seen.withLock { $0 = (text, priority) }
        }
        thread.join()
        #expect(seen.withLock { $0.0 } == "fifteen-bytes-x\n")
        #expect(seen.withLock { $0.1 } == 10)
        #expect(getpriority(0, 0) == 0)
    }

    @Test func joiningWaitsForTheEnd() throws {
        let isDone = Atomic(false)
        let thread = try Thread.start(name: "joined") {
            for _ in 0..<100 { sched_yield() }
            isDone.store(true, ordering: .releasing)
        }
        thread.join()
        let wasDone = isDone.load(ordering: .acquiring)
        #expect(wasDone)
    }

    @Test func aThreadJoinedTwiceEndsTheProcess() async {
        await #expect(processExitsWith: .failure) {
            let thread = try Thread.start(name: "twice") {}
            thread.join()
            thread.join()
        }
    }
}
