import HTTPProtocol
import Inventory
import NodeCore
import Primitives
import SystemIO
import Telemetry
import Testing

@testable import NodeRuntime

// How fronts end, and what they say when the node has no time for them.

private let hold = "DELETE /reservations/hold_001g0000000000000000000000006"

@Suite struct AFrontThatDrains {
    @Test(arguments: FrontShape.allCases)
    func answersWhatItWasAskedAndThenCloses(_ shape: FrontShape) throws {
        let stage = try FrontStage(shape)
        let idle = try (0..<8).map { _ in
            let client = try WireClient(stage)
            try client.send(["GET /healthz"])
            client.await(1)
            return client
        }
        let asking = try (0..<8).map { _ in
            let client = try WireClient(stage)
            try client.send([hold])
            return client
        }
        stage.turn { stage.node.submitted.count == 8 }
        for port in stage.ports { port.drain() }
        stage.turn { stage.node.drainings == stage.ports.count }
        stage.turn {
            for client in idle { client.receive() }
            return idle.allSatisfy(\.hasEnded)
        }
        #expect(asking.allSatisfy { !$0.hasEnded && $0.responses.isEmpty })
        for number in 0..<8 { stage.answer(number, .outcome(.released)) }
        for client in asking {
            #expect(client.await(1).map(\.status) == [204])
            #expect(client.responses[0].closes)
        }
    }

    /// What a client had sent by then is the node's before it hears of the draining.
    @Test(arguments: FrontShape.allCases)
    func givesWhatHadArrivedFirst(_ shape: FrontShape) throws {
        let stage = try FrontStage(shape)
        let clients = try (0..<8).map { _ in try WireClient(stage) }
        stage.turn { stage.metrics.httpConnections.value == 8 }
        for client in clients { try client.send([hold]) }
        for port in stage.ports { port.drain() }
        stage.turn {
            if stage.node.drainings < stage.ports.count { return false }
            #expect(stage.node.submitted.count == 8)
            return true
        }
    }

    /// The node's last answers are in the mailboxes when it ends.
    @Test func sendsWhatItsLoopsWereGivenLast() throws {
        let stage = try FrontStage(.onTwoLoops)
        let clients = try (0..<8).map { _ in
            let client = try WireClient(stage)
            try client.send([hold])
            return client
        }
        stage.turn { stage.node.submitted.count == 8 }
        for number in 0..<8 { stage.answer(number, .outcome(.released)) }
        for port in stage.ports { port.flush() }
        stage.end()
        for client in clients {
            client.receive()
            #expect(client.responses.map(\.status) == [204])
            #expect(client.hasEnded)
        }
    }
}

@Suite struct AFullMailbox {
    /// Nobody takes anything out, and yet there is an answer.
    @Test func isSaidAtOnce() throws {
        let stage = try FrontStage(.onTwoLoops, ["queue_depth_max": "16"])
        let clients = try (0..<20).map { _ in
            let client = try WireClient(stage)
            try client.send([hold])
            return client
        }
        let refused = try awaitAnswers(clients, count: 4)
        #expect(refused.map(\.status) == [503, 503, 503, 503])
        #expect(refused.allSatisfy { $0.body?["code"]?.text == "overloaded" })
        stage.turn { stage.node.submitted.count == 16 }
        for number in 0..<16 { stage.answer(number, .outcome(.released)) }
        stage.turn {
            for client in clients { client.receive() }
            return clients.allSatisfy { $0.responses.count == 1 }
        }
        #expect(clients.count { $0.responses[0].status == 204 } == 16)
    }

    /// The answers that came while the node did not turn.
    private func awaitAnswers(
        _ clients: [WireClient], count: Int
    ) throws -> [WireClient.Response] {
        let end = SystemClock.monotonicNow() + .seconds(60)
        while clients.flatMap(\.responses).count < count, SystemClock.monotonicNow() < end {
            for client in clients { client.receive() }
        }
        return clients.flatMap(\.responses)
    }

    /// An answer is never dropped: what finds no room goes later, in its order.
    @Test func keepsTheNodesAnswersBack() throws {
        let inbox = Mailbox<FrontMessage>(capacity: 2, wakeup: try Wakeup())
        let link = FrontLink(inbox)
        for number in 1...5 { link.notForwarded(RequestID(UInt64(number))) }
        var seen: [UInt64] = []
        for count in [2, 2, 1, 0] {
            link.flush()
            var batch: [FrontMessage] = []
            inbox.drain(into: &batch)
            #expect(batch.count == count)
            for case .notForwarded(let id) in batch { seen.append(id.rawValue) }
        }
        #expect(seen == [1, 2, 3, 4, 5])
    }
}
