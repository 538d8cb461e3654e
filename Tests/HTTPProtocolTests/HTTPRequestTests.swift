import HTTPProtocol
import Testing

/// Requests that are sent, and that our own parser takes back.
struct HTTPRequestTests {
    func written(
        _ method: HTTPMethod, headers: HeaderBlock = HeaderBlock(), body: [UInt8] = []
    ) throws -> String {
        let request = HTTPRequest(
            method, try #require(RequestTarget("/a?b=c")), host: try #require(HTTPHost("[::1]:80")),
            headers: headers, body: body)
        var output = utf8("|")
        request.append(to: &output)
        return String(decoding: output, as: UTF8.self)
    }

    @Test func aRequestHasHostHeadersLengthAndBody() throws {
        var headers = HeaderBlock()
        headers.add("Idempotency-Key", "k1")
        #expect(
            try written(.post, headers: headers, body: utf8("{}"))
                == "|POST /a?b=c HTTP/1.1\r\nHost: [::1]:80\r\nIdempotency-Key: k1\r\n"
                + "Content-Length: 2\r\n\r\n{}")
    }

    @Test func aLengthIsStatedWhereABodyIsExpected() throws {
        #expect(try written(.get) == "|GET /a?b=c HTTP/1.1\r\nHost: [::1]:80\r\n\r\n")
        #expect(try written(.delete).contains("Content-Length") == false)
        #expect(try written(.patch).contains("Content-Length: 0\r\n"))
        #expect(try written(.delete, body: utf8("x")).contains("Content-Length: 1\r\n"))
    }

    @Test(arguments: HTTPMethod.allCases.filter { $0 != .unknown && $0 != .connect })
    func theParserReadsWhatTheWriterWrites(method: HTTPMethod) throws {
        var headers = HeaderBlock()
        headers.add("X-A", " é ")
        let text = String(try written(method, headers: headers, body: utf8("body")).dropFirst())
        let request = try #require(head(of: text))
        #expect(request.method == method)
        #expect(request.query.map(Array.init) == utf8("b=c"))
        #expect(request.fields.text("x-a") == "é")
        #expect(bodies(of: text) == ["body"])
    }
}
