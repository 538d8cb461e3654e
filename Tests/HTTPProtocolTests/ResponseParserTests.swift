import HTTPProtocol
import Primitives
import Testing

/// The client's side: what a response reads as, and what is refused.
struct ResponseParserTests {
    /// A response as a client sees it, its body parts joined.
    enum Seen: Equatable {
        case head(UInt16, BodyFraming, ConnectionPersistence)
        case body(String)
        case end
        case refused(HTTPParseError)
        case unfinished
    }

    enum Close { case stays, closes }

    func seen(
        _ pieces: [[UInt8]], _ method: HTTPMethod = .get, _ close: Close = .stays,
        limits: HTTPLimits = HTTPLimits()
    ) -> [Seen] {
        var parser = ResponseParser(limits: limits)
        var seen: [Seen] = []
        var body: [UInt8] = []
        func flush() {
            if !body.isEmpty { seen.append(.body(String(decoding: body, as: UTF8.self))) }
            body = []
        }
        for step in 0...pieces.count {
            if step < pieces.count {
                parser.receive(pieces[step])
            } else if close == .closes {
                parser.receiveClose()
            }
            reading: while true {
                switch parser.next(answering: method) {
                case .needsMoreBytes: break reading
                case .head(let head):
                    seen.append(.head(head.statusCode, head.framing, head.persistence))
                case .bodyPart(let part): body += part
                case .end:
                    flush()
                    seen.append(.end)
                case .refused(let error):
                    flush()
                    return seen + [.refused(error)]
                }
            }
        }
        if !body.isEmpty {
            flush()
            seen.append(.unfinished)
        }
        return seen
    }

    func seen(_ text: String, _ method: HTTPMethod = .get, _ close: Close = .stays) -> [Seen] {
        seen([utf8(text)], method, close)
    }

    @Test func lengthAndChunksDelimitABody() {
        #expect(
            seen(
                "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nab"
                    + "HTTP/1.1 404 \r\nContent-Length: 0\r\n\r\n"
            )
                == [
                    .head(200, .length(2), .keepAlive), .body("ab"), .end,
                    .head(404, .empty, .keepAlive), .end,
                ])
        #expect(
            seen(
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n1\r\nb\r\n0\r\n\r\n"
            )
                == [.head(200, .chunked, .keepAlive), .body("ab"), .end])
    }

    @Test func withoutEitherTheConnectionsEndIsTheBodys() {
        let text = "HTTP/1.1 200 OK\r\n\r\nabc"
        #expect(seen(text, .get, .closes) == [.head(200, .untilClose, .close), .body("abc"), .end])
        #expect(seen(text) == [.head(200, .untilClose, .close), .body("abc"), .unfinished])
        #expect(
            seen("HTTP/1.1 200 OK\r\n\r\n", .get, .closes) == [
                .head(200, .untilClose, .close), .end,
            ])
    }

    @Test(
        arguments: [
            ("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n", HTTPMethod.head, UInt16(200)),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", .head, 200),
            ("HTTP/1.1 204 No Content\r\n\r\n", .delete, 204),
            ("HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n", .get, 304),
        ])
    func someResponsesHaveNoBodyWhateverTheySay(text: String, method: HTTPMethod, code: UInt16) {
        #expect(
            seen(text + text, method) == [
                .head(code, .empty, .keepAlive), .end, .head(code, .empty, .keepAlive), .end,
            ])
    }

    @Test func interimResponsesAreSkipped() {
        let interim = String(repeating: "HTTP/1.1 100 Continue\r\n\r\n", count: 5_000)
        #expect(
            seen(
                interim
                    + "HTTP/1.1 103 Hints\r\nLink: x\r\n\r\n"
                    + "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
            )
                == [.head(200, .empty, .keepAlive), .end])
    }

    @Test func persistenceIsRead() {
        #expect(
            seen("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n").first
                == .head(200, .empty, .close))
        #expect(
            seen("HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n").first == .head(200, .empty, .close)
        )
        #expect(
            seen("HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 0\r\n\r\n").first
                == .head(200, .empty, .keepAlive))
    }

    @Test(
        arguments: [
            ("HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n", UInt16(200)),
            ("HTTP/1.1 299 \u{E9}\t!\r\nContent-Length: 0\r\n\r\n", 299),
            ("HTTP/1.1 999 x\r\nContent-Length: 0\r\n\r\n", 999),
        ])
    func reasonsAreSkipped(text: String, code: UInt16) {
        #expect(seen(text) == [.head(code, .empty, .keepAlive), .end])
    }

    static let refused: [(String, HTTPParseError)] = [
        ("HTTP/2.0 200 OK\r\n\r\n", .unsupportedVersion),
        ("HTTP/1.1  200 OK\r\n\r\n", .invalidStatusLine),
        ("HTTP/1.1 20 OK\r\n\r\n", .invalidStatusLine),
        ("HTTP/1.1 2000 OK\r\n\r\n", .invalidStatusLine),
        ("HTTP/1.1 099 OK\r\n\r\n", .invalidStatusLine),
        ("HTTP/1.1 2x0 OK\r\n\r\n", .invalidStatusLine),
        ("HTTP/1.1 101 Switching Protocols\r\n\r\n", .invalidStatusLine),
        ("http/1.1 200 OK\r\n\r\n", .invalidStatusLine),
        ("HTTP/1.1 200 O\0K\r\n\r\n", .invalidStatusLine),
        ("HTTP/1.1 200 OK\n\r\n", .invalidStatusLine),
        ("HTTP/1.1 200 OK\rX", .bareCarriageReturn),
        ("HTTP/1.1 200 OK\r\nA : b\r\n\r\n", .spaceBeforeColon),
        (
            "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n",
            .severalContentLengths
        ),
        ("HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n", .invalidContentLength),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n", .unknownTransferCoding),
        (
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n",
            .lengthAndTransferCoding
        ),
        ("HTTP/1.1 200 OK\r\nContent-Length: 65537\r\n\r\n", .bodyTooLarge),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nx", .invalidChunkSize),
        ("HTTP/1.1 200 OK\r\nX: " + String(repeating: "x", count: 20_000), .headTooLarge),
        ("HTTP/1.1 200 " + String(repeating: "x", count: 20_000), .headTooLarge),
    ]

    @Test(arguments: refused) func isRefused(text: String, error: HTTPParseError) {
        let expected = seen(text)
        #expect(expected.last == .refused(error))
        #expect(seen(utf8(text).map { [$0] }) == expected)
    }

    @Test func aRefusalIsFinal() {
        var parser = ResponseParser()
        parser.receive(utf8("x"))
        #expect(parser.next(answering: .get) == .refused(.invalidStatusLine))
        parser.receive(utf8("HTTP/1.1 200 OK\r\n\r\n"))
        #expect(parser.next(answering: .get) == .refused(.invalidStatusLine))
    }

    @Test(
        arguments: [
            "H", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\na",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n",
            "HTTP/1.1 100 Continue\r\n\r\nH",
        ])
    func anEndWithinAResponseIsAnError(text: String) {
        #expect(seen(text, .get, .closes).last == .refused(.unexpectedEnd))
    }

    @Test func anEndBetweenResponsesIsNone() {
        #expect(seen("", .get, .closes) == [])
        let whole = "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na"
        #expect(seen(whole, .get, .closes) == seen(whole))
    }

    @Test func aBodyWithoutLengthIsBoundedToo() {
        let limits = HTTPLimits(bodyBytesMax: 5)
        let head = "HTTP/1.1 200 OK\r\n\r\n"
        #expect(seen([utf8(head + "01234")], .get, .closes, limits: limits).last == .end)
        #expect(
            seen([utf8(head), utf8("012"), utf8("345")], limits: limits).last
                == .refused(.bodyTooLarge))
    }

    @Test func everySplitGivesTheSameResponses() {
        let stream = utf8(
            "HTTP/1.1 100 Continue\r\n\r\n"
                + "HTTP/1.1 201 Created\r\nX: y\r\nContent-Length: 5\r\n\r\nhello"
                + "HTTP/1.1 200\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "3;a\r\nabc\r\n0\r\nT: u\r\n\r\n"
                + "HTTP/1.0 500 Oh no\r\n\r\nuntil the end")
        let expected = seen([stream], .get, .closes)
        #expect(expected.count == 9)
        for cut in stream.indices {
            let pieces = [Array(stream[..<cut]), Array(stream[cut...])]
            #expect(seen(pieces, .get, .closes) == expected, "cut at \(cut)")
        }
        #expect(seen(stream.map { [$0] }, .get, .closes) == expected)
        var random = PRNG(seed: 11)
        for _ in 0..<300 {
            #expect(seen(randomPieces(stream, &random), .get, .closes) == expected)
        }
    }

    @Test func aStreamIsReadAsItFlows() {
        var parser = ResponseParser()
        parser.receive(
            utf8("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n5\r\nde"))
        guard case .head = parser.next(answering: .get) else {
            Issue.record("no head")
            return
        }
        #expect(parser.next(answering: .get) == .bodyPart(utf8("abcde")))
        #expect(parser.next(answering: .get) == .needsMoreBytes)
    }

    @Test func theParserReadsWhatTheWriterWrites() {
        var output: [UInt8] = []
        let date = HTTPDate(.zero)
        let writer = ResponseWriter(method: .get, version: .http11, persistence: .keepAlive)
        writer.append(HTTPResponse(.conflict, body: utf8("{}")), date: date, to: &output)
        writer.append(HTTPResponse(.noContent), date: date, to: &output)
        let stream = writer.appendStreamHead(
            .ok, headers: HeaderBlock(), date: date, to: &output)
        stream.append(utf8("event"), to: &output)
        stream.appendEnd(to: &output)
        #expect(
            seen([output]) == [
                .head(409, .length(2), .keepAlive), .body("{}"), .end,
                .head(204, .empty, .keepAlive), .end,
                .head(200, .chunked, .keepAlive), .body("event"), .end,
            ])
    }

    @Test func itIsIdleBetweenResponsesOnly() {
        var parser = ResponseParser()
        #expect(parser.isIdle)
        let response = utf8("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx")
        for byte in response {
            parser.receive([byte])
            #expect(!parser.isIdle)
            while parser.next(answering: .get) != .needsMoreBytes {}
        }
        #expect(parser.isIdle)
        parser.receive(utf8("H"))
        #expect(!parser.isIdle)
    }
}
