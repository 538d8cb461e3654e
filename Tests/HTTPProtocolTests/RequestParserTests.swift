import HTTPProtocol
import Testing

/// What a well-formed request reads as (RFC 9110, RFC 9112).
struct RequestParserTests {
    @Test func aRequestWithoutBodyIsAHeadAndAnEmptyBody() throws {
        let events = events(ofRequests: "GET /events?limit=5 HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(events.count == 2)
        guard case .head(let head) = try #require(events.first) else {
            Issue.record("no head in \(events)")
            return
        }
        #expect(head.method == .get)
        #expect(head.version == .http11)
        #expect(Array(head.path) == utf8("/events"))
        #expect(head.query.map(Array.init) == utf8("limit=5"))
        #expect(Array(head.pathAndQuery) == utf8("/events?limit=5"))
        #expect(head.framing == .empty)
        #expect(head.persistence == .keepAlive)
        #expect(head.expectation == .none)
        #expect(events.last == .body([]))
    }

    @Test func aDeclaredLengthDelimitsTheBody() {
        let text = "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello"
        #expect(head(of: text)?.framing == .length(5))
        #expect(bodies(of: text) == ["hello"])
    }

    @Test func pipelinedRequestsComeOneAfterAnother() {
        let text =
            "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nAA"
            + "GET /b HTTP/1.1\r\nHost: a\r\n\r\n"
            + "PUT /c HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nC\r\n0\r\n\r\n"
            + "DELETE /d HTTP/1.1\r\nHost: a\r\n\r\n"
        let events = events(ofRequests: text)
        let methods = events.compactMap { event -> HTTPMethod? in
            guard case .head(let head) = event else { return nil }
            return head.method
        }
        #expect(methods == [.post, .get, .put, .delete])
        #expect(bodies(of: text) == ["AA", "", "C", ""])
    }

    @Test(
        arguments: [
            ("GET", HTTPMethod.get), ("HEAD", .head), ("POST", .post), ("PUT", .put),
            ("PATCH", .patch), ("DELETE", .delete), ("OPTIONS", .options), ("TRACE", .trace),
            ("CONNECT", .connect), ("get", .unknown), ("BREW", .unknown), ("PROPFIND", .unknown),
            ("G", .unknown), ("POSE", .unknown), ("M-SEARCH", .unknown),
            ("!#$%&'*+-.^_`|~", .unknown),
        ])
    func methodsAreTokensAndCaseSensitive(name: String, method: HTTPMethod) {
        #expect(head(of: "\(name) / HTTP/1.1\r\nHost: a\r\n\r\n")?.method == method)
    }

    @Test(
        arguments: [
            ("HTTP/1.1", "", ConnectionPersistence.keepAlive),
            ("HTTP/1.1", "Connection: close\r\n", .close),
            ("HTTP/1.1", "Connection: foo, CLOSE\r\n", .close),
            ("HTTP/1.1", "Connection: foo\r\nConnection: close\r\n", .close),
            ("HTTP/1.1", "Connection: closed\r\n", .keepAlive),
            ("HTTP/1.1", "Connection: keep-alive, close\r\n", .close),
            ("HTTP/1.2", "", .keepAlive),
            ("HTTP/1.0", "", .close),
            ("HTTP/1.0", "Connection: Keep-Alive\r\n", .keepAlive),
            ("HTTP/1.0", "Connection: keep-alive\r\nConnection: close\r\n", .close),
        ])
    func persistenceFollowsVersionAndConnection(
        version: String, lines: String, expected: ConnectionPersistence
    ) {
        #expect(head(of: "GET / \(version)\r\nHost: a\r\n\(lines)\r\n")?.persistence == expected)
    }

    @Test func aRequestIn10NeedsNoHost() {
        let head = head(of: "GET / HTTP/1.0\r\n\r\n")
        #expect(head?.version == .http10)
    }

    @Test func oneEmptyLineBeforeARequestIsIgnored() {
        let request = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
        #expect(events(ofRequests: "\r\n" + request).count == 2)
        #expect(events(ofRequests: request + "\r\n" + request).count == 4)
        #expect(refusal(of: "\r\n\r\n" + request) == .invalidMethod)
    }

    @Test func aWaitingClientIsSignalledOnceTheHeadIsAccepted() {
        let text =
            "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-Continue\r\nContent-Length: 2\r\n\r\n"
        let waiting = events(ofRequests: text)
        #expect(head(of: text)?.expectation == .continue)
        #expect(waiting.count == 2 && waiting.last == .continueExpected)
        #expect(
            events(ofRequests: text + "ok").dropFirst() == [.continueExpected, .body(utf8("ok"))])
    }

    @Test func nobodyWaitsWhereNoBodyComes() {
        let lines = "Host: a\r\nExpect: 100-continue\r\n\r\n"
        #expect(events(ofRequests: "GET / HTTP/1.1\r\n\(lines)").dropFirst() == [.body([])])
        let old = "POST / HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\nx"
        #expect(head(of: old)?.expectation == RequestHead.Expectation.none)
        #expect(events(ofRequests: old).dropFirst() == [.body(utf8("x"))])
    }

    @Test func aParserIsIdleOnlyBetweenRequests() {
        var parser = RequestParser()
        #expect(parser.isIdle)
        parser.receive(utf8("P"))
        #expect(!parser.isIdle)
        #expect(parser.next() == .needsMoreBytes)
        #expect(!parser.isIdle)
        parser.receive(utf8("UT / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\n"))
        guard case .head = parser.next() else {
            Issue.record("no head")
            return
        }
        #expect(!parser.isIdle)
        #expect(parser.next() == .needsMoreBytes)
        #expect(!parser.isIdle)
        parser.receive(utf8("x"))
        #expect(parser.next() == .body(utf8("x")))
        #expect(parser.isIdle)
    }

    @Test func aRefusalIsFinal() {
        var parser = RequestParser()
        parser.receive(utf8("GET / HTTP/2.0\r\n"))
        #expect(parser.next() == .refused(.unsupportedVersion))
        parser.receive(utf8("GET / HTTP/1.1\r\nHost: a\r\n\r\n"))
        #expect(parser.next() == .refused(.unsupportedVersion))
        #expect(!parser.isIdle)
    }
}
