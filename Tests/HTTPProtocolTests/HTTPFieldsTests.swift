import HTTPProtocol
import Testing

/// Looking headers up.
struct HTTPFieldsTests {
    let fields = head(
        of: "GET / HTTP/1.1\r\nHost: a\r\nX-Request-ID:  r 1 \t\r\nAccept: a/b\r\nACCEPT:c/d\r\n"
            + "Empty:\r\nBlank: \t \r\nLatin: \u{E9}\r\nIf-None-Match: \"a\", \"b\"\r\n"
            + "Connection: Foo , bar\r\nX_Y: 1\r\n\r\n")?.fields

    @Test func namesHaveNoCaseAndValuesNoOuterBlanks() throws {
        let fields = try #require(fields)
        #expect(fields.count == 10)
        #expect(fields.text("x-request-id") == "r 1")
        #expect(fields.first("x-request-id").map(Array.init) == utf8("r 1"))
        #expect(fields.text("empty") == "")
        #expect(fields.text("blank") == "")
        #expect(fields.text("absent") == nil)
        #expect(fields.text("accep") == nil)
        #expect(fields.text("x-y") == nil)
    }

    @Test func theFirstOfSeveralIsFoundAndAllOfThem() throws {
        let fields = try #require(fields)
        #expect(fields.text("accept") == "a/b")
        #expect(fields.values("accept").map(Array.init) == [utf8("a/b"), utf8("c/d")])
        #expect(fields.values("absent").isEmpty)
    }

    @Test func aValueThatIsNotUTF8IsBytesAndNoText() throws {
        let raw = utf8("GET / HTTP/1.1\r\nHost: a\r\nX: ") + [0xE9, 0x0D, 0x0A, 0x0D, 0x0A]
        guard case .head(let head) = try #require(events(ofRequests: [raw]).first) else {
            Issue.record("no head")
            return
        }
        #expect(head.fields.text("x") == nil)
        #expect(head.fields.first("x").map(Array.init) == [0xE9])
        #expect(try #require(fields).text("latin") == "é")
    }
}
