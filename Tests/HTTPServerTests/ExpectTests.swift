import HTTPProtocol
import Primitives
import Testing

@testable import HTTPServer

/// `Expect: 100-continue` (RFC 9110 §10.1.1).
struct ExpectTests {
    private let interim = "HTTP/1.1 100 Continue\r\n\r\n"
    private let expecting = post("/a", "", "Expect: 100-continue")
        .replacing("Length: 0", with: "Length: 4")

    @Test func aBodyThatMayComeIsAskedFor() throws {
        let client = try RawClient(TestServer())
        try client.send(expecting)
        client.server.turn {
            client.receive()
            return client.text == interim
        }
        try client.send("body")
        #expect(client.responses(1).map(\.body) == ["/abody"])
        try client.send(get("/b"))
        #expect(client.responses(2).map(\.body) == ["/abody", "/b"])
    }

    @Test func aRefusedBodyIsNotAskedForAndTheConnectionEnds() throws {
        let server = try TestServer()
        server.screenings["/a"] = .refuse(HTTPResponse(.forbidden))
        let client = try RawClient(server)
        try client.send(expecting)
        client.awaitEnd()
        #expect(client.text.hasPrefix("HTTP/1.1 403 "))
        #expect(client.parsed().map(\.closes) == [true])
    }

    @Test func aBodyTooLargeIsRefusedUnasked() throws {
        let client = try RawClient(TestServer())
        try client.send(expecting.replacing("Length: 4", with: "Length: 1001"))
        client.awaitEnd()
        #expect(client.text.hasPrefix("HTTP/1.1 413 "))
    }

    /// An interim response before the answer to an earlier request would be taken for that one's.
    @Test func theBodyIsAskedForAfterEarlierAnswers() throws {
        let client = try RawClient(TestServer(.whenTold))
        try client.send(get("/first") + expecting)
        client.server.turn { client.server.requests.count == 1 }
        client.server.turn(for: Milliseconds(10))
        client.receive()
        #expect(client.received.isEmpty)
        client.server.answer(0)
        client.server.turn {
            client.receive()
            return client.text.hasSuffix(interim)
        }
        #expect(client.parsed().map(\.body) == ["/first"])
        try client.send("body")
        client.server.turn { client.server.requests.count == 2 }
        client.server.answer(1)
        #expect(client.responses(2).map(\.body) == ["/first", "/a"])
    }
}
