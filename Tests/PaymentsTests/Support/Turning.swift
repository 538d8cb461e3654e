import HTTPClient
import HTTPProtocol
import Payments
import Primitives
import SystemIO

/// What a test waits for did not come about.
struct NeverHappened: Error {}

/// How long a test waits for what must happen: far longer than it takes.
let patience = Milliseconds.seconds(20)

/// A loop with a wakeup that nobody else holds.
func makeLoop() throws -> EventLoop { try EventLoop(wakeup: Wakeup()) }

/// Runs `turn` until the condition holds.
func turn(
    _ turn: () throws -> Void, within limit: Milliseconds = patience, until isDone: () -> Bool
) throws {
    let deadline = SystemClock.monotonicNow() + limit
    while !isDone() {
        guard SystemClock.monotonicNow() < deadline else { throw NeverHappened() }
        try turn()
    }
}

extension EventLoop {
    /// Turns until the condition holds.
    func turn(until isDone: () -> Bool) throws {
        try PaymentsTests.turn({ turn(waitingAtMost: Milliseconds(50)) }, until: isDone)
    }
}

extension SocketAddress {
    /// 127.0.0.1 and a port of the kernel's choice.
    static var loopback: SocketAddress { .ipv4(0x7F00_0001, port: 0) }
}

/// A response, or that the server closed without one.
enum Reply: Hashable {
    case answer(UInt16, JSONValue?)
    case noAnswer

    var status: UInt16? {
        guard case .answer(let status, _) = self else { return nil }
        return status
    }

    subscript(key: String) -> JSONValue? {
        guard case .answer(_, let value) = self else { return nil }
        return value?[key]
    }
}
