import HTTPProtocol
import Inventory
import NodeCore
import Primitives
import Raft
import Telemetry
import Testing
import Wire

@testable import NodeRuntime

// What clients see of a node is the same wherever its HTTP runs.

private let hold = "DELETE /reservations/hold_001g0000000000000000000000006"
private let event = "evt_001g0000000000000000000000004"
private let leader = LeaderHint(leader: NodeID(1), term: Term(7))

@Suite struct AFront {
    @Test(arguments: FrontShape.allCases)
    func answersInTheOrderOfTheRequests(_ shape: FrontShape) throws {
        let stage = try FrontStage(shape)
        let client = try WireClient(stage)
        try client.send([String](repeating: hold, count: 8))
        stage.turn { stage.node.submitted.count == 8 }
        for number in [3, 7, 1, 2, 5] { stage.answer(number, .outcome(.released)) }
        stage.turn()
        client.receive()
        #expect(client.responses.isEmpty)
        for number in [6, 4, 0] { stage.answer(number, .outcome(.released)) }
        client.await(8)
        #expect(client.responses.map(\.requestID) == (0..<8).map { "r\($0)" })
        #expect(client.responses.allSatisfy { $0.status == 204 })
    }

    @Test(arguments: FrontShape.allCases)
    func givesEachClientItsOwnAnswer(_ shape: FrontShape) throws {
        let stage = try FrontStage(shape)
        let clients = try (0..<40).map { number in
            let client = try WireClient(stage)
            try client.send([hold], id: "c\(number)-")
            return client
        }
        stage.turn { stage.node.submitted.count == 40 }
        #expect(Set(stage.node.submitted.map(\.id)).count == 40)
        // With two loops, both have some of forty connections.
        let fronts = Set(stage.node.submitted.map(\.id.front))
        #expect(fronts == (shape == .onTwoLoops ? [1, 2] : [0]))
        for number in (0..<40).reversed() {
            stage.answer(number, number % 2 == 0 ? .outcome(.released) : .outcomeUnknown)
        }
        for (number, client) in clients.enumerated() {
            #expect(client.await(1).map(\.requestID) == ["c\(number)-0"])
        }
        let statuses = clients.flatMap(\.responses).map(\.status)
        #expect(statuses.count { $0 == 204 } == 20)
        #expect(statuses.count { $0 == 504 } == 20)
    }

    @Test(arguments: FrontShape.allCases)
    func namesTheSeatsOfARefusal(_ shape: FrontShape) throws {
        let stage = try FrontStage(shape)
        let client = try WireClient(stage)
        let body = #"{"client_reservation_id":"k","user_id":"u","seat_ids":["S-A-1","S-A-3"]}"#
        try client.send(["POST /events/\(event)/reservations\n\(body)"])
        stage.turn { stage.node.submitted.count == 1 }
        guard case .write(.hold(let new)) = stage.node.submitted[0].operation else {
            Issue.record("\(stage.node.submitted)")
            return
        }
        #expect(new.seats == ["S-A-1", "S-A-3"])
        let row = LayoutRow(id: "A", seats: .range(first: 1, last: 3))
        let layout = Layout(
            sections: [LayoutSection(id: "S", name: "S", color: nil, rows: [row])], hash: 1)
        let conflicts = [SeatConflict(seat: SeatIndex(2), state: .booked)]
        stage.answer(0, .outcome(.refused(.seatsUnavailable(conflicts, in: layout))))
        let answer = client.await(1)[0]
        #expect(answer.status == 409)
        #expect(answer.body?["conflicts"]?[0]?["seat_id"]?.text == "S-A-3")
        #expect(answer.body?["conflicts"]?[0]?["state"]?.text == "booked")
        #expect(answer.body?["conflicts"]?[1] == nil)
        #expect(stage.metrics.holds[.seatsUnavailable].value == 1)
    }

    @Test(arguments: FrontShape.allCases)
    func answersByItselfWhatConcernsNoState(_ shape: FrontShape) throws {
        let stage = try FrontStage(shape)
        let client = try WireClient(stage)
        try client.send(["GET /healthz", "GET /nowhere", "PUT /events", "POST /cluster/flush"])
        #expect(client.await(4).map(\.status) == [200, 404, 405, 401])
        try client.send(["GET /metrics", "POST /events/\(event)/reservations\n{"])
        #expect(client.await(6).suffix(2).map(\.status) == [200, 400])
        #expect(stage.node.submitted.isEmpty)
    }

    @Test(arguments: FrontShape.allCases)
    func redirectsToTheLeader(_ shape: FrontShape) throws {
        let stage = try FrontStage(shape)
        let client = try WireClient(stage)
        try client.send([hold])
        stage.turn { stage.node.submitted.count == 1 }
        stage.answer(0, .notLeader(leader))
        let answer = client.await(1)[0]
        #expect(answer.status == 307)
        #expect(answer.location == "http://127.0.0.1:8101" + hold.dropFirst("DELETE ".count))
        #expect(stage.node.forwarded.isEmpty)
    }

    /// The limit is the node's, not each loop's.
    @Test(arguments: FrontShape.allCases)
    func takesSoManyConnectionsAndNoMore(_ shape: FrontShape) throws {
        let stage = try FrontStage(shape, ["http_connections_max": "16"])
        var clients = try (0..<20).map { _ in
            let client = try WireClient(stage)
            try client.send(["GET /healthz"])
            return client
        }
        func answered() -> [Bool] {
            for client in clients { client.receive() }
            return clients.map { $0.responses.count == 1 }
        }
        stage.turn { answered().count { $0 } == 16 }
        for _ in 0..<20 { stage.turn() }
        #expect(answered().count { $0 } == 16)
        #expect(stage.metrics.httpConnections.value == 16)
        // Places that become free are taken, whichever loop has them.
        let served = answered()
        clients = zip(clients, served).filter { !$0.1 }.map(\.0)
        #expect(clients.count == 4)
        stage.turn { answered().allSatisfy { $0 } }
        clients = []
        stage.turn { stage.metrics.httpConnections.value == 0 }
    }
}
