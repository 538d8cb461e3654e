import Glibc
import Primitives
import Synchronization
import SystemIO
import Testing

import class Foundation.FileManager

/// Runs `body` with a new, empty directory, and removes it with all it holds.
func withTemporaryDirectory(_ body: (String) throws -> Void) throws {
    var template = Array("/tmp/holdfast-test-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else {
        throw SystemError(operation: "mkdtemp", errno: errno)
    }
    let path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    defer { try? FileManager.default.removeItem(atPath: path) }
    try body(path)
}

/// Two descriptors joined by a stream in both directions, not blocking.
final class DescriptorPair {
    var near: Descriptor
    var far: Descriptor

    init() throws {
        var numbers: [Int32] = [0, 0]
        let type = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, type, 0, &numbers) == 0 else {
            throw SystemError(operation: "socketpair", errno: errno)
        }
        near = Descriptor(owning: numbers[0])
        far = Descriptor(owning: numbers[1])
    }

    /// Makes `near` readable.
    func sendByte() {
        var byte: UInt8 = 7
        precondition(send(far.rawValue, &byte, 1, Int32(MSG_NOSIGNAL)) == 1)
    }

    /// Takes what `near` has to read; returns how many bytes.
    @discardableResult
    func receiveAll() -> Int {
        var bytes = [UInt8](repeating: 0, count: 4_096)
        return max(0, recv(near.rawValue, &bytes, bytes.count, 0))
    }
}

/// Both ends of a TCP connection on the loopback.
struct Connection: ~Copyable {
    var client: StreamSocket
    var server: StreamSocket

    init() throws {
        let listener = try ListeningSocket(at: .loopback)
        let outgoing = try StreamSocket.connect(to: listener.address)
        // On the loopback the connection waits to be accepted once connect(2) has returned.
        awaitReady(listener.descriptor, POLLIN)
        guard let incoming = try listener.accept() else {
            throw SystemError(operation: "accept", errno: EAGAIN)
        }
        client = outgoing
        server = incoming
    }
}

extension OutputBuffer {
    /// Queues a chunk that must be taken.
    mutating func queue(_ chunk: [UInt8]) {
        let taken = offer(chunk)
        #expect(taken)
    }
}

extension SocketAddress {
    /// 127.0.0.1 and a port of the kernel's choice.
    static var loopback: SocketAddress { .ipv4(0x7F00_0001, port: 0) }
}

/// Blocks until poll(2) reports one of the events, ten seconds at most.
func awaitReady(_ descriptor: borrowing Descriptor, _ events: Int32) {
    var request = pollfd(fd: descriptor.rawValue, events: Int16(events), revents: 0)
    while poll(&request, 1, 10_000) < 0 {}
}

/// Receives exactly `count` bytes, waiting for them; fewer when the peer ends its stream.
func receiveBytes(_ count: Int, from socket: borrowing StreamSocket) throws -> [UInt8] {
    var buffer = [UInt8](repeating: 0, count: count)
    var filled = 0
    while filled < count {
        switch try socket.receive(into: &buffer, at: filled) {
        case .bytes(let more): filled += more
        case .wouldBlock: awaitReady(socket.descriptor, POLLIN)
        case .closed: return Array(buffer[..<filled])
        }
    }
    return buffer
}

/// A loop with a wakeup that nobody else holds.
func makeLoop() throws -> EventLoop { try EventLoop(wakeup: Wakeup()) }

/// How often the handler for SIGUSR1 ran: signals are the process's, so is the count.
let interruptions = Atomic(0)

/// Lets SIGUSR1 interrupt the calling thread, and returns its id for `interrupt`. A thread started
/// by a test inherits the mask of a worker of the test runner, which blocks every signal.
func acceptInterruptions() -> pthread_t {
    let set = UnsafeMutablePointer<sigset_t>.allocate(capacity: 1)
    defer { set.deallocate() }
    sigemptyset(set)
    sigaddset(set, SIGUSR1)
    pthread_sigmask(SIG_UNBLOCK, set, nil)
    return pthread_self()
}

/// Sends SIGUSR1, with a handler that does not restart system calls, to the thread until
/// `isDone`.
func interrupt(_ thread: pthread_t, until isDone: () -> Bool) {
    var action = sigaction()
    action.__sigaction_handler.sa_handler = { _ in
        _ = interruptions.add(1, ordering: .relaxed)
    }
    sigaction(SIGUSR1, &action, nil)
    while !isDone() {
        pthread_kill(thread, SIGUSR1)
        sched_yield()
    }
}
