import HTTPProtocol
import Testing

/// One refusal: its name in a failure, the bytes, the error.
struct Refusal: CustomTestStringConvertible, Sendable {
    let name: String
    let text: String
    let error: HTTPParseError

    init(_ name: String, _ text: String, _ error: HTTPParseError) {
        self.name = name
        self.text = text
        self.error = error
    }

    var testDescription: String { name }
}

/// Everything that the HTTP contract and RFC 9112 have us refuse. The limits have a suite of their
/// own.
let refusals: [Refusal] = startLineRefusals + fieldRefusals + framingRefusals + chunkRefusals

private let startLineRefusals = [
    Refusal("empty method", " / HTTP/1.1\r\nHost: a\r\n\r\n", .invalidMethod),
    Refusal("method with a colon", "GE:T / HTTP/1.1\r\n", .invalidMethod),
    Refusal("NUL in the method", "G\0T / HTTP/1.1\r\n", .invalidMethod),
    Refusal("tab after the method", "GET\t/ HTTP/1.1\r\n", .invalidMethod),
    Refusal("TLS hello", "\u{16}\u{3}\u{1}", .invalidMethod),
    Refusal("line feed first", "\nGET / HTTP/1.1\r\n", .invalidMethod),
    Refusal("method of 25 bytes", "ABCDEFGHIJKLMNOPQRSTUVWXY / HTTP/1.1\r\n", .methodTooLong),
    Refusal("two spaces before the target", "GET  / HTTP/1.1\r\n", .invalidTarget),
    Refusal("empty target", "GET  HTTP/1.1\r\n", .invalidTarget),
    Refusal("no version", "GET /\r\n\r\n", .invalidTarget),
    Refusal("authority form", "CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n", .invalidTarget),
    Refusal("two spaces before the version", "GET /  HTTP/1.1\r\n", .invalidVersion),
    Refusal("space after the version", "GET / HTTP/1.1 \r\n", .invalidVersion),
    Refusal("small letters", "GET / http/1.1\r\n", .invalidVersion),
    Refusal("another protocol", "GET / HTCP/1.1\r\n", .invalidVersion),
    Refusal("no minor version", "GET / HTTP/1\r\n", .invalidVersion),
    Refusal("two digits", "GET / HTTP/1.10\r\n", .invalidVersion),
    Refusal("0.9", "GET / HTTP/0.9\r\n", .invalidVersion),
    Refusal("line feed alone after the version", "GET / HTTP/1.1\nHost: a\r\n", .invalidVersion),
    Refusal("2.0", "GET / HTTP/2.0\r\n", .unsupportedVersion),
    Refusal("HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", .unsupportedVersion),
    Refusal("9.9", "GET / HTTP/9.9\r\n", .unsupportedVersion),
    Refusal("return alone after the version", "GET / HTTP/1.1\rHost: a\r\n", .bareCarriageReturn),
    Refusal("return alone before the line", "\rGET / HTTP/1.1\r\n", .bareCarriageReturn),
]

private let fieldRefusals = [
    field("no colon", "Host\r\n", .invalidFieldName),
    field("line feed in a name", "Ho\nst: a\r\n", .bareLineFeed),
    field("empty name", ": a\r\n", .invalidFieldName),
    field("name with a parenthesis", "Host(: a\r\n", .invalidFieldName),
    field("name that is not ASCII", "Höst: a\r\n", .invalidFieldName),
    field("space before the colon", "Host : a\r\n", .spaceBeforeColon),
    field("tab before the colon", "Host\t: a\r\n", .spaceBeforeColon),
    field("space in a name", "Ho st: a\r\n", .spaceBeforeColon),
    field("space before the first field", " Host: a\r\n", .obsoleteFolding),
    field("folding by a space", "Host: a\r\n b\r\n", .obsoleteFolding),
    field("folding by a tab", "Host: a\r\n\tb\r\n", .obsoleteFolding),
    field("folding to a blank line", "Host: a\r\n \r\n", .obsoleteFolding),
    field("NUL in a value", "Host: a\0b\r\n", .controlCharacter),
    field("NUL in a name", "Ho\0st: a\r\n", .controlCharacter),
    field("escape in a value", "X: \u{1B}[2J\r\n", .controlCharacter),
    field("delete in a value", "X: \u{7F}\r\n", .controlCharacter),
    field("vertical tab before a value", "Transfer-Encoding:\u{B}chunked\r\n", .controlCharacter),
    field("line feed alone", "Host: a\nX: b\r\n", .bareLineFeed),
    field("line feed alone at the end", "Host: a\r\n\n", .bareLineFeed),
    field("return alone", "Host: a\rX: b\r\n", .bareCarriageReturn),
    field("two returns", "Host: a\r\r\n", .bareCarriageReturn),
    field("return alone at the end", "Host: a\r\n\rX", .bareCarriageReturn),
    field("no Host", "X: a\r\n\r\n", .missingHost),
    field("two Hosts", "Host: a\r\nHost: a\r\n\r\n", .severalHosts),
    field("two Hosts in two cases", "Host: a\r\nhOST: b\r\n\r\n", .severalHosts),
    Refusal("two Hosts in 1.0", "GET / HTTP/1.0\r\nHost: a\r\nHost: a\r\n\r\n", .severalHosts),
    field("Host with a slash", "Host: a/b\r\n\r\n", .invalidHost),
    field("Host with a space", "Host: a b\r\n\r\n", .invalidHost),
    field("Host with a user", "Host: u@a\r\n\r\n", .invalidHost),
    field("Host that is not ASCII", "Host: ä\r\n\r\n", .invalidHost),
    field("another expectation", "Host: a\r\nExpect: 200-ok\r\n\r\n", .unsupportedExpectation),
]

private let framingRefusals = [
    framing("signed length", "Content-Length: +5", .invalidContentLength),
    framing("negative length", "Content-Length: -5", .invalidContentLength),
    framing("hexadecimal length", "Content-Length: 0x5", .invalidContentLength),
    framing("length with a fraction", "Content-Length: 5.0", .invalidContentLength),
    framing("length list", "Content-Length: 5, 5", .invalidContentLength),
    framing("length with a comma", "Content-Length: 5,", .invalidContentLength),
    framing("length with an inner space", "Content-Length: 5 5", .invalidContentLength),
    framing("empty length", "Content-Length:", .invalidContentLength),
    framing("blank length", "Content-Length: \t ", .invalidContentLength),
    framing("quoted length", "Content-Length: \"5\"", .invalidContentLength),
    framing("digits of another script", "Content-Length: ٥", .invalidContentLength),
    framing("2^63", "Content-Length: 9223372036854775808", .invalidContentLength),
    framing("2^64 + 5", "Content-Length: 18446744073709551621", .invalidContentLength),
    framing(
        "endless length", "Content-Length: \(String(repeating: "9", count: 300))",
        .invalidContentLength),
    framing("two equal lengths", "Content-Length: 5\r\nContent-Length: 5", .severalContentLengths),
    framing("two lengths", "Content-Length: 5\r\ncontent-length: 6", .severalContentLengths),
    framing(
        "length, then coding", "Content-Length: 5\r\nTransfer-Encoding: chunked",
        .lengthAndTransferCoding),
    framing(
        "coding, then length", "Transfer-Encoding: chunked\r\nContent-Length: 5",
        .lengthAndTransferCoding),
    framing(
        "length and an unknown coding", "Transfer-Encoding: x\r\nContent-Length: 5",
        .lengthAndTransferCoding),
    framing("gzip", "Transfer-Encoding: gzip", .unknownTransferCoding),
    framing("identity", "Transfer-Encoding: identity", .unknownTransferCoding),
    framing("gzip, chunked", "Transfer-Encoding: gzip, chunked", .unknownTransferCoding),
    framing(
        "gzip and chunked in two lines",
        "Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked", .unknownTransferCoding),
    framing("chunked with a parameter", "Transfer-Encoding: chunked;q=1", .unknownTransferCoding),
    framing("xchunked", "Transfer-Encoding: xchunked", .unknownTransferCoding),
    framing("quoted", "Transfer-Encoding: \"chunked\"", .unknownTransferCoding),
    framing("chunked, gzip", "Transfer-Encoding: chunked, gzip", .invalidTransferCoding),
    framing("chunked twice", "Transfer-Encoding: chunked, chunked", .invalidTransferCoding),
    framing(
        "chunked in two lines",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", .invalidTransferCoding),
    framing("empty coding", "Transfer-Encoding:", .invalidTransferCoding),
    framing("empty element", "Transfer-Encoding: ,chunked", .invalidTransferCoding),
    framing("chunked and nothing", "Transfer-Encoding: chunked,", .invalidTransferCoding),
    Refusal(
        "coding in 1.0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n",
        .invalidTransferCoding),
]

private let chunkRefusals = [
    chunked("no size", "\r\n", .invalidChunkSize),
    chunked("size of another alphabet", "g\r\n", .invalidChunkSize),
    chunked("prefixed size", "0x5\r\nhello\r\n", .invalidChunkSize),
    chunked("signed size", "+5\r\nhello\r\n", .invalidChunkSize),
    chunked("negative size", "-1\r\n", .invalidChunkSize),
    chunked("space before the size", " 5\r\nhello\r\n", .invalidChunkSize),
    chunked("space after the size", "5 \r\nhello\r\n", .invalidChunkSize),
    chunked("two sizes", "5 5\r\nhello\r\n", .invalidChunkSize),
    chunked("size of 16 digits", "1000000000000005\r\n", .invalidChunkSize),
    chunked("line feed alone after the size", "5\nhello\r\n", .invalidChunkSize),
    chunked("return alone after the size", "5\rhello\r\n", .invalidChunkSize),
    chunked("line feed in an extension", "5;a\nhello\r\n", .invalidChunkExtension),
    chunked("NUL in an extension", "5;a\0\r\nhello\r\n", .invalidChunkExtension),
    chunked("return alone in an extension", "5;a\rb\r\nhello\r\n", .invalidChunkSize),
    chunked("data longer than its size", "5\r\nhello!\r\n", .invalidChunkEnd),
    chunked("data shorter than its size", "5\r\nhell\r\n0\r\n\r\n", .invalidChunkEnd),
    chunked("line feed alone after the data", "5\r\nhello\n0\r\n\r\n", .invalidChunkEnd),
    chunked("return alone after the data", "5\r\nhello\r0\r\n\r\n", .invalidChunkEnd),
    chunked("space before a trailer's colon", "0\r\nA : b\r\n\r\n", .spaceBeforeColon),
    chunked("line feed alone in a trailer", "0\r\nA: b\n\r\n", .bareLineFeed),
    chunked("folded trailer", "0\r\nA: b\r\n c\r\n\r\n", .obsoleteFolding),
    chunked("return alone at the end", "0\r\n\rX", .bareCarriageReturn),
    chunked("a request in place of trailers", "0\r\nGET / HTTP/1.1\r\n", .spaceBeforeColon),
]

private func field(_ name: String, _ lines: String, _ error: HTTPParseError) -> Refusal {
    Refusal(name, "GET / HTTP/1.1\r\n" + lines, error)
}

private func framing(_ name: String, _ lines: String, _ error: HTTPParseError) -> Refusal {
    Refusal(name, "POST / HTTP/1.1\r\nHost: a\r\n\(lines)\r\n\r\n", error)
}

private func chunked(_ name: String, _ body: String, _ error: HTTPParseError) -> Refusal {
    Refusal(
        name, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + body, error)
}

struct RequestRefusalTests {
    @Test(arguments: refusals) func isRefused(_ refusal: Refusal) {
        #expect(HTTPProtocolTests.refusal(of: refusal.text) == refusal.error)
    }

    /// Byte by byte, nothing is refused before the byte that is wrong, and that one is.
    @Test(arguments: refusals) func isRefusedAtOneByte(_ refusal: Refusal) throws {
        let bytes = utf8(refusal.text)
        let first = try #require(
            bytes.indices.first { end in
                guard case .refused = events(ofRequests: [Array(bytes[...end])]).last else {
                    return false
                }
                return true
            })
        let pieces = bytes[...first].map { [$0] }
        #expect(
            events(ofRequests: Array(pieces.dropLast()))
                == events(ofRequests: [Array(bytes[..<first])]))
        #expect(events(ofRequests: pieces).last == .refused(refusal.error))
    }

    @Test func everyErrorHasAStatusThatRefuses() {
        for error in HTTPParseError.allCases {
            #expect(error.status.rawValue >= 400, "\(error)")
            #expect(error.detail.utf8CodeUnitCount > 10, "\(error)")
        }
    }

    @Test(
        arguments: [
            (HTTPParseError.invalidContentLength, HTTPStatus.badRequest),
            (.lengthAndTransferCoding, .badRequest), (.missingHost, .badRequest),
            (.unknownTransferCoding, .notImplemented), (.methodTooLong, .notImplemented),
            (.unsupportedVersion, .httpVersionNotSupported),
            (.headTooLarge, .requestHeaderFieldsTooLarge),
            (.tooManyFields, .requestHeaderFieldsTooLarge), (.targetTooLong, .uriTooLong),
            (.bodyTooLarge, .contentTooLarge), (.unsupportedExpectation, .expectationFailed),
        ])
    func errorsHaveTheContractsStatus(error: HTTPParseError, status: HTTPStatus) {
        #expect(error.status == status)
    }
}
