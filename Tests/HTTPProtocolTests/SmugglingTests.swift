import HTTPProtocol
import Testing

/// Messages that two servers in a row could cut at different places. The rule: a second request is
/// never found where a lenient reader would find one, and a strict one would not.
struct SmugglingTests {
    /// What a smuggler wants to be seen as a request of its own.
    static let hidden = "GET /admin HTTP/1.1\r\nHost: a\r\n\r\n"

    static let attacks: [Refusal] = {
        let start = "POST / HTTP/1.1\r\nHost: a\r\n"
        let end = "\r\n\r\n0\r\n\r\n" + hidden
        let length = "Content-Length: 5"
        let chunked = "Transfer-Encoding: chunked"
        return [
            Refusal("CL.TE", start + length + "\r\n" + chunked + end, .lengthAndTransferCoding),
            Refusal("TE.CL", start + chunked + "\r\n" + length + end, .lengthAndTransferCoding),
            Refusal(
                "CL.CL", start + length + "\r\nContent-Length: 0" + end, .severalContentLengths),
            Refusal("CL.0 by a list", start + "Content-Length: 5,0" + end, .invalidContentLength),
            Refusal(
                "TE.TE by a space", start + "Transfer-Encoding : chunked" + end, .spaceBeforeColon),
            Refusal(
                "TE.TE by a tab", start + "Transfer-Encoding\t: chunked" + end, .spaceBeforeColon),
            Refusal(
                "TE.TE by a vertical tab", start + "Transfer-Encoding:\u{B}chunked" + end,
                .controlCharacter),
            Refusal(
                "TE.TE by a form feed", start + "Transfer-Encoding: chunked\u{C}" + end,
                .controlCharacter),
            Refusal(
                "TE.TE by folding", start + "Transfer-Encoding:\r\n chunked" + end, .obsoleteFolding
            ),
            Refusal(
                "TE.TE by a hidden line", start + "X: y\nTransfer-Encoding: chunked" + end,
                .bareLineFeed),
            Refusal(
                "TE.TE by a return", start + "X: y\rTransfer-Encoding: chunked" + end,
                .bareCarriageReturn),
            Refusal(
                "TE.TE by two values", start + chunked + "\r\nTransfer-Encoding: x" + end,
                .invalidTransferCoding),
            Refusal(
                "TE.TE by a list", start + "Transfer-Encoding: chunked, identity" + end,
                .invalidTransferCoding),
            Refusal(
                "TE.TE by a NUL", start + "Transfer-Encoding: chunked\0" + end, .controlCharacter),
            Refusal(
                "TE.TE by a quote", start + "Transfer-Encoding: 'chunked'" + end,
                .unknownTransferCoding),
            Refusal("TE in 1.0", "POST / HTTP/1.0\r\n" + chunked + end, .invalidTransferCoding),
            Refusal(
                "length hidden in a fold", start + "X:\r\n Content-Length: 5" + end,
                .obsoleteFolding),
            Refusal(
                "chunk ended by line feeds", start + chunked + "\r\n\r\n0\n\n" + hidden,
                .invalidChunkSize),
            Refusal(
                "chunk extension with a line feed", start + chunked + "\r\n\r\n0;\nx" + end,
                .invalidChunkExtension),
            Refusal(
                "chunk size that wraps at 64 bits",
                start + chunked + "\r\n\r\n10000000000000000\r\n" + end, .invalidChunkSize),
            Refusal(
                "chunk size with an underscore", start + chunked + "\r\n\r\n1_0\r\n" + end,
                .invalidChunkSize),
            Refusal(
                "chunk without its end", start + chunked + "\r\n\r\n1\r\nx0\r\n\r\n" + hidden,
                .invalidChunkEnd),
            Refusal(
                "two targets in one line", "GET / HTTP/1.1 HTTP/1.1\r\nHost: a\r\n\r\n",
                .invalidVersion),
            Refusal("target with a space", "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n", .invalidVersion),
            Refusal(
                "Host hidden by a return", "GET / HTTP/1.1\r\nHost: a\rHost: b\r\n\r\n",
                .bareCarriageReturn),
        ]
    }()

    @Test(arguments: attacks) func isRefusedBeforeTheHiddenRequest(_ attack: Refusal) {
        let events = events(ofRequests: attack.text)
        #expect(events.last == .refused(attack.error))
        for case .head(let head) in events { #expect(Array(head.path) != utf8("/admin")) }
    }

    /// Harmless ways to write the same framing keep working, and the body stays whole.
    @Test(
        arguments: [
            "Content-Length: \(hidden.utf8.count)", "content-length:\(hidden.utf8.count)",
            "CONTENT-LENGTH: \t\(hidden.utf8.count) \t", "Content-Length: 00\(hidden.utf8.count)",
        ])
    func aRequestWithinABodyIsNoRequest(line: String) {
        let text = "POST /outer HTTP/1.1\r\nHost: a\r\n\(line)\r\n\r\n" + Self.hidden
        #expect(bodies(of: text) == [Self.hidden])
    }

    /// Only the very names count.
    @Test(arguments: [
        "Content-Length2", "Content_Length", "X-Content-Length", "Transfer-Encoding-",
    ])
    func fieldsThatResembleFramingAreNot(name: String) {
        let text = "GET / HTTP/1.1\r\nHost: a\r\n\(name): 5\r\n\r\n" + Self.hidden
        #expect(head(of: text)?.framing == .empty)
        #expect(bodies(of: text) == ["", ""])
    }
}
