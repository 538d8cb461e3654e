import HTTPProtocol
package import Primitives
import Synchronization

/// A process's log: one JSON object a line, for any thread to write.
///
///     {"ts":"2026-11-22T10:15:30.123Z","level":"info","node":"1","term":7,"message":"leads"}
///
/// Messages are fixed texts that can be searched for; what varies goes into fields. Below the
/// log's level a call costs one comparison: no field is computed.
package final class Log: Sendable {
    /// Takes one whole line with its line feed, and writes it in one piece.
    package typealias Sink = @Sendable (_ line: [UInt8]) -> Void

    /// Lines beyond this level are not written.
    package let level: LogLevel
    private let node: NodeID?
    private let term = Atomic<UInt64>(0)
    private let now: @Sendable () -> WallTime
    private let sink: Sink

    /// A process that is no node of a cluster has no `node`; its lines have no `term` either.
    package init(
        level: LogLevel, node: NodeID?, now: @escaping @Sendable () -> WallTime,
        sink: @escaping Sink
    ) {
        self.level = level
        self.node = node
        self.now = now
        self.sink = sink
    }

    /// The term that lines bear from now on.
    package func enter(_ term: Term) {
        self.term.store(term.rawValue, ordering: .relaxed)
    }

    /// Writes a line of level `error`.
    package func error(_ message: StaticString, _ fields: @autoclosure () -> LogFields = [:]) {
        if level >= .error { write(.error, message, fields()) }
    }

    /// Writes a line of level `warn`.
    package func warn(_ message: StaticString, _ fields: @autoclosure () -> LogFields = [:]) {
        if level >= .warn { write(.warn, message, fields()) }
    }

    /// Writes a line of level `info`.
    package func info(_ message: StaticString, _ fields: @autoclosure () -> LogFields = [:]) {
        if level >= .info { write(.info, message, fields()) }
    }

    /// Writes a line of level `debug`.
    package func debug(_ message: StaticString, _ fields: @autoclosure () -> LogFields = [:]) {
        if level >= .debug { write(.debug, message, fields()) }
    }

    private func write(_ level: LogLevel, _ message: StaticString, _ fields: LogFields) {
        var line: [UInt8] = []
        line.reserveCapacity(256)
        line.appendJSONObject { object in
            object.field("ts", Timestamp(time: now()))
            object.field("level", level.rawValue)
            if let node {
                object.field("node", node.description)
                object.field("term", term.load(ordering: .relaxed))
            }
            object.field("message", message.description)
            for field in fields.fields { object.field(field.name, field.value) }
        }
        line.append(UInt8(ascii: "\n"))
        sink(line)
    }
}

/// Wall-clock time as a JSON string. A clock that is centuries off shows the nearest date that
/// can be written.
private struct Timestamp: JSONEncodable {
    let time: WallTime

    func appendJSON(to bytes: inout [UInt8]) {
        let range = WallTime.rfc3339Range
        bytes.append(UInt8(ascii: "\""))
        min(max(time, range.lowerBound), range.upperBound).appendRFC3339(to: &bytes)
        bytes.append(UInt8(ascii: "\""))
    }
}
