import HTTPProtocol
import Testing

/// The forms of a request target, RFC 9112 §3.2.
struct RequestTargetTests {
    @Test(
        arguments: [
            ("GET", "/", "/", nil, "/"),
            ("GET", "/a/b%2Fc", "/a/b%2Fc", nil, "/a/b%2Fc"),
            ("GET", "/a?", "/a", "", "/a?"),
            ("GET", "/a?b?c=/d", "/a", "b?c=/d", "/a?b?c=/d"),
            ("GET", "//a//", "//a//", nil, "//a//"),
            (
                "GET", "/a;v=1,(2)'!$&*+:@~_-.", "/a;v=1,(2)'!$&*+:@~_-.", nil,
                "/a;v=1,(2)'!$&*+:@~_-."
            ),
            ("OPTIONS", "*", "*", nil, "*"),
            ("OPTIONS", "/x", "/x", nil, "/x"),
            ("GET", "http://h", "/", nil, "/"),
            ("GET", "HTTP://h:80/p/q?r", "/p/q", "r", "/p/q?r"),
            ("GET", "https://[::1]:8101/p", "/p", nil, "/p"),
            ("GET", "http://h?q=1", "/", "q=1", "/?q=1"),
        ] as [(String, String, String, String?, String)])
    func pathAndQueryAreFound(
        method: String, target: String, path: String, query: String?, both: String
    ) throws {
        let request = try #require(head(of: "\(method) \(target) HTTP/1.1\r\nHost: h\r\n\r\n"))
        #expect(String(decoding: request.path, as: UTF8.self) == path)
        #expect(request.query.map { String(decoding: $0, as: UTF8.self) } == query)
        #expect(String(decoding: request.pathAndQuery, as: UTF8.self) == both)
    }

    @Test(
        arguments: [
            "a", "a/b", "?q", "*", "h:80", "ftp://h/", "http:/h", "http://", "http:///p",
            "http://?q", "http://user@h/", "http://user:pw@h/", "http://h^/", "**", "/a#b", "/a\"b",
            "/a<b>", "/a\\b", "/a^b", "/a`b", "/a{b}", "/a|b", "/\u{7F}", "/\u{1}", "/é",
        ])
    func otherFormsAndBytesAreRefused(target: String) {
        #expect(refusal(of: "GET \(target) HTTP/1.1\r\nHost: h\r\n\r\n") == .invalidTarget)
    }
}
