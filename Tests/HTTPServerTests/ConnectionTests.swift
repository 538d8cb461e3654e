import HTTPProtocol
import Primitives
import SystemIO
import Testing

@testable import HTTPServer

/// Connections as such: how many there may be, and how they end.
struct ConnectionTests {
    @Test func connectionsBeyondTheLimitWaitAndAreServedWhenOthersEnd() throws {
        var limits = HTTPServerLimits()
        limits.connectionsMax = 2
        let server = try TestServer(limits: limits)
        var clients = try (0..<4).map { _ in try RawClient(server) }
        for (number, client) in clients.enumerated() { try client.send(get("/\(number)")) }
        server.turn { server.requests.count == 2 }
        server.turn(for: Milliseconds(20))
        #expect(server.connectionCount == 2)
        #expect(server.requests.count == 2)
        for number in 3...4 {
            clients.removeFirst()
            // At once, not with the next sweep: a few turns take no time.
            var turns = 0
            server.turn {
                turns += 1
                return server.requests.count == number
            }
            #expect(turns < 20)
            #expect(server.connectionCount == 2)
        }
        #expect(clients.flatMap { $0.responses(1) }.map(\.body) == ["/2", "/3"])
    }

    /// One server's end of a connection is room for the other's.
    @Test func serversWithOneAllowanceCountTogether() throws {
        let allowance = ConnectionAllowance(connectionsMax: 3)
        var limits = HTTPServerLimits()
        limits.lingerTimeout = Milliseconds(60)
        let servers = try (0..<2).map { _ in try TestServer(limits: limits, allowance) }
        func turn(until isDone: () -> Bool) {
            servers[0].turn {
                servers[1].turn()
                return isDone()
            }
        }
        var clients = try [0, 1, 0, 1].map { try RawClient(servers[$0]) }
        for client in clients { try client.send(get("/")) }
        turn { servers.map(\.requests.count).reduce(0, +) == 3 }
        for _ in 0..<20 { turn { true } }
        #expect(servers.map(\.connectionCount).reduce(0, +) == 3)
        let full = servers.firstIndex { $0.requests.count == 2 }
        #expect(full != nil)
        clients.removeAll { $0.server === servers[full ?? 0] }
        turn { servers.map(\.requests.count) == [2, 2] }
    }

    @Test func aVanishedClientIsForgottenAndItsAnswerIsNoMatter() throws {
        let server = try TestServer(.whenTold)
        var client: RawClient? = try RawClient(server)
        try client?.send(get("/a") + get("/b"))
        server.turn { server.requests.count == 2 }
        client?.resetAtEnd()
        client = nil
        server.turn { server.connectionCount == 0 }
        server.answer(1)
        server.answer(0)
        server.turn()
        // Its slot is another's now: a late answer must not go there.
        let next = try RawClient(server)
        try next.send(get("/c"))
        server.turn { server.requests.count == 3 }
        server.answer(0)
        server.turn(for: Milliseconds(5))
        next.receive()
        #expect(next.received.isEmpty)
        server.answer(2)
        #expect(next.responses(1).map(\.body) == ["/c"])
    }

    @Test func aClientThatVanishesWhileItIsSentToIsForgotten() throws {
        let server = try TestServer()
        server.answerBody = [UInt8](repeating: 0x78, count: 32 << 20)
        var client: RawClient? = try RawClient(server)
        try client?.send(get("/"))
        server.turn { server.requests.count == 1 }
        server.turn(for: Milliseconds(5))
        client?.resetAtEnd()
        client = nil
        server.turn { server.connectionCount == 0 }
    }

    @Test func aSlowReaderIsReadNoMore() throws {
        let server = try TestServer()
        // Beyond what the kernel's buffers and the server's own hold together.
        server.answerBody = [UInt8](repeating: 0x78, count: 500_000)
        let client = try RawClient(server)
        try client.send((0..<60).map { get("/\($0)") }.joined())
        server.turn(for: Milliseconds(50))
        let asked = server.requests.count
        #expect((2..<60).contains(asked))
        server.turn {
            client.receive()
            return client.received.count > 60 * 500_000
        }
        #expect(server.paths == (0..<60).map { "/\($0)" })
    }

    @Test func anAbandonedRequestEndsItsConnectionWithoutAWord() throws {
        let server = try TestServer(.whenTold)
        let client = try RawClient(server)
        try client.send(get("/a") + get("/b"))
        server.turn { server.requests.count == 2 }
        server.server?.abandon(server.requests[0].place)
        client.awaitEnd()
        #expect(client.received.isEmpty)
        #expect(server.connectionCount == 0)
        server.answer(1)
        server.turn()
    }

    /// The service may abandon a request from within `respond`: what follows on that connection
    /// must not be read.
    @Test func nothingIsReadBehindARequestAbandonedAtOnce() throws {
        let loop = try EventLoop(wakeup: Wakeup())
        let service = Abandoning()
        let listener = try ListeningSocket(at: .ipv4(0x7F00_0001, port: 0))
        let address = listener.address
        let server = try HTTPServer(
            loop: loop, listener: listener, limits: HTTPServerLimits(), service: service)
        service.server = server
        let socket = try StreamSocket.connect(to: address)
        var output = OutputBuffer(byteLimit: 1)
        output.append(Array((get("/a") + get("/b")).utf8))
        #expect(try output.flush(to: socket) == .everything)
        while service.count == 0 {
            loop.turn(waitingAtMost: .seconds(1))
            server.flush()
        }
        loop.turn(waitingAtMost: .zero)
        #expect(service.count == 1)
        #expect(server.connectionCount == 0)
        service.server = nil
    }

    private final class Abandoning: HTTPService {
        weak var server: HTTPServer<Abandoning>?
        var count = 0
        func screen(_ head: RequestHead, on _: ConnectionID) -> Screening {
            .accept(bodyBytesMax: 0)
        }
        func respond(to request: IncomingRequest, at place: ResponsePlace) {
            count += 1
            server?.abandon(place)
        }
        func refusal(_ refusal: ServerRefusal, of head: RequestHead?) -> HTTPResponse {
            HTTPResponse(.badRequest)
        }
    }

    @Test func aServerThatIsLetGoLeavesNothingOnTheLoop() throws {
        let server = try TestServer(.whenTold)
        let client = try RawClient(server)
        try client.send(get("/"))
        server.turn { server.requests.count == 1 }
        server.stop()
        #expect(server.loop.registrationCount == 0)
        client.awaitEnd()
        server.answer(0)
    }
}
