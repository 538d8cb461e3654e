import HTTPProtocol
import Testing

/// No text that came from outside can add a header or end a head.
struct HeaderValueTests {
    @Test(
        arguments: [
            "a\r\nSet-Cookie: x", "a\nb", "a\rb", "\0", "a\u{1B}b", "\u{7F}", "x\u{B}",
            "\r\n\r\n<html>",
        ])
    func controlCharactersMakeNoHeaderValue(text: String) {
        #expect(HTTPHeaderValue(text) == nil)
    }

    @Test(arguments: ["", "a b", "a\tb", "é", "/reservations/hold_1?x=%0D%0A", "~!@#\"'"])
    func otherTextDoes(text: String) {
        #expect(HTTPHeaderValue(text) != nil)
    }

    @Test func anEchoedHeaderIsWhatWasSent() throws {
        let request = try #require(
            head(of: "GET / HTTP/1.1\r\nHost: a\r\nX-Request-Id: \t7 é\t8 \r\n\r\n"))
        let echo = try #require(request.fields.text("x-request-id"))
        #expect(HTTPHeaderValue(echo) == "7 é\t8")
    }

    @Test(arguments: ["", "a", "events", "/a b", "/a\r\nX: y", "/\u{7F}", "/é", "/#x", "http://h/"])
    func otherTextIsNoTarget(text: String) {
        #expect(RequestTarget(text) == nil)
    }

    @Test(arguments: ["", "a b", "a/b", "a\r\n", "u@h", "hö", "a?b", "a#b"])
    func otherTextIsNoHost(text: String) {
        #expect(HTTPHost(text) == nil)
    }
}
