import HTTPProtocol
import Testing

/// Each limit holds to the byte, and says so with its own status.
struct RequestLimitTests {
    static let limits = HTTPLimits(
        headBytesMax: 100, targetBytesMax: 20, fieldCountMax: 3, bodyBytesMax: 10)

    /// A request whose head has this many bytes.
    static func request(headBytes: Int) -> String {
        let start = "GET / HTTP/1.1\r\nHost: a\r\nX: "
        return start + String(repeating: "x", count: headBytes - start.utf8.count - 4) + "\r\n\r\n"
    }

    @Test func aHeadMayFillItsLimitAndNotPassIt() {
        #expect(refusal(of: Self.request(headBytes: 100), limits: Self.limits) == nil)
        #expect(refusal(of: Self.request(headBytes: 101), limits: Self.limits) == .headTooLarge)
    }

    @Test func aHeadTooLargeIsRefusedBeforeItEnds() {
        let endless = "GET / HTTP/1.1\r\nX: " + String(repeating: "x", count: 90)
        #expect(refusal(of: endless, limits: Self.limits) == .headTooLarge)
        let byteByByte = utf8(endless).map { [$0] }
        let events = events(ofRequests: byteByByte, limits: Self.limits)
        #expect(events == [.refused(.headTooLarge)])
    }

    @Test func aWrongByteBeforeTheLimitIsWhatIsReported() {
        let text = "GET / HTTP/1.1\r\nX : " + String(repeating: "x", count: 200)
        #expect(refusal(of: text, limits: Self.limits) == .spaceBeforeColon)
    }

    @Test(arguments: [(20, nil), (21, HTTPParseError.targetTooLong), (90, .targetTooLong)])
    func aTargetHasItsOwnLimit(length: Int, expected: HTTPParseError?) {
        let target = "/" + String(repeating: "x", count: length - 1)
        let text = "GET \(target) HTTP/1.1\r\nHost: a\r\n\r\n"
        #expect(refusal(of: text, limits: Self.limits) == expected)
        let events = events(ofRequests: utf8(text).map { [$0] }, limits: Self.limits)
        #expect(events.last == expected.map { .refused($0) } ?? .body([]))
    }

    @Test func aTargetTooLongIsRefusedBeforeItEnds() {
        let text = "GET /" + String(repeating: "x", count: 20)
        #expect(refusal(of: text, limits: Self.limits) == .targetTooLong)
    }

    @Test func fieldsAreCounted() {
        let three = "GET / HTTP/1.1\r\nHost: a\r\nA: 1\r\nB: 2\r\n"
        #expect(refusal(of: three + "\r\n", limits: Self.limits) == nil)
        #expect(refusal(of: three + "C", limits: Self.limits) == .tooManyFields)
    }

    @Test func aDeclaredBodyTooLargeIsRefusedBeforeItComes() {
        let head = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: "
        #expect(bodies(of: head + "10\r\n\r\n0123456789", limits: Self.limits) == ["0123456789"])
        #expect(refusal(of: head + "11\r\n\r\n", limits: Self.limits) == .bodyTooLarge)
        #expect(
            refusal(of: head + "9223372036854775807\r\n\r\n", limits: Self.limits) == .bodyTooLarge)
    }

    @Test func aWaitingClientIsNotAskedForABodyTooLarge() {
        let text =
            "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 11\r\n\r\n"
        let limits = HTTPLimits(bodyBytesMax: 10)
        #expect(events(ofRequests: text, limits: limits).dropFirst() == [.refused(.bodyTooLarge)])
    }

    @Test func aChunkedBodyIsCountedAsItIsDeclared() {
        let head = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
        let fits = head + "8\r\n01234567\r\n2\r\n89\r\n0\r\n\r\n"
        #expect(bodies(of: fits, limits: Self.limits) == ["0123456789"])
        #expect(refusal(of: head + "b\r\n", limits: Self.limits) == .bodyTooLarge)
        #expect(refusal(of: head + "8\r\n01234567\r\n3\r\n", limits: Self.limits) == .bodyTooLarge)
        #expect(refusal(of: head + "fffffffffffffff\r\n", limits: Self.limits) == .bodyTooLarge)
    }

    @Test func theServerMayAllowALargerBodyAfterTheHead() {
        let text = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 12\r\n\r\n0123456789ab"
        var parser = RequestParser(limits: Self.limits)
        parser.receive(utf8(text + text))
        guard case .head = parser.next() else {
            Issue.record("no head")
            return
        }
        parser.bodyBytesMax = 12
        #expect(parser.next() == .body(utf8("0123456789ab")))
        guard case .head = parser.next() else {
            Issue.record("no second head")
            return
        }
        #expect(parser.next() == .refused(.bodyTooLarge), "the next request has the usual limit")
    }

    @Test func chunkExtensionsShareOneAllowance() {
        let head = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
        let chunk = "1;" + String(repeating: "e", count: 45) + "\r\nx\r\n"
        #expect(bodies(of: head + chunk + chunk + "0\r\n\r\n", limits: Self.limits) == ["xx"])
        #expect(
            refusal(of: head + chunk + chunk + chunk, limits: Self.limits)
                == .chunkExtensionsTooLarge)
    }

    @Test func trailersHaveAHeadsLimits() {
        let head = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n"
        let line = "T: " + String(repeating: "x", count: 40) + "\r\n"
        #expect(bodies(of: head + line + line + "\r\n", limits: Self.limits) == [""])
        #expect(refusal(of: head + line + line + line, limits: Self.limits) == .headTooLarge)
        #expect(
            refusal(of: head + "A:\r\nB:\r\nC:\r\nD:\r\n", limits: Self.limits) == .tooManyFields)
    }

    @Test func theContractsLimitsAreTheDefault() {
        let limits = HTTPLimits()
        #expect(limits.headBytesMax == 16_384)
        #expect(limits.targetBytesMax == 8_192)
        #expect(limits.bodyBytesMax == 65_536)
        #expect(refusal(of: "GET /" + String(repeating: "x", count: 8_192)) == .targetTooLong)
        let long = "GET / HTTP/1.1\r\nX: " + String(repeating: "x", count: 16_384)
        #expect(refusal(of: long) == .headTooLarge)
    }
}
