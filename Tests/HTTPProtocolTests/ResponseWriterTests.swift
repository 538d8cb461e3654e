import HTTPProtocol
import Primitives
import Testing

/// What goes over the wire, byte for byte.
struct ResponseWriterTests {
    static let date = HTTPDate(WallTime(1_795_342_530_123))

    func written(
        _ response: HTTPResponse, method: HTTPMethod = .get, version: HTTPVersion = .http11,
        persistence: ConnectionPersistence = .keepAlive
    ) -> String {
        var output = utf8("|")
        ResponseWriter(method: method, version: version, persistence: persistence)
            .append(response, date: Self.date, to: &output)
        return String(decoding: output, as: UTF8.self)
    }

    @Test func aResponseHasStatusDateHeadersLengthAndBody() {
        var response = HTTPResponse(.created, body: utf8("{}"))
        response.headers.add("Content-Type", "application/json")
        response.headers.add("Retry-After", HTTPHeaderValue(-3))
        #expect(
            written(response)
                == "|HTTP/1.1 201 Created\r\nDate: Sun, 22 Nov 2026 10:15:30 GMT\r\n"
                + "Content-Type: application/json\r\nRetry-After: -3\r\n"
                + "Content-Length: 2\r\n\r\n{}")
    }

    @Test func anEmptyBodyHasALengthToo() {
        #expect(written(HTTPResponse(.ok)).hasSuffix("\r\nContent-Length: 0\r\n\r\n"))
    }

    @Test func headHasTheLengthButNotTheBody() {
        let text = written(HTTPResponse(.ok, body: utf8("hello")), method: .head)
        #expect(text.hasSuffix("\r\nContent-Length: 5\r\n\r\n"))
    }

    @Test(arguments: [HTTPStatus.noContent, .notModified])
    func statusesWithoutBodyHaveNoLength(status: HTTPStatus) {
        let text = written(HTTPResponse(status))
        #expect(!text.contains("Content-Length"))
        #expect(text.hasSuffix(" GMT\r\n\r\n"))
    }

    @Test func theConnectionsFateIsStatedWhereItIsNotTheDefault() {
        let response = HTTPResponse(.ok)
        #expect(!written(response).contains("Connection"))
        #expect(written(response, persistence: .close).contains("\r\nConnection: close\r\n"))
        #expect(
            written(response, version: .http10).contains("\r\nConnection: keep-alive\r\n"))
        #expect(
            written(response, version: .http10, persistence: .close)
                .contains("\r\nConnection: close\r\n"))
    }

    @Test func aRefusalCloses() {
        var output: [UInt8] = []
        ResponseWriter.refusal.append(
            HTTPResponse(.badRequest, body: utf8("x")), date: Self.date, to: &output)
        let text = String(decoding: output, as: UTF8.self)
        #expect(text.hasPrefix("HTTP/1.1 400 Bad Request\r\n"))
        #expect(text.contains("\r\nConnection: close\r\n"))
        #expect(text.hasSuffix("\r\n\r\nx"))
    }

    @Test func continueIsAHeadOfItsOwn() {
        var output: [UInt8] = []
        ResponseWriter.appendContinue(to: &output)
        #expect(output == utf8("HTTP/1.1 100 Continue\r\n\r\n"))
    }

    @Test func aStreamIsChunked() {
        var output: [UInt8] = []
        let writer = ResponseWriter(method: .get, version: .http11, persistence: .keepAlive)
        let framing = writer.appendStreamHead(
            .ok, headers: HeaderBlock(), date: Self.date, to: &output)
        framing.append(utf8("0123456789abcdef!"), to: &output)
        framing.append([], to: &output)
        framing.append(utf8("x"), to: &output)
        framing.appendEnd(to: &output)
        #expect(framing == .chunked)
        #expect(
            String(decoding: output, as: UTF8.self)
                == "HTTP/1.1 200 OK\r\nDate: Sun, 22 Nov 2026 10:15:30 GMT\r\n"
                + "Transfer-Encoding: chunked\r\n\r\n11\r\n0123456789abcdef!\r\n1\r\nx\r\n0\r\n\r\n"
        )
    }

    @Test func aStreamForAnOldClientEndsWithTheConnection() {
        var output: [UInt8] = []
        let writer = ResponseWriter(method: .get, version: .http10, persistence: .keepAlive)
        let framing = writer.appendStreamHead(
            .ok, headers: HeaderBlock(), date: Self.date, to: &output)
        framing.append(utf8("x"), to: &output)
        framing.append([], to: &output)
        framing.appendEnd(to: &output)
        let text = String(decoding: output, as: UTF8.self)
        #expect(framing == .untilClose)
        #expect(text.contains("\r\nConnection: close\r\n"))
        #expect(!text.contains("Transfer-Encoding"))
        #expect(text.hasSuffix("\r\n\r\nx"))
    }

    @Test func aStreamForHeadIsOnlyItsHead() {
        var output: [UInt8] = []
        let writer = ResponseWriter(method: .head, version: .http11, persistence: .keepAlive)
        let framing = writer.appendStreamHead(
            .ok, headers: HeaderBlock(), date: Self.date, to: &output)
        framing.append(utf8("x"), to: &output)
        framing.appendEnd(to: &output)
        #expect(framing == .omitted)
        #expect(
            String(decoding: output, as: UTF8.self)
                == "HTTP/1.1 200 OK\r\nDate: Sun, 22 Nov 2026 10:15:30 GMT\r\n\r\n")
    }

    @Test(
        arguments: [
            (0, "Thu, 01 Jan 1970 00:00:00 GMT"),
            (784_111_777_000, "Sun, 06 Nov 1994 08:49:37 GMT"),
            (951_782_400_999, "Tue, 29 Feb 2000 00:00:00 GMT"),
            (1_709_251_199_000, "Thu, 29 Feb 2024 23:59:59 GMT"),
            (4_102_444_800_000, "Fri, 01 Jan 2100 00:00:00 GMT"),
        ] as [(Int64, String)])
    func datesAreFixedWidth(milliseconds: Int64, expected: String) {
        var output: [UInt8] = []
        ResponseWriter.refusal.append(
            HTTPResponse(.ok), date: HTTPDate(WallTime(milliseconds)), to: &output)
        #expect(String(decoding: output, as: UTF8.self).contains("\r\nDate: \(expected)\r\n"))
    }

    @Test func everyStatusHasAReason() {
        for status in HTTPStatus.allCases {
            #expect(
                written(HTTPResponse(status)).contains(" \(status.rawValue) \(status.reason)\r\n"))
        }
    }

    @Test(arguments: [HTTPMethod.get, .head])
    func headAndBodyApartAreTheWholeResponse(method: HTTPMethod) {
        let response = HTTPResponse(.ok, body: utf8("hello"))
        let writer = ResponseWriter(method: method, version: .http11, persistence: .keepAlive)
        var output = utf8("|")
        writer.appendHead(of: response, date: Self.date, to: &output)
        output += writer.body(of: response)
        #expect(String(decoding: output, as: UTF8.self) == written(response, method: method))
    }
}
