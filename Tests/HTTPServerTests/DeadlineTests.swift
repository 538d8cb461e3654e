import HTTPProtocol
import Primitives
import SystemIO
import Testing

@testable import HTTPServer

/// How long a server waits, and for what.
struct DeadlineTests {
    @Test(arguments: [
        "G", "GET / HTTP/1.1\r\nHost: a\r\n", post("/", "body").dropLast(1).description,
        get("/", "Transfer-Encoding: chunked") + "3\r\nab",
    ])
    func aRequestThatTakesTooLongToArriveIs408(_ request: String) throws {
        let client = try RawClient(TestServer(limits: .short(\.requestTimeout)))
        try client.send(request)
        client.awaitEnd()
        #expect(
            client.parsed() == [
                RawClient.Response(status: 408, body: "too slow", closes: true)
            ])
        #expect(client.server.requests.isEmpty)
    }

    @Test func bytesThatTrickleInDoNotHelp() throws {
        let client = try RawClient(TestServer(limits: .short(\.requestTimeout)))
        try client.send("GET / HTTP/1.1\r\nHost: a\r\nX: ")
        var sent = 0
        while client.end == .open, sent < 10_000 {
            try? client.send("y")
            sent += 1
            client.server.turn(for: Milliseconds(2))
            client.receive()
        }
        #expect(client.parsed().map(\.status) == [408])
        #expect(sent < 10_000)
    }

    @Test func theTimeBeginsAnewWithEachRequest() throws {
        var limits = HTTPServerLimits()
        limits.requestTimeout = Milliseconds(500)
        let client = try RawClient(TestServer(limits: limits))
        for number in 1...4 {
            try client.send("GET /\(number)")
            client.server.turn(for: Milliseconds(150))
            try client.send(" HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(client.responses(number).count == number)
        }
        #expect(client.end == .open)
    }

    @Test func aConnectionWithoutARequestEndsSilently() throws {
        let client = try RawClient(TestServer(limits: .short(\.idleTimeout)))
        client.awaitEnd()
        #expect(client.received.isEmpty)
        #expect(client.server.connectionCount == 0)
    }

    @Test func aKeptConnectionEndsWhenItStaysIdle() throws {
        let client = try RawClient(TestServer(limits: .short(\.idleTimeout)))
        try client.send(get("/"))
        #expect(client.responses(1).map(\.closes) == [false])
        client.awaitEnd()
        #expect(client.server.connectionCount == 0)
    }

    /// The service's patience is its own: no deadline of the server's cuts it short, whatever the
    /// connection waited for before.
    @Test(arguments: [get("/"), get("/", "Connection: close"), get("/") + "GET /par"])
    func anAnswerIsWaitedFor(_ request: String) throws {
        var limits = HTTPServerLimits()
        limits.idleTimeout = Milliseconds(500)
        limits.requestTimeout = Milliseconds(500)
        let client = try RawClient(TestServer(.whenTold, limits: limits))
        client.server.turn(for: Milliseconds(50))
        try client.send(request)
        client.server.turn { client.server.requests.count == 1 }
        client.server.turn(for: Milliseconds(700))
        client.receive()
        #expect(client.end == .open)
        client.server.answer(0)
        #expect(client.responses(1).map(\.status) == [200])
    }

    @Test func aClientThatDoesNotCloseIsClosedInTime() throws {
        let client = try RawClient(TestServer(limits: .short(\.lingerTimeout)))
        try client.send("BAD\r\n\r\n")
        client.awaitEnd()
        #expect(client.server.connectionCount == 1)
        client.server.turn { client.server.connectionCount == 0 }
    }

    @Test func aReaderThatStopsIsClosedInTimeAndOneThatReadsIsNot() throws {
        var limits = HTTPServerLimits()
        limits.idleTimeout = .seconds(1)
        let server = try TestServer(limits: limits)
        server.answerBody = [UInt8](repeating: 0x78, count: 8 << 20)
        let stopped = try RawClient(server)
        let slow = try RawClient(server)
        try stopped.send(get("/"))
        try slow.send(get("/"))
        server.turn {
            // Too slow to have it all before the other is given up.
            server.turn(for: Milliseconds(50))
            slow.receive(atMost: 250_000)
            return server.connectionCount == 1
        }
        server.turn {
            slow.receive()
            return slow.parsed().count == 1 || slow.end != .open
        }
        #expect(slow.parsed().map(\.body.utf8.count) == [8 << 20])
        stopped.awaitEnd()
        #expect(stopped.parsed().isEmpty)
    }
}
