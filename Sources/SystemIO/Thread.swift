import Primitives
import CLinux
import Glibc
import Synchronization

/// A thread of the operating system. Start threads from a nonisolated function: a closure written
/// in `main.swift` is inferred `@MainActor` and dies on another thread.
package final class Thread: Sendable {
    /// How the scheduler should treat a thread.
    package enum Priority: Int32, Sendable {
        case normal = 0
        /// Work that may wait (nice 10), such as writing behind.
        case low = 10
    }

    /// What the new thread finds: passed through pthread_create(3) as a pointer.
    private final class Start: Sendable {
        let name: String
        let priority: Priority
        let body: @Sendable () -> Void
        init(name: String, priority: Priority, body: @escaping @Sendable () -> Void) {
            self.name = name
            self.priority = priority
            self.body = body
        }
    }

    private enum Fate {
        case running
        case joined
    }

    private let id: pthread_t
    private let fate = Mutex(Fate.running)

    private init(id: pthread_t) { self.id = id }

    /// Starts a thread that runs `body` and ends. `name` has at most 15 bytes (the kernel's limit)
    /// and is what `top -H` shows. Throws when the system has no room for another thread.
    package static func start(
        name: String, priority: Priority = .normal, stackBytes: Int = 4 << 20,
        _ body: @escaping @Sendable () -> Void
    ) throws(SystemError) -> Thread {
        invariant(name.utf8.count <= 15, "thread name \(name) is longer than 15 bytes")
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        let sized = pthread_attr_setstacksize(&attributes, stackBytes)
        invariant(sized == 0, "thread \(name): a stack of \(stackBytes) bytes is refused")
        let start = Unmanaged.passRetained(Start(name: name, priority: priority, body: body))
        var id = pthread_t()
        let code = pthread_create(&id, &attributes, enter, start.toOpaque())
        guard code == 0 else {
            start.release()
            throw systemError("pthread_create \(name)", code)
        }
        return Thread(id: id)
    }

    /// Waits for the thread to end. Call it once, from another thread.
    package func join() {
        fate.withLock { fate in
            invariant(fate == .running, "a thread is joined once")
            fate = .joined
        }
        let code = pthread_join(id, nil)
        invariant(code == 0, "pthread_join failed: errno \(code)")
    }

    deinit {
        // Unjoined: the kernel frees the stack when the thread ends.
        if fate.withLock({ $0 == .running }) { pthread_detach(id) }
    }

    private static let enter:
        @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = {
            argument in
            guard let argument else { invariantFailure("a thread started without its body") }
            let start = Unmanaged<Start>.fromOpaque(argument).takeRetainedValue()
            pthread_setname_np(pthread_self(), start.name)
            if start.priority != .normal {
                // On Linux a priority belongs to a thread, by its kernel id (setpriority(2), "C
                // library/kernel differences"). 0 is PRIO_PROCESS.
                let result = setpriority(0, id_t(gettid()), start.priority.rawValue)
                invariant(
                    result == 0, "thread \(start.name): setpriority failed: errno \(errno)")
            }
            start.body()
            return nil
        }
}
