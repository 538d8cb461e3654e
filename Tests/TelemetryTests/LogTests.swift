import Dispatch
import HTTPProtocol
import Primitives
import Synchronization
import Telemetry
import Testing

@Suite struct LogLines {
    @Test func areExactlyThis() {
        let lines = Lines()
        let log = lines.log(level: .info)
        log.enter(Term(7))
        log.warn(
            "a slow disk",
            [
                "path": "/var/lib", "bytes": 12, "retried": false,
                "took_ms": .milliseconds(nanoseconds: 1_500_000), "peer": "node \(2)",
            ])
        #expect(
            lines.text == [
                #"{"ts":"2026-11-22T10:15:30.123Z","level":"warn","node":"3","term":7,"#
                    + #""message":"a slow disk","path":"/var/lib","bytes":12,"retried":false,"#
                    + #""took_ms":1.5,"peer":"node 2"}"# + "\n"
            ])
    }

    @Test func ofNoNodeHaveNoTerm() {
        let lines = Lines()
        lines.log(level: .info, node: nil).info("hello")
        #expect(
            lines.text == [
                #"{"ts":"2026-11-22T10:15:30.123Z","level":"info","message":"hello"}"# + "\n"
            ])
    }

    @Test(arguments: LogLevel.allCases)
    func stopAtTheLevel(_ level: LogLevel) throws {
        let lines = Lines()
        let log = lines.log(level: level)
        log.error("e")
        log.warn("w")
        log.info("i")
        log.debug("d")
        let levels = try lines.values().map { $0["level"]?.text ?? "" }
        #expect(levels == LogLevel.allCases.filter { $0 <= level }.map(\.rawValue))
    }

    @Test func computeNoFieldThatIsNotWritten() {
        let lines = Lines()
        let computed = Atomic(0)
        func field() -> LogFields {
            computed.add(1, ordering: .relaxed)
            return ["a": 1]
        }
        let log = lines.log(level: .warn)
        log.debug("d", field())
        log.info("i", field())
        log.warn("w", field())
        #expect(computed.load(ordering: .relaxed) == 1)
    }

    @Test(arguments: ["\"", "\\", "\n", "\u{0}", "\u{1f}", "é🎭", "}\n{\"level\":\"error\"}"])
    func escapeWhatOthersSent(_ text: String) throws {
        let lines = Lines()
        lines.log(level: .info).info("received", ["text": .string(text)])
        // A NUL is legal JSON but not read by our own reader.
        if text != "\u{0}" { #expect(try lines.values().first?["text"]?.text == text) }
        let line = try #require(lines.text.first)
        #expect(line.utf8.count { $0 < 0x20 } == 1 && line.hasSuffix("}\n"))
    }

    @Test func cutLongTextsBetweenCharacters() throws {
        let lines = Lines()
        let text = "a" + String(repeating: "é", count: 2_000)
        lines.log(level: .info).info("received", ["text": .string(text)])
        let shown = try #require(try lines.values().first?["text"]?.text)
        #expect(shown == "a" + String(repeating: "é", count: 511) + "…")
    }

    @Test(
        arguments: [
            (0, "0"), (1, "0.000001"), (1_500_000, "1.5"), (2_000_000_000, "2000"),
            (UInt64.max, "18446744073709.551615"),
        ] as [(UInt64, String)])
    func showMillisecondsExactly(nanoseconds: UInt64, text: String) throws {
        let lines = Lines()
        lines.log(level: .info).info("took", ["ms": .milliseconds(nanoseconds: nanoseconds)])
        #expect(lines.text.first?.contains("\"ms\":\(text)}") == true)
    }

    @Test(arguments: [(Int64.min, "1970-01-01T00"), (Int64.max, "9999-12-31T23")])
    func surviveABrokenClock(milliseconds: Int64, start: String) throws {
        let lines = Lines()
        lines.log(level: .info, now: WallTime(milliseconds)).info("tick")
        #expect(try lines.values().first?["ts"]?.text?.hasPrefix(start) == true)
    }

    @Test func comeWholeFromManyThreads() throws {
        let lines = Lines()
        let log = lines.log(level: .info)
        DispatchQueue.concurrentPerform(iterations: 4) { thread in
            for number in Int64(0)..<100 {
                log.enter(Term(UInt64(thread)))
                log.info("tick", ["thread": .integer(Int64(thread)), "number": .integer(number)])
            }
        }
        let values = try lines.values()
        #expect(values.count == 400)
        #expect(values.allSatisfy { (0..<4).contains($0["term"]?.integer ?? -1) })
    }
}

/// A sink that remembers.
private final class Lines: Sendable {
    private let lines = Mutex<[[UInt8]]>([])

    func log(
        level: LogLevel, node: NodeID? = NodeID(3), now: WallTime = WallTime(1_795_342_530_123)
    ) -> Log {
        Log(level: level, node: node, now: { now }) { line in
            self.lines.withLock { $0.append(line) }
        }
    }

    var text: [String] { lines.withLock { $0.map { String(decoding: $0, as: UTF8.self) } } }

    func values() throws -> [JSONValue] {
        try lines.withLock { $0 }.map { try JSONValue(parsing: $0) }
    }
}
