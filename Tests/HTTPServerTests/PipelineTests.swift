import HTTPProtocol
import Primitives
import SystemIO
import Testing

@testable import HTTPServer

/// Several requests on one connection.
struct PipelineTests {
    @Test func answersLeaveInTheOrderOfTheirRequests() throws {
        let client = try RawClient(TestServer(.whenTold))
        let paths = (0..<8).map { "/\($0)" }
        try client.send(paths.map { get($0) }.joined())
        client.server.turn { client.server.requests.count == 8 }
        for number in [3, 7, 1, 2, 5] {
            client.server.answer(number)
            client.server.turn()
            client.receive()
            #expect(client.received.isEmpty)
        }
        for number in [0, 6, 4] { client.server.answer(number) }
        #expect(client.responses(8).map(\.body) == paths)
        #expect(client.end == .open)
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func soItIsInAnyOrderHoweverTheBytesAreCut(_ seed: UInt64) throws {
        var random = PRNG(seed: seed)
        let client = try RawClient(TestServer(.whenTold))
        let paths = (0..<150).map { "/\($0)" }
        var unsent = Array(paths.map { get($0) }.joined().utf8)[...]
        var known = 0
        var unanswered: [Int] = []
        client.server.turn {
            let part = unsent.prefix(random.next(in: 1...90))
            unsent = unsent.dropFirst(part.count)
            do { try client.send(Array(part)) } catch { Issue.record(error) }
            unanswered += known..<client.server.requests.count
            known = client.server.requests.count
            if !unanswered.isEmpty, random.next(below: 3) > 0 {
                let place = random.next(in: 0...unanswered.count - 1)
                client.server.answer(unanswered.remove(at: place))
            }
            return known == paths.count && unanswered.isEmpty
        }
        #expect(client.responses(150).map(\.body) == paths)
        #expect(client.server.screenedPaths == client.server.paths)
    }

    /// While one connection's body is under way, others come and go.
    @Test func aHeadIsTheLastOneOfItsSlotUntilItsRequestIsWhole() throws {
        let server = try TestServer()
        let slow = try RawClient(server)
        let first = Array(post("/slow", "xyz").utf8)
        try slow.send(Array(first.dropLast()))
        for number in 0..<3 {
            let client = try RawClient(server)
            try client.send(get("/a\(number)") + post("/b\(number)", "x"))
            #expect(client.responses(2).count == 2)
        }
        try slow.send(Array(first.suffix(1)) + Array(get("/next").utf8))
        #expect(slow.responses(2).map(\.body) == ["/slowxyz", "/next"])
        #expect(server.screenedPaths == server.paths)
        #expect(server.paths.suffix(2) == ["/slow", "/next"])
    }

    @Test func soItIsAfterARefusedHead() throws {
        let server = try TestServer()
        server.screenings["/no"] = .refuse(HTTPResponse(.forbidden))
        let client = try RawClient(server)
        try client.send(post("/no", "x") + post("/yes", "y") + post("/no", "x") + get("/"))
        #expect(client.responses(4).map(\.status) == [403, 200, 403, 200])
        #expect(server.screenedPaths == ["/yes", "/"])
    }

    @Test func noMoreRequestsAreReadThanMayWait() throws {
        var limits = HTTPServerLimits()
        limits.pipelinedMax = 4
        let client = try RawClient(TestServer(.whenTold, limits: limits))
        let paths = (0..<10).map { "/\($0)" }
        try client.send(paths.map { get($0) }.joined())
        client.server.turn { client.server.requests.count == 4 }
        client.server.turn(for: Milliseconds(10))
        #expect(client.server.requests.count == 4)
        client.server.answer(2)
        client.server.turn(for: Milliseconds(10))
        #expect(client.server.requests.count == 4)
        client.server.answer(0)
        client.server.turn { client.server.requests.count == 5 }
        for number in [1, 3, 4] { client.server.answer(number) }
        client.server.turn { client.server.requests.count == 9 }
        for number in 5..<9 { client.server.answer(number) }
        client.server.turn { client.server.requests.count == 10 }
        client.server.answer(9)
        #expect(client.responses(10).map(\.body) == paths)
    }

    @Test func aRequestByteByByteIsOneRequest() throws {
        let client = try RawClient(TestServer())
        for byte in Array((post("/a", "xyz") + get("/b")).utf8) {
            try client.send([byte])
            client.server.turn()
        }
        #expect(client.responses(2).map(\.body) == ["/axyz", "/b"])
        #expect(client.server.connectionCount == 1)
    }

    @Test func theClientsWishToCloseEndsTheConnectionAfterItsAnswer() throws {
        let client = try RawClient(TestServer(.whenTold))
        try client.send(get("/a") + get("/b", "Connection: close") + get("/c"))
        client.server.turn { client.server.requests.count == 2 }
        client.server.answer(1)
        client.server.answer(0)
        client.awaitEnd()
        #expect(client.parsed().map(\.body) == ["/a", "/b"])
        #expect(client.parsed().map(\.closes) == [false, true])
        #expect(client.server.paths == ["/a", "/b"])
    }

    @Test func headIsAnsweredWithoutABodyAndTheConnectionGoesOn() throws {
        let server = try TestServer()
        server.answerBody = [UInt8](repeating: 0x78, count: 100_000)
        let client = try RawClient(server)
        try client.send("HEAD /a HTTP/1.1\r\nHost: a\r\n\r\nHEAD /b HTTP/1.1\r\nHost: a\r\n\r\n")
        let responses = client.responses(2, answering: .head)
        #expect(responses.map(\.status) == [200, 200])
        #expect(client.text.ranges(of: "Content-Length: 100000\r\n").count == 2)
        #expect(client.received.count < 1_000)
    }

    @Test func aClientThatEndsItsStreamStillGetsItsAnswers() throws {
        let client = try RawClient(TestServer(.whenTold))
        try client.send(get("/a") + get("/b"))
        try client.socket.shutdownSending()
        client.server.turn { client.server.requests.count == 2 }
        client.server.turn(for: Milliseconds(10))
        client.server.answer(1)
        client.server.answer(0)
        client.awaitEnd()
        #expect(client.parsed().map(\.body) == ["/a", "/b"])
        client.server.turn { client.server.connectionCount == 0 }
    }

    @Test func aLargeAnswerOutOfTurnArrivesWhole() throws {
        let client = try RawClient(TestServer(.whenTold))
        try client.send(get("/a") + get("/b") + get("/c"))
        client.server.turn { client.server.requests.count == 3 }
        let large = String(repeating: "0123456789", count: 300_000)
        client.server.answer(1, large)
        client.server.answer(2)
        client.server.answer(0)
        let bodies = client.responses(3).map(\.body)
        #expect(bodies.map(\.utf8.count) == [2, large.utf8.count, 2])
        #expect(bodies[1] == large)
    }
}
