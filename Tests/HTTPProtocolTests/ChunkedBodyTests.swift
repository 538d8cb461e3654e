import HTTPProtocol
import Testing

/// Chunked bodies that are accepted, RFC 9112 §7.1.
struct ChunkedBodyTests {
    @Test(
        arguments: [
            ("0\r\n\r\n", ""),
            ("5\r\nhello\r\n0\r\n\r\n", "hello"),
            ("1\r\na\r\n2\r\nbc\r\n0\r\n\r\n", "abc"),
            ("A\r\n0123456789\r\n0\r\n\r\n", "0123456789"),
            ("a\r\n0123456789\r\n0\r\n\r\n", "0123456789"),
            ("000000000000005\r\nhello\r\n000\r\n\r\n", "hello"),
            ("5;name\r\nhello\r\n0;last=1\r\n\r\n", "hello"),
            ("5 ; name = \"v;\\\"w\" \r\nhello\r\n0\r\n\r\n", "hello"),
            ("5\t;n\r\nhello\r\n0\r\n\r\n", "hello"),
            ("5;\r\nhello\r\n0\r\n\r\n", "hello"),
            ("2\r\n\r\n\r\n0\r\n\r\n", "\r\n"),
            ("7\r\n0\r\n\r\nX:\r\n0\r\n\r\n", "0\r\n\r\nX:"),
            ("5\r\nhello\r\n0\r\nX-Sum: 1\r\nContent-Length: 9\r\n\r\n", "hello"),
        ])
    func isDecoded(body: String, expected: String) {
        let head = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
        #expect(bodies(of: head + body) == [expected])
        #expect(bodies(of: head + body + head + body) == [expected, expected])
    }

    @Test(arguments: ["chunked", "Chunked", "CHUNKED", " chunked\t", ""])
    func theCodingIsNamedInAnyCase(name: String) {
        let text = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:\(name)\r\n\r\n0\r\n\r\n"
        #expect(bodies(of: text) == (name.isEmpty ? [] : [""]))
    }
}
