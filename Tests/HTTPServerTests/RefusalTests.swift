import HTTPProtocol
import Testing

@testable import HTTPServer

/// Requests that are refused: the service words the answer, and the connection ends with it.
struct RefusalTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var request: String
        var status: UInt16
        var error: HTTPParseError
        var testDescription: String { name }
    }

    static let cases = [
        Case(
            name: "bad method", request: "G@T / HTTP/1.1\r\n", status: 400, error: .invalidMethod),
        Case(
            name: "bad target", request: "GET nowhere HTTP/1.1\r\nHost: a\r\n\r\n", status: 400,
            error: .invalidTarget),
        Case(
            name: "no host", request: "GET / HTTP/1.1\r\n\r\n", status: 400, error: .missingHost),
        Case(
            name: "two hosts", request: get("/", "Host: b"), status: 400, error: .severalHosts),
        Case(
            name: "space before colon", request: get("/", "X : y"), status: 400,
            error: .spaceBeforeColon),
        Case(
            name: "both lengths",
            request: get("/", "Content-Length: 1", "Transfer-Encoding: chunked"), status: 400,
            error: .lengthAndTransferCoding),
        Case(
            name: "bad chunk", request: get("/", "Transfer-Encoding: chunked") + "zz\r\n",
            status: 400, error: .invalidChunkSize),
        Case(
            name: "bare line feed", request: "GET / HTTP/1.1\r\nHost: a\n\r\n", status: 400,
            error: .bareLineFeed),
        Case(
            name: "body too large", request: post("/", String(repeating: "b", count: 1_001)),
            status: 413, error: .bodyTooLarge),
        Case(
            name: "chunks too large",
            request: get("/", "Transfer-Encoding: chunked") + "3e9\r\n"
                + String(repeating: "b", count: 1_001), status: 413, error: .bodyTooLarge),
        Case(
            name: "long target", request: "GET /" + String(repeating: "a", count: 9_000),
            status: 414, error: .targetTooLong),
        Case(
            name: "expectation", request: get("/", "Expect: miracles"), status: 417,
            error: .unsupportedExpectation),
        Case(
            name: "large head", request: get("/", "X: " + String(repeating: "y", count: 17_000)),
            status: 431, error: .headTooLarge),
        Case(
            name: "long method", request: String(repeating: "M", count: 100) + " / HTTP/1.1\r\n",
            status: 501, error: .methodTooLong),
        Case(
            name: "unknown coding", request: get("/", "Transfer-Encoding: gzip, chunked"),
            status: 501, error: .unknownTransferCoding),
        Case(
            name: "version", request: "GET / HTTP/2.0\r\n", status: 505,
            error: .unsupportedVersion),
    ]

    @Test(arguments: cases)
    func aBadRequestIsAnsweredAndTheConnectionEnds(_ refused: Case) throws {
        let client = try RawClient(TestServer())
        try client.send(refused.request)
        client.awaitEnd()
        let expected = RawClient.Response(
            status: refused.status, body: "\(refused.error)", closes: true)
        #expect(client.parsed() == [expected])
        #expect(client.end == .closed)
        #expect(client.server.requests.isEmpty)
    }

    @Test(arguments: cases.filter { $0.request.utf8.count < 200 })
    func soItIsByteByByte(_ refused: Case) throws {
        let client = try RawClient(TestServer())
        for byte in Array(refused.request.utf8) where client.end == .open {
            try client.send([byte])
            client.server.turn()
            client.receive()
        }
        client.awaitEnd()
        #expect(client.parsed().map(\.status) == [refused.status])
        #expect(client.end == .closed)
    }

    @Test func whatCameBeforeABadRequestIsAnsweredFirst() throws {
        let client = try RawClient(TestServer(.whenTold))
        try client.send(get("/a") + get("/b") + "BAD\r\n\r\n" + get("/c"))
        client.server.turn { client.server.requests.count == 2 }
        client.server.answer(1)
        client.server.turn()
        client.server.answer(0)
        client.awaitEnd()
        #expect(client.parsed().map(\.body) == ["/a", "/b", "invalidMethod"])
        #expect(client.parsed().map(\.closes) == [false, false, true])
        #expect(client.server.requests.count == 2)
    }

    /// The answer can then bear the name that the client gave its request.
    @Test(
        arguments: [
            (get("/a", "Transfer-Encoding: chunked") + "zz\r\n", "/a"),
            (post("/a", "").replacing("Length: 0", with: "Length: 1001"), "/a"),
            ("GET /a HTTP/1.1\r\n\r\n", nil), (get("/a") + "BAD\r\n", nil),
        ] as [(String, String?)])
    func theServiceIsShownTheHeadOfWhatWentWrongAfterIt(_ request: String, _ path: String?) throws {
        let client = try RawClient(TestServer())
        try client.send(request)
        client.awaitEnd()
        #expect(client.server.refusedPaths == [path])
    }

    @Test func aRefusalByTheHeadGoesOutBehindAShortBodyAndTheConnectionGoesOn() throws {
        let server = try TestServer()
        server.screenings["/no"] = .refuse(HTTPResponse(.unauthorized, body: Array("key?".utf8)))
        let client = try RawClient(server)
        try client.send(post("/no", "body") + get("/yes"))
        let responses = client.responses(2)
        #expect(responses.map(\.status) == [401, 200])
        #expect(responses.map(\.body) == ["key?", "/yes"])
        #expect(server.paths == ["/yes"])
    }

    /// Whoever may not do a thing is told so, not that the body of it is too large.
    @Test(arguments: [
        post("/no", "").replacing("Length: 0", with: "Length: 70000"),
        get("/no", "Transfer-Encoding: chunked") + "fffff\r\n",
    ])
    func aRefusalByTheHeadStandsBeforeABodyTooLarge(_ request: String) throws {
        let server = try TestServer()
        server.screenings["/no"] = .refuse(HTTPResponse(.notFound))
        let client = try RawClient(server)
        try client.send(request)
        client.awaitEnd()
        #expect(client.parsed().map(\.status) == [404])
    }

    @Test func anUnknownMethodIsTheServicesToRefuse() throws {
        let client = try RawClient(TestServer())
        try client.send("BREW / HTTP/1.1\r\nHost: a\r\n\r\n" + get("/"))
        #expect(client.responses(2).map(\.status) == [501, 200])
    }

    @Test func aRefusedClientThatGoesOnSendingStillGetsItsAnswer() throws {
        let client = try RawClient(TestServer())
        try client.send(post("/", "").replacing("Length: 0", with: "Length: 4000000"))
        try client.send([UInt8](repeating: 0x62, count: 4_000_000))
        client.awaitEnd()
        #expect(client.parsed().map(\.status) == [413])
        #expect(client.end == .closed)
    }
}
