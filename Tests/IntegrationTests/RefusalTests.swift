import HTTPProtocol
import Primitives
import SystemIO
import Testing

// Everything that the contract has a node refuse before it is a request, on a real connection: the
// whole answer, byte for byte, and what becomes of the connection.

/// A message that ends its connection.
private struct BadMessage: Sendable {
    let bytes: String
    let status: String
    let code: String
    let title: String
    let detail: String
    /// Nil where the head itself can't be trusted.
    var path: String?

    init(
        _ bytes: String, _ status: String, _ code: String, _ title: String, _ detail: String,
        path: String? = nil
    ) {
        (self.bytes, self.status, self.code) = (bytes, status, code)
        (self.title, self.detail, self.path) = (title, detail, path)
    }

    static func malformed(_ bytes: String, _ detail: String, path: String? = nil) -> BadMessage {
        BadMessage(
            bytes, "400 Bad Request", "malformed_request", "Malformed request", detail, path: path)
    }
}

/// A POST to a path that buyers may use, without the empty line that ends its head.
private let post =
    "POST /reservations/r/commit HTTP/1.1\r\nHost: a\r\nX-Request-Id: mine\r\n"
private let commitPath = "/reservations/r/commit"

private let ambiguous: [BadMessage] = [
    .malformed(
        post + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "Content-Length and Transfer-Encoding exclude each other."),
    .malformed(
        post + "Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello",
        "There are several Content-Length headers."),
    .malformed(
        post + "Content-Length: +5\r\n\r\nhello", "The Content-Length is malformed."),
    .malformed(
        post + "Content-Length: 5, 5\r\n\r\nhello", "The Content-Length is malformed."),
    .malformed(post + "Host: b\r\n\r\n", "There are several Host headers."),
    .malformed("GET / HTTP/1.1\r\n\r\n", "The Host header is missing."),
    .malformed(
        post + "Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n",
        "The Transfer-Encoding leaves the body's end unknown."),
    .malformed(
        post + "Transfer-Encoding: chunked\r\n\r\n5x\r\nhello\r\n0\r\n\r\n",
        "A chunk's size is malformed.", path: commitPath),
    .malformed(
        post + "Transfer-Encoding: chunked\r\n\r\n4\r\nhello\r\n0\r\n\r\n",
        "A chunk doesn't end where its size says.", path: commitPath),
    .malformed(post + "A: b\r\n c\r\n\r\n", "A header is folded over several lines."),
    .malformed(
        post + "A: b\rC: d\r\n\r\n", "A carriage return has no line feed after it."),
    .malformed(
        post + "A: b\nC: d\r\n\r\n", "A line feed has no carriage return before it."),
    .malformed(post + "A: b\0c\r\n\r\n", "A header holds a control character."),
    .malformed(
        post + "Content-Length : 5\r\n\r\nhello", "A header has white space before its colon."),
]

private let unknown: [BadMessage] = [
    BadMessage(
        post + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", "501 Not Implemented",
        "not_implemented", "Not implemented", "The only transfer coding known here is chunked."),
    BadMessage(
        post + "Expect: miracles\r\n\r\n", "417 Expectation Failed", "expectation_failed",
        "Expectation failed", "The only expectation known here is 100-continue."),
    BadMessage(
        "GET / HTTP/2.0\r\nHost: a\r\n\r\n", "505 HTTP Version Not Supported",
        "http_version_not_supported", "HTTP version not supported",
        "Only HTTP/1.0 and HTTP/1.1 are spoken here."),
]

private func long(_ count: Int) -> String { String(repeating: "x", count: count) }

/// One byte more than the configuration below allows.
private let large: [BadMessage] = [
    BadMessage(
        post + "A: \(long(1_025 - post.utf8.count - 7))\r\n\r\n",
        "431 Request Header Fields Too Large", "request_header_fields_too_large",
        "Request header fields too large", "The header block is too large."),
    BadMessage(
        "GET /\(long(256)) HTTP/1.1\r\nHost: a\r\n\r\n", "414 URI Too Long", "uri_too_long",
        "URI too long", "The request target is too long."),
    .tooLarge(post + "Content-Length: 1025\r\n\r\n" + long(1_025)),
    .tooLarge(
        post + "Transfer-Encoding: chunked\r\n\r\n401\r\n\(long(1_025))\r\n0\r\n\r\n"),
    .tooLarge(
        post.replacing(commitPath, with: "/venues") + "Content-Length: 65537\r\n"
            + "Authorization: Bearer \(ClusterFiles.adminKey)\r\n\r\n" + long(65_537),
        path: "/venues"),
]

extension BadMessage {
    fileprivate static func tooLarge(_ bytes: String, path: String = commitPath) -> BadMessage {
        BadMessage(
            bytes, "413 Content Too Large", "content_too_large", "Content too large",
            "The body is too large.", path: path)
    }

    fileprivate static func late(_ bytes: String, path: String? = nil) -> BadMessage {
        BadMessage(
            bytes, "408 Request Timeout", "request_timeout", "Request timeout",
            "The request took too long to arrive.", path: path)
    }
}

extension ClusterTests {
    @Suite struct Refusing {
        private static let settings = [
            "header_bytes_max": "1024", "url_bytes_max": "256", "body_bytes_max": "1024",
            "import_bytes_max": "65536", "request_timeout_ms": "1000",
        ]
        private static let healthy = "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n"

        @Test func isExactAndEndsTheConnection() throws {
            try withCluster(.one, settings: Self.settings) { cluster in
                for bad in ambiguous + unknown + large {
                    try expect(bad, at: cluster, followedBy: Self.healthy)
                }
            }
        }

        @Test func comesInTimeForAMessageThatDoesNot() throws {
            try withCluster(.one, settings: Self.settings) { cluster in
                for bad in [
                    BadMessage.late("POST /venues HTTP/1.1\r\nHost:"),
                    .late(post + "Content-Length: 5\r\n\r\nhell", path: commitPath),
                ] {
                    try expect(bad, at: cluster, followedBy: "")
                }
            }
        }

        /// What follows may have been meant as a body: nobody must take it for a request.
        private func expect(
            _ bad: BadMessage, at cluster: TestCluster, followedBy hidden: String
        ) throws {
            let connection = try RawConversation(to: cluster.files.httpPort(of: 1))
            connection.send(Self.healthy + bad.bytes + hidden)
            #expect(try connection.next().statusLine == "HTTP/1.1 200 OK")
            let answer = try connection.next()
            let about: Comment = "\(bad.detail) \(answer.body)"
            let id = bad.path == nil ? answer["Request-Id"] ?? "" : "mine"
            #expect(bad.path != nil || id.wholeMatch(of: /req_[0-9a-z]{26}/) != nil, about)
            let instance = bad.path.map { #""instance":"\#($0)","# } ?? ""
            let body =
                #"{"type":"urn:holdfast:problem:\#(bad.code)","title":"\#(bad.title)","#
                + #""status":\#(bad.status.prefix(3)),"detail":"\#(bad.detail)",\#(instance)"#
                + #""code":"\#(bad.code)","request_id":"\#(id)"}"#
            #expect(answer.statusLine == "HTTP/1.1 \(bad.status)", about)
            let fields = [
                "Date: \(answer["Date"] ?? "")", "Connection: close",
                "Content-Type: application/problem+json", "Request-Id: \(id)",
                "Cache-Control: no-store", "Content-Length: \(body.utf8.count)",
            ]
            #expect(answer.fields.map { "\($0.name): \($0.value)" } == fields, about)
            #expect(answer.body == body)
            #expect(connection.hasEnded(), about)
        }

        /// Where the message's end is known, the next one is served.
        @Test func leavesTheConnectionWhereItIsNotToBlame() throws {
            try withCluster(.one, settings: Self.settings) { cluster in
                let connection = try RawConversation(to: cluster.files.httpPort(of: 1))
                for (request, status, code, field) in [
                    ("GET /nowhere", "404 Not Found", "not_found", nil),
                    (
                        "PUT /events", "405 Method Not Allowed", "method_not_allowed",
                        "Allow: POST, GET, HEAD"
                    ),
                    (
                        "POST /venues", "401 Unauthorized", "unauthenticated",
                        "WWW-Authenticate: Bearer"
                    ),
                    ("GET /events?limit=0", "400 Bad Request", "invalid_field", nil),
                    ("GET /events/%zz", "400 Bad Request", "malformed_request", nil),
                    ("POST /reservations/r/commit", "404 Not Found", "not_found", nil),
                ] as [(String, String, String, String?)] {
                    connection.send(
                        "\(request) HTTP/1.1\r\nHost: a\r\nX-Request-Id: mine\r\n"
                            + "Content-Length: 2\r\n\r\n{}")
                    let answer = try connection.next()
                    #expect(answer.statusLine == "HTTP/1.1 \(status)", "\(request)")
                    #expect(answer["Content-Type"] == "application/problem+json")
                    #expect(answer["Request-Id"] == "mine")
                    #expect(answer["Connection"] == nil)
                    #expect(answer.json?["code"]?.text == code, "\(answer.body)")
                    if let field {
                        #expect(answer.fields.contains { "\($0.name): \($0.value)" == field })
                    }
                }
                connection.send(
                    post + "Content-Type: text/plain\r\nContent-Length: 2\r\n\r\n{}" + Self.healthy)
                #expect(try connection.next().statusLine == "HTTP/1.1 415 Unsupported Media Type")
                #expect(try connection.next().statusLine == "HTTP/1.1 200 OK")
            }
        }
    }
}
