import HTTPClient
import HTTPProtocol
import Primitives
import SystemIO
import Testing

@testable import HTTPServer

/// Server and client against each other.
struct LoadTests {
    @Test func tenThousandRequestsOverFiftyConnectionsAreEachAnsweredOnce() throws {
        let server = try TestServer()
        let client = HTTPClient(
            loop: server.loop, address: server.address, connectionsMax: 50, waitingMax: 10_000)
        let host = try #require(HTTPHost("a"))
        let count = 10_000
        var answered = [Int](repeating: 0, count: count)
        var wrong = 0
        for number in 0..<count {
            let request = HTTPRequest(
                .post, try #require(RequestTarget("/\(number)")), host: host,
                body: Array(":\(number)".utf8))
            client.send(request, timeout: .seconds(600)) { outcome in
                answered[number] += 1
                guard case .success(let response) = outcome, response.status == 200,
                    response.body == Array("/\(number):\(number)".utf8)
                else {
                    wrong += 1
                    return
                }
            }
        }
        server.turn { client.requestsUnderWay == 0 }
        #expect(answered.allSatisfy { $0 == 1 })
        #expect(wrong == 0)
        #expect(server.connectionCount == 50)
        #expect(server.requests.count == count)
    }

    @Test func largeBodiesGoBothWays() throws {
        var limits = HTTPLimits()
        limits.bodyBytesMax = 4 << 20
        let server = try TestServer()
        server.screenings["/large"] = .accept(bodyBytesMax: 4 << 20)
        let client = HTTPClient(
            loop: server.loop, address: server.address, connectionsMax: 3, waitingMax: 9,
            limits: limits)
        var body = [UInt8](repeating: 0, count: 3 << 20)
        for place in stride(from: 0, to: body.count, by: 1_021) {
            body[place] = UInt8(truncatingIfNeeded: place / 1_021)
        }
        let request = HTTPRequest(
            .put, try #require(RequestTarget("/large")), host: try #require(HTTPHost("a")),
            body: body)
        var equal = 0
        for _ in 0..<3 {
            client.send(request, timeout: .seconds(600)) { outcome in
                guard case .success(let response) = outcome else { return }
                if response.body == Array("/large".utf8) + body { equal += 1 }
            }
        }
        server.turn { client.requestsUnderWay == 0 }
        #expect(equal == 3)
    }
}
