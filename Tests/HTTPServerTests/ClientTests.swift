import Glibc
import HTTPClient
import HTTPProtocol
import Primitives
import SystemIO
import Testing

/// What a client's user learns of each request, whatever the server does.
struct ClientTests {
    private let ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"

    @Test func aRequestIsAnsweredAndTheConnectionIsUsedAgain() throws {
        let server = try ScriptedServer()
        for number in 1...3 {
            try server.send(.post, "/\(number)", body: "b")
            try server.turn { server.peers.first?.text.hasSuffix("\r\n\r\nb") == true }
            #expect(server.client?.requestsUnderWay == 1)
            try server.peers[0].send(ok)
            try server.turn { server.outcomes.count == number }
            #expect(server.client?.requestsUnderWay == 0)
        }
        #expect(server.labels == ["200 ok", "200 ok", "200 ok"])
        #expect(server.peers.count == 1)
        #expect(server.peers[0].text.hasPrefix("POST /1 HTTP/1.1\r\nHost: a\r\n"))
    }

    @Test func requestsWaitForAFreeConnectionInOrder() throws {
        let server = try ScriptedServer(connectionsMax: 2)
        for number in 1...5 { try server.send(.get, "/\(number)") }
        try server.turn { server.peers.count == 2 && server.peers.allSatisfy { !$0.text.isEmpty } }
        #expect(server.client?.requestsUnderWay == 5)
        try server.turn(for: Milliseconds(10))
        #expect(server.peers.count == 2)
        while server.outcomes.count < 5 {
            for peer in server.peers where server.outcomes.count < 5 {
                let answered = server.outcomes.count
                try peer.send(ok)
                try server.turn { server.outcomes.count > answered }
            }
        }
        #expect(server.labels.allSatisfy { $0 == "200 ok" })
        let asked = server.peers.map { $0.text.ranges(of: "GET").count }
        #expect(asked.reduce(0, +) == 5)
    }

    @Test func oneRequestTooManyIsNotSent() throws {
        let server = try ScriptedServer(connectionsMax: 1, waitingMax: 2)
        for number in 1...3 { try server.send(.get, "/\(number)") }
        // Not before `send` has returned.
        #expect(server.outcomes.isEmpty)
        try server.turn { server.outcomes.count == 1 }
        #expect(server.labels == ["not sent"])
    }

    @Test func withoutAServerNothingIsSent() throws {
        let loop = try EventLoop(wakeup: Wakeup())
        let address = try ListeningSocket(at: .ipv4(0x7F00_0001, port: 0)).address
        let client = HTTPClient(loop: loop, address: address, connectionsMax: 2, waitingMax: 9)
        let request = HTTPRequest(
            .get, try #require(RequestTarget("/")), host: try #require(HTTPHost("a")))
        var reasons: [String] = []
        for _ in 0..<3 {
            client.send(request, timeout: .seconds(60)) { outcome in
                if case .failure(.notSent(let reason)) = outcome { reasons.append(reason) }
            }
        }
        while reasons.count < 3 { loop.turn(waitingAtMost: .seconds(10)) }
        #expect(reasons.allSatisfy { $0.contains("refused") })
        #expect(client.requestsUnderWay == 0)
    }

    @Test func aRequestWithoutAnAnswerTimesOutAndItsConnectionIsNotUsedAgain() throws {
        let server = try ScriptedServer(connectionsMax: 1)
        try server.send(timeout: Milliseconds(30))
        try server.turn { server.outcomes.count == 1 }
        #expect(server.labels == ["timed out"])
        // The late answer must not be the next request's.
        try server.peers[0].send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nlate")
        try server.send()
        try server.turn { server.peers.count == 2 && !server.peers[1].text.isEmpty }
        try server.peers[1].send(ok)
        try server.turn { server.outcomes.count == 2 }
        #expect(server.labels == ["timed out", "200 ok"])
    }

    @Test func aRequestThatWaitsTooLongIsNotSent() throws {
        let server = try ScriptedServer(connectionsMax: 1)
        try server.send()
        try server.send(timeout: Milliseconds(30))
        try server.turn { server.outcomes.count == 1 }
        #expect(server.labels == ["not sent"])
        #expect(server.client?.requestsUnderWay == 1)
    }

    @Test(arguments: [
        "", "HTTP/1.1 200 OK\r\nContent-Len", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhal",
    ])
    func aServerThatClosesInsteadLeavesARequestUnanswered(_ part: String) throws {
        let server = try ScriptedServer()
        try server.send()
        try server.turn { server.peers.first?.text.isEmpty == false }
        try server.peers[0].send(part)
        server.drop(0)
        try server.turn { server.outcomes.count == 1 }
        #expect(server.labels == ["unanswered"])
    }

    @Test func anAnswerThatIsNoneIsUnanswered() throws {
        let server = try ScriptedServer()
        try server.send()
        try server.turn { server.peers.first?.text.isEmpty == false }
        try server.peers[0].send("SMTP ready\r\n")
        try server.turn { server.outcomes.count == 1 }
        #expect(server.labels == ["unanswered"])
    }

    @Test func aBodyBeyondTheLimitIsUnanswered() throws {
        let server = try ScriptedServer(limits: HTTPLimits(bodyBytesMax: 3))
        try server.send()
        try server.turn { server.peers.first?.text.isEmpty == false }
        try server.peers[0].send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nmuch")
        try server.turn { server.outcomes.count == 1 }
        #expect(server.labels == ["unanswered"])
    }

    @Test func aBodyThatEndsWithTheConnectionIsWhole() throws {
        let server = try ScriptedServer()
        try server.send()
        try server.turn { server.peers.first?.text.isEmpty == false }
        try server.peers[0].send("HTTP/1.1 200 OK\r\n\r\nwhole")
        try server.turn(for: Milliseconds(5))
        #expect(server.outcomes.isEmpty)
        server.drop(0)
        try server.turn { server.outcomes.count == 1 }
        #expect(server.labels == ["200 whole"])
    }

    @Test func interimResponsesAreSkippedAndHeadHasNoBody() throws {
        let server = try ScriptedServer()
        try server.send(.head)
        try server.turn { server.peers.first?.text.isEmpty == false }
        try server.peers[0].send(
            "HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n")
        try server.turn { server.outcomes.count == 1 }
        try server.send()
        try server.turn { server.peers[0].text.contains("GET") }
        try server.peers[0].send(ok)
        try server.turn { server.outcomes.count == 2 }
        #expect(server.labels == ["200 ", "200 ok"])
    }

    @Test func theServersWishToCloseIsFollowed() throws {
        let server = try ScriptedServer()
        try server.send()
        try server.turn { server.peers.first?.text.isEmpty == false }
        try server.peers[0].send(
            "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
        try server.turn { server.outcomes.count == 1 }
        try server.send()
        try server.turn { server.peers.count == 2 }
    }

    /// The server closed the kept connection, and the loop has not turned since.
    @Test func aStaleConnectionIsNotUsed() throws {
        let server = try ScriptedServer()
        try server.send()
        try server.turn { server.peers.first?.text.isEmpty == false }
        try server.peers[0].send(ok)
        try server.turn { server.outcomes.count == 1 }
        server.drop(0)
        try server.send()
        try server.turn { server.peers.first?.text.isEmpty == false }
        try server.peers[0].send(ok)
        try server.turn { server.outcomes.count == 2 }
        #expect(server.labels == ["200 ok", "200 ok"])
    }

    /// Otherwise a server could answer the next request before it is asked.
    @Test(arguments: ["", "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil", "H"])
    func bytesThatNobodyAskedForEndTheConnection(_ unasked: String) throws {
        let server = try ScriptedServer(connectionsMax: 1)
        try server.send()
        try server.turn { server.peers.first?.text.isEmpty == false }
        try server.peers[0].send(ok + unasked)
        // The next request waits already for the first one's end.
        try server.send()
        let answering = unasked.isEmpty ? 0 : 1
        try server.turn {
            server.peers.count == answering + 1
                && server.peers[answering].text.ranges(of: "GET").count == 2 - answering
        }
        try server.peers[answering].send(ok)
        try server.turn { server.outcomes.count == 2 }
        #expect(server.labels == ["200 ok", "200 ok"])
    }

    /// A server may refuse a body that it has not read; the answer is what counts.
    @Test func anAnswerBeforeTheRequestIsSentWholeCounts() throws {
        let server = try ScriptedServer(connectionsMax: 1)
        try server.send(.post, "/", body: String(repeating: "b", count: 32 << 20))
        try server.turn { server.peers.count == 1 }
        let refusal = "HTTP/1.1 413 Content Too Large\r\nContent-Length: 0\r\n\r\n"
        try server.peers[0].send(refusal)
        try server.turn { server.outcomes.count == 1 }
        #expect(server.labels == ["413 "])
        // The rest of the body is not sent, so nothing may follow on this connection.
        try server.send()
        try server.turn { server.peers.count == 2 && !server.peers[1].text.isEmpty }
        #expect(server.peers[1].text.hasPrefix("GET / "))
    }

    @Test func aUserWhoAlwaysSendsAgainComesBackLater() throws {
        let loop = try EventLoop(wakeup: Wakeup())
        let address = try ListeningSocket(at: .ipv4(0x7F00_0001, port: 0)).address
        let client = HTTPClient(loop: loop, address: address, connectionsMax: 1, waitingMax: 1)
        let request = HTTPRequest(
            .get, try #require(RequestTarget("/")), host: try #require(HTTPHost("a")))
        var failures = 0
        func again() {
            client.send(request, timeout: .seconds(60)) { _ in
                failures += 1
                if failures < 2_000 { again() }
            }
        }
        again()
        while failures < 2_000 { loop.turn(waitingAtMost: .seconds(10)) }
        #expect(client.requestsUnderWay == 0)
    }

    @Test func aClientThatIsLetGoLeavesNothingOnTheLoop() throws {
        let server = try ScriptedServer()
        try server.send()
        try server.turn { server.peers.first?.text.isEmpty == false }
        server.stop()
        #expect(server.loop.registrationCount == 0)
        try server.turn(for: Milliseconds(60))
        #expect(server.outcomes.isEmpty)
    }

    @Test func aConnectionThatDoesNotComeIsGivenUp() throws {
        let loop = try EventLoop(wakeup: Wakeup())
        // A full backlog: the kernel drops further attempts to connect.
        let listener = try ListeningSocket(at: .ipv4(0x7F00_0001, port: 0), backlog: 1)
        var fillers: [Filler] = []
        for _ in 0..<4 { fillers.append(Filler(try .connect(to: listener.address))) }
        let client = HTTPClient(
            loop: loop, address: listener.address, connectionsMax: 1, waitingMax: 9,
            connectTimeout: Milliseconds(30))
        let request = HTTPRequest(
            .get, try #require(RequestTarget("/")), host: try #require(HTTPHost("a")))
        var outcome: ScriptedServer.Outcome?
        client.send(request, timeout: .seconds(60)) { outcome = $0 }
        while outcome == nil { loop.turn(waitingAtMost: .seconds(10)) }
        guard case .failure(.notSent)? = outcome else {
            Issue.record("\(String(describing: outcome))")
            return
        }
        withExtendedLifetime(fillers) {}
    }

    private final class Filler {
        let socket: StreamSocket
        init(_ socket: consuming StreamSocket) { self.socket = socket }
    }
}
