import HTTPProtocol
import Primitives
import Testing

/// However bytes are cut on arrival, the events are the same.
struct RequestSplitTests {
    static let stream = utf8(
        "\r\nPOST /events/evt_1/reservations?a=b HTTP/1.1\r\nHost: 127.0.0.1:8101\r\n"
            + "Content-Type: application/json \r\nExpect: 100-continue\r\n"
            + "Content-Length: 12\r\n\r\n"
            + "{\"a\":\"\\r\\n\"}"
            + "GET /?x HTTP/1.0\r\nConnection:keep-alive\r\nX-Empty:\r\nX-Blank: \t\r\n\r\n"
            + "PUT http://h/y HTTP/1.1\r\nhost: h\r\nTransfer-Encoding: Chunked\r\n\r\n"
            + "3;a=\"b;c\"\r\nabc\r\n0a ; x\r\n0123456789\r\n000\r\nT: u\r\nV:\r\n\r\n"
            + "OPTIONS * HTTP/1.1\r\nHost:\r\nContent-Length: 0\r\n\r\n"
            + "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n")

    @Test func theStreamReadsAsIntended() throws {
        let events = events(ofRequests: [Self.stream])
        try #require(events.count == 10)
        #expect(events[1] == .continueExpected)
        #expect(events[2] == .body(utf8("{\"a\":\"\\r\\n\"}")))
        #expect(events[6] == .body(utf8("abc0123456789")))
        #expect(events[9] == .refused(.severalHosts))
    }

    @Test func everySplitInTwoGivesTheSameEvents() {
        let expected = events(ofRequests: [Self.stream])
        for cut in 0...Self.stream.count {
            let pieces = [Array(Self.stream[..<cut]), Array(Self.stream[cut...])]
            #expect(events(ofRequests: pieces) == expected, "cut at \(cut)")
        }
    }

    @Test func singleBytesGiveTheSameEvents() {
        let pieces = Self.stream.map { [$0] }
        #expect(events(ofRequests: pieces) == events(ofRequests: [Self.stream]))
    }

    @Test(arguments: refusals) func refusalsDoNotDependOnTheSplit(_ refusal: Refusal) {
        let bytes = utf8(refusal.text)
        let expected = events(ofRequests: [bytes])
        #expect(events(ofRequests: bytes.map { [$0] }) == expected)
        for cut in bytes.indices {
            let pieces = [Array(bytes[..<cut]), Array(bytes[cut...])]
            #expect(events(ofRequests: pieces) == expected, "cut at \(cut)")
        }
    }

    @Test func threePiecesGiveTheSameEvents() {
        let expected = events(ofRequests: [Self.stream])
        var random = PRNG(seed: 3)
        for _ in 0..<500 {
            #expect(events(ofRequests: randomPieces(Self.stream, &random)) == expected)
        }
    }

    @Test func aCallerMayStopBetweenEventsAndGoOnLater() {
        var parser = RequestParser()
        parser.receive(Self.stream)
        var seen: [RequestEvent] = []
        for _ in 0..<10 { seen.append(parser.next()) }
        #expect(seen == events(ofRequests: [Self.stream]))
    }
}
