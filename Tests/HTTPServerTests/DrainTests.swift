import HTTPProtocol
import Primitives
import Testing

@testable import HTTPServer

/// An orderly end: everything asked is answered, and nobody is kept waiting.
struct DrainTests {
    @Test func idleConnectionsEndAtOnce() throws {
        let server = try TestServer()
        let fresh = try RawClient(server)
        let used = try RawClient(server)
        try used.send(get("/"))
        #expect(used.responses(1).count == 1)
        server.turn { server.connectionCount == 2 }
        server.server?.drain()
        #expect(server.connectionCount == 0)
        fresh.awaitEnd()
        used.awaitEnd()
        #expect(fresh.end == .closed && used.end == .closed)
    }

    @Test func requestsUnderWayAreAnsweredAndTheLastSaysSo() throws {
        let server = try TestServer(.whenTold)
        let client = try RawClient(server)
        try client.send(get("/a") + get("/b"))
        server.turn { server.requests.count == 2 }
        server.server?.drain()
        server.turn(for: Milliseconds(10))
        server.answer(0)
        server.answer(1)
        client.awaitEnd()
        #expect(client.parsed().map(\.body) == ["/a", "/b"])
        #expect(client.parsed().map(\.closes) == [false, true])
        server.turn { server.connectionCount == 0 }
    }

    @Test func aRequestThatHasBegunMayEnd() throws {
        let server = try TestServer()
        let client = try RawClient(server)
        try client.send("GET /a HTT")
        server.turn { server.connectionCount == 1 }
        server.server?.drain()
        server.turn(for: Milliseconds(10))
        try client.send("P/1.1\r\nHost: a\r\n\r\n" + get("/b"))
        client.awaitEnd()
        #expect(client.parsed().map(\.body) == ["/a"])
        #expect(client.parsed().map(\.closes) == [true])
    }

    @Test func aRequestThatArrivedBeforeTheDrainIsAnswered() throws {
        let server = try TestServer()
        let client = try RawClient(server)
        server.turn { server.connectionCount == 1 }
        try client.send(get("/a"))
        // The loop has not turned since.
        server.server?.drain()
        client.awaitEnd()
        #expect(client.parsed().map(\.body) == ["/a"])
    }

    @Test func nobodyIsAcceptedAnyMore() throws {
        let server = try TestServer()
        server.server?.drain()
        let client = try RawClient(server)
        try client.send(get("/"))
        server.turn(for: Milliseconds(20))
        #expect(server.connectionCount == 0)
        #expect(server.requests.isEmpty)
    }
}
