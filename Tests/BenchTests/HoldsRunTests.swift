import HTTPProtocol
import HTTPServer
import Primitives
import SystemIO
import Testing

@testable import Bench

struct HoldsRunTests {
    private let loop: EventLoop
    private let quiet = Progress { _ in }

    init() throws { loop = try EventLoop(wakeup: Wakeup()) }

    private func options(_ count: Int, connections: Int) -> HoldsOptions {
        var options = HoldsOptions()
        options.connections = connections
        options.length = .holds(count)
        return options
    }

    private func run(
        _ count: Int, connections: Int, at node: TestNode
    ) -> HoldsReport {
        HoldsRun(
            loop: loop, nodes: ClusterNodes([node.address]),
            options: options(count, connections: connections), eventIDs: ["evt_1"], run: "r",
            progress: quiet
        ).run()
    }

    @Test func soManyHoldsAreAskedForEachOnce() throws {
        var keys: Set<String> = []
        var seats: Set<String> = []
        let node = try TestNode(loop) { request in
            guard let body = try? JSONValue(parsing: request.body),
                let key = body["client_reservation_id"]?.text,
                let first = body["seat_ids"]?[0]?.text, let second = body["seat_ids"]?[1]?.text
            else { return .answer(.badRequest) }
            keys.insert(key)
            seats.formUnion([first, second])
            return .answer(.created)
        }
        let report = run(250, connections: 8, at: node)
        #expect(report.isClean)
        #expect(report.figures.accepted == 250)
        #expect(keys.count == 250 && seats.count == 500)
        #expect(report.holdsPerSecond > 0 && report.span > .zero)
        #expect(report.generatorCPUPerRequest > .zero)
    }

    @Test func refusalsAndErrorsAreNoHolds() throws {
        var asked = 0
        let node = try TestNode(loop) { _ in
            asked += 1
            return .answer(
                asked % 5 == 0 ? .conflict : asked % 7 == 0 ? .unprocessableContent : .created)
        }
        let report = run(70, connections: 1, at: node)
        #expect(report.figures.refused == 14)
        #expect(report.figures.errors == [422: 8])
        #expect(report.figures.accepted == 48)
        #expect(!report.isClean)
    }

    @Test func aLostAnswerIsAskedForAgainAndCountedOnce() throws {
        var asked: [String: Int] = [:]
        let node = try TestNode(loop) { request in
            let body = String(decoding: request.body, as: UTF8.self)
            asked[body, default: 0] += 1
            return asked.count % 10 == 0 && asked[body] == 1 ? .hangUp : .answer(.created)
        }
        let report = run(100, connections: 4, at: node)
        #expect(report.figures.accepted == 100)
        #expect(asked.count == 100)
        #expect(report.tally.lost == asked.values.count { $0 > 1 })
        #expect(report.tally.lost >= 10)
    }

    @Test func aRunEndsWhenThereAreNoMoreSeats() throws {
        let node = try TestNode(loop) { _ in .answer(.created) }
        var options = HoldsOptions()
        options.connections = 2
        options.length = .holds(5)
        let report = HoldsRun(
            loop: loop, nodes: ClusterNodes([node.address]), options: options, eventIDs: [],
            run: "r", progress: quiet
        ).run()
        #expect(report.figures.accepted == 0 && node.requestCount == 0)
    }

    @Test func seatsAreMadeReadyBeforeTheRun() throws {
        var paths: [String] = []
        let node = try TestNode(loop) { request in
            paths.append(request.pathText)
            switch request.pathText {
            case "/venues": return .answer(.created, body: #"{"venue_id":"ven_1"}"#)
            case "/events":
                return .answer(.created, body: #"{"event_id":"evt_\#(paths.count)"}"#)
            default: return .answer(.noContent, body: "")
            }
        }
        let key = try #require(AdminKey(file: Array("key".utf8)))
        let ids = try HoldsRun.prepare(
            loop: loop, nodes: ClusterNodes([node.address]),
            options: options(HoldSupply.holdsPerEvent * 2, connections: 1), key: key, run: "r",
            progress: quiet)
        #expect(ids == ["evt_2", "evt_3"])
        #expect(paths == ["/venues", "/events", "/events", "/cluster/flush"])
    }
}

struct ReadRoundTests {
    private let loop: EventLoop

    init() throws { loop = try EventLoop(wakeup: Wakeup()) }

    @Test func everyReadIsMadeOnceAndAllNodesShareThem() throws {
        let nodes = try (0..<3).map { number in
            try TestNode(loop) { .answer(.ok, body: "\(number) \($0.pathText)") }
        }
        var bodies: [Int: String] = [:]
        let round = ReadRound(
            loop: loop, nodes: ClusterNodes(nodes.map(\.address)), callers: 4)
        round.run(
            30, until: SystemClock.monotonicNow() + .seconds(10), progress: Progress { _ in },
            "things"
        ) { number, bytes in
            bytes.appendRequest("GET", "/things/\(number)")
        } read: { number, status, body in
            #expect(status == 200 && bodies[number] == nil)
            bodies[number] = String(decoding: body, as: UTF8.self)
        }
        #expect(round.finished == 30)
        for number in 0..<30 { #expect(bodies[number] == "\(number % 3) /things/\(number)") }
        #expect(nodes.allSatisfy { $0.requestCount == 10 })
    }

    @Test func theDeadlineEndsIt() throws {
        let node = try TestNode(loop) { $0.pathText == "/0" ? .answer(.ok) : .silence }
        let round = ReadRound(loop: loop, nodes: ClusterNodes([node.address]), callers: 2)
        round.run(
            5, until: SystemClock.monotonicNow() + Milliseconds(100), progress: Progress { _ in },
            "things"
        ) { number, bytes in
            bytes.appendRequest("GET", "/\(number)")
        } read: { _, _, _ in
        }
        #expect(round.finished == 1)
    }
}
