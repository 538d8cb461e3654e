import HTTPProtocol
import Testing

@testable import Bench

struct ResponseScanTests {
    private func scan(_ text: String) -> ResponseScan { scan(Array(text.utf8)) }

    private func scan(_ bytes: [UInt8]) -> ResponseScan { ResponseScan(bytes.span) }

    @Test func findsStatusHeadAndBody() {
        let head = "HTTP/1.1 201 Created\r\nDate: x\r\ncontent-LENGTH: 5\r\nRequest-Id: 7\r\n\r\n"
        guard case .whole(let response) = scan(head + "hello") else {
            Issue.record("not whole")
            return
        }
        #expect(response.status == 201)
        #expect(response.headBytes == head.utf8.count)
        #expect(response.bodyBytes == 5)
        #expect(response.byteCount == head.utf8.count + 5)
        #expect(response.location == nil)
        #expect(response.ending == .keepAlive)
    }

    @Test func findsTheLocation() {
        let text =
            "HTTP/1.1 307 Temporary Redirect\r\nLocation:  http://127.0.0.1:8102/a?b \r\n\r\n"
        guard case .whole(let response) = scan(text), let location = response.location else {
            Issue.record("no location")
            return
        }
        let value = String(decoding: Array(text.utf8)[location], as: UTF8.self)
        #expect(value == "http://127.0.0.1:8102/a?b")
        #expect(response.bodyBytes == 0)
    }

    @Test func seesTheEndOfTheConnection() {
        guard
            case .whole(let response) = scan(
                "HTTP/1.1 400 Bad Request\r\nConnection: Close\r\nContent-Length: 0\r\n\r\n")
        else {
            Issue.record("not whole")
            return
        }
        #expect(response.ending == .close)
    }

    @Test func everyPrefixIsIncomplete() {
        var writer = ResponseWriterSample()
        let bytes = writer.bytes()
        for count in 0..<bytes.count { #expect(scan(Array(bytes[..<count])) == .incomplete) }
        guard case .whole(let response) = scan(bytes) else {
            Issue.record("not whole")
            return
        }
        #expect(response.byteCount == bytes.count)
        #expect(Array(bytes[response.headBytes...]) == Array("{\"a\":1}".utf8))
    }

    @Test func whatFollowsIsNotPartOfIt() {
        let one = "HTTP/1.1 204 No Content\r\n\r\n"
        guard case .whole(let response) = scan(one + one) else {
            Issue.record("not whole")
            return
        }
        #expect(response.status == 204)
        #expect(response.byteCount == one.utf8.count)
    }

    @Test(arguments: [
        "SSH-2.0-OpenSSH_9.2p1 Debian\r\n", "HTTP/1.1 2x0 OK\r\n\r\n", "HTTP/1.1\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: five\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: \r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 12345678901234\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "\r\n",
    ])
    func refusesWhatHasNoLength(text: String) {
        #expect(scan(text) == .malformed)
    }
}

/// A response as our own server writes it.
private struct ResponseWriterSample {
    func response() -> String {
        """
        HTTP/1.1 200 OK\r
        Content-Type: application/json\r
        Cache-Control: no-store\r
        Location: /reservations/hold_1\r
        Content-Length: 7\r
        \r
        {"a":1}
        """
    }

    mutating func bytes() -> [UInt8] { Array(response().utf8) }
}
