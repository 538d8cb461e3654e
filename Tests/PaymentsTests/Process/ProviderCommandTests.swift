import Glibc
import HTTPClient
import HTTPProtocol
import Primitives
import Synchronization
import SystemIO
import Telemetry
import Testing

@testable import Payments

/// `holdfast provider` from its start to its exit code, on a thread of the test's own.
struct ProviderCommandTests {
    private let directory: TemporaryDirectory
    private let secretFile: String

    init() throws {
        directory = try TemporaryDirectory()
        secretFile = try directory.write("secret", "whsec_test\n")
    }

    private var arguments: [String] {
        [
            "--listen", "127.0.0.1:0", "--dir", directory.file("provider"),
            "--webhook-secret-file", secretFile,
        ]
    }

    @Test func itServesUntilSIGTERMAndKeepsItsMoney() throws {
        for run in 1...2 {
            let command = try RunningCommand(arguments)
            let started = try command.line("started")
            #expect(started["payments"]?.integer == Int64(run - 1))
            var client: CommandClient? = try CommandClient(of: started)
            #expect(try client?.post("/v1/payments", payment(run)) == 200)
            client = nil
            command.signal(SIGTERM)
            #expect(command.exitCode() == 0)
            #expect(try command.line("stopped")["exit_code"]?.integer == 0)
        }
    }

    /// A request has begun and doesn't end: an orderly stop would wait for it.
    @Test func aSecondSIGINTEndsItAtOnce() throws {
        let command = try RunningCommand(arguments)
        let client = try CommandClient(of: try command.line("started"))
        #expect(try client.post("/v1/payments", payment(1)) == 200)
        try client.send("POST /v1/pay")
        // Taken in order, so once this is answered by another connection the rest is there too.
        let other = try CommandClient(of: try command.line("started"))
        #expect(try other.post("/v1/payments", payment(1)) == 200)
        command.signal(SIGINT)
        _ = try command.line("stopping")
        command.signal(SIGINT)
        #expect(command.exitCode() == 130)
    }

    /// The device takes nothing: neither may the client be told anything.
    @Test func aLedgerThatFailsEndsItBeforeAnythingIsTold() throws {
        try directory.link("provider/ledger.jsonl", to: "/dev/full")
        let command = try RunningCommand(arguments)
        let client = try CommandClient(of: try command.line("started"))
        #expect(throws: NeverHappened.self) {
            try client.post("/v1/payments", payment(1), within: Milliseconds(300))
        }
        #expect(command.exitCode() == 1)
        #expect(try command.line("ledger failure")["reason"]?.text?.contains("No space") == true)
    }

    @Test func wrongArgumentsAre2() {
        #expect(ProviderCommand.run(arguments: ["--nonsense"]) == 2)
        #expect(ProviderCommand.run(arguments: []) == 2)
    }

    @Test func whatKeepsItFromStartingIs1AndIsLogged() throws {
        let log = LogLines()
        var words = arguments
        words[5] = directory.file("nowhere")
        #expect(ProviderCommand.run(arguments: words, log: log.log) == 1)
        #expect(log.reasons.last?.contains("nowhere: No such file") == true)

        words[5] = try directory.write("empty", "\n\n")
        #expect(ProviderCommand.run(arguments: words, log: log.log) == 1)
        #expect(log.reasons.last?.contains("must hold 1 to") == true)

        let running = try RunningCommand(arguments)
        _ = try running.line("started")
        #expect(ProviderCommand.run(arguments: arguments, log: log.log) == 1)
        #expect(log.reasons.last?.contains("uses this directory") == true)
        running.signal(SIGTERM)
        #expect(running.exitCode() == 0)
    }

    @Test func theSecretIsTheFileWithoutItsLastLineFeed() throws {
        #expect(try WebhookSecret.read(secretFile) == Array("whsec_test".utf8))
        let bare = try directory.write("bare", " a\nb ")
        #expect(try WebhookSecret.read(bare) == Array(" a\nb ".utf8))
        let long = try directory.write("long", String(repeating: "x", count: 5_000))
        #expect(throws: ProviderError.self) { try WebhookSecret.read(long) }
    }

    private func payment(_ number: Int) -> String {
        """
        {"attempt_id":"pay_\(number)","amount":700,"currency":"EUR","token":"tok_visa"}
        """
    }
}

/// What a log wrote.
final class LogLines: Sendable {
    private let written = Mutex<[[UInt8]]>([])

    var log: Log {
        Log(
            level: .info, node: nil, now: SystemClock.wallNow,
            sink: { line in self.written.withLock { $0.append(line) } })
    }

    var lines: [JSONValue] {
        written.withLock(\.self).compactMap { try? JSONValue(parsing: $0) }
    }

    var reasons: [String] { lines.compactMap { $0["reason"]?.text } }
}

/// The command on a thread, which takes signals of its own.
private final class RunningCommand {
    private final class State: Sendable {
        let log = LogLines()
        let thread = Mutex<pthread_t?>(nil)
        let exitCode = Mutex<Int32?>(nil)
    }

    private let state: State
    private let thread: Thread

    init(_ arguments: [String]) throws {
        let state = State()
        self.state = state
        thread = try Thread.start(name: "provider") {
            state.thread.withLock { $0 = pthread_self() }
            let code = ProviderCommand.run(arguments: arguments, log: state.log.log)
            state.exitCode.withLock { $0 = code }
        }
    }

    /// Waits for the line with this message.
    func line(_ message: String) throws -> JSONValue {
        var found: JSONValue?
        try turn({ usleep(1_000) }) {
            found = state.log.lines.first { $0["message"]?.text == message }
            return found != nil
        }
        guard let found else { throw NeverHappened() }
        return found
    }

    func signal(_ number: Int32) {
        state.thread.withLock { thread in
            if let thread { pthread_kill(thread, number) }
        }
    }

    func exitCode() -> Int32? {
        thread.join()
        return state.exitCode.withLock(\.self)
    }
}

/// A client that keeps its connection, on a loop of its own.
private final class CommandClient {
    private let socket: StreamSocket
    private var buffer = [UInt8](repeating: 0, count: 4_096)

    init(of started: JSONValue) throws {
        guard let address = started["address"]?.text.flatMap({ SocketAddress($0) }) else {
            throw NeverHappened()
        }
        socket = try StreamSocket.connect(to: address)
    }

    /// - Returns: the answer's status.
    func post(
        _ path: String, _ body: String, within limit: Milliseconds = patience
    ) throws -> UInt16? {
        var output = OutputBuffer(byteLimit: 65_536)
        let head = "POST \(path) HTTP/1.1\r\nHost: x\r\nContent-Length: \(body.utf8.count)\r\n\r\n"
        output.append(Array("\(head)\(body)".utf8))
        var received: [UInt8] = []
        try turn({ usleep(1_000) }, within: limit) {
            _ = try? output.flush(to: socket)
            if case .bytes(let count)? = try? socket.receive(into: &buffer) {
                received += buffer[..<count]
            }
            return received.last == UInt8(ascii: "}")
        }
        let words = String(decoding: received, as: UTF8.self).split(separator: " ")
        return words.count > 1 ? UInt16(words[1]) : nil
    }

    /// Sends bytes that are no whole request.
    func send(_ text: String) throws {
        var output = OutputBuffer(byteLimit: 4_096)
        output.append(Array(text.utf8))
        _ = try output.flush(to: socket)
    }
}
