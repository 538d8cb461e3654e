import HTTPProtocol
import Testing

/// URLs that a client follows.
struct HTTPURLTests {
    @Test(
        arguments: [
            (
                "http://127.0.0.1:8101/events?q=1", HTTPURL.Scheme.http, "127.0.0.1", 8_101,
                "127.0.0.1:8101", "/events?q=1"
            ),
            ("http://a", .http, "a", 80, "a", "/"), ("HTTPS://A.b", .https, "A.b", 443, "A.b", "/"),
            ("http://a?x", .http, "a", 80, "a", "/?x"),
            ("http://[::1]:1/", .http, "::1", 1, "[::1]:1", "/"),
            ("https://[fe80::1]", .https, "fe80::1", 443, "[fe80::1]", "/"),
            ("http://a:65535/%20", .http, "a", 65_535, "a:65535", "/%20"),
        ] as [(String, HTTPURL.Scheme, String, UInt16, String, String)])
    func isTakenApart(
        text: String, scheme: HTTPURL.Scheme, host: String, port: UInt16, authority: String,
        target: String
    ) throws {
        let url = try #require(HTTPURL(text))
        #expect(url.scheme == scheme)
        #expect(url.host == host)
        #expect(url.port == port)
        #expect(url.authority == HTTPHost(authority))
        #expect(url.target == RequestTarget(target))
    }

    @Test(
        arguments: [
            "", "a", "/a", "//a", "ftp://a", "http:a", "http:/a", "http://", "http:///a",
            "http://:80/",
            "http://a:", "http://a:/", "http://a:0/", "http://a:65536/", "http://a:+1/",
            "http://a:8x/",
            "http://a:1:2/", "http://u@a/", "http://u:p@a/", "http://[::1/", "http://[]/",
            "http://[::1]x/",
            "http://a b/", "http://a/ b", "http://a/#f", "http://a/\r\nX: y", "http://é/",
            "http://a/é",
        ])
    func otherTextIsNoURL(text: String) {
        #expect(HTTPURL(text) == nil)
    }
}
