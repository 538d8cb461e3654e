import Glibc
import Primitives
import SystemIO

/// A condition that did not come to hold in its time.
struct NeverHappened: Error, CustomStringConvertible {
    let what: String
    let limit: Milliseconds
    var description: String { "not within \(limit.rawValue) ms: \(what)" }
}

/// Asks again every few milliseconds until there is an answer. The limit is generous, since a
/// loaded machine is slow: it is there for what never happens.
func eventually<Value>(
    _ what: @autoclosure () -> String, within limit: Milliseconds = .seconds(30),
    _ probe: () throws -> Value?
) throws -> Value {
    let deadline = SystemClock.monotonicNow() + limit
    while true {
        if let value = try probe() { return value }
        guard SystemClock.monotonicNow() < deadline else {
            throw NeverHappened(what: what(), limit: limit)
        }
        usleep(5_000)
    }
}
