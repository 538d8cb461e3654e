import HTTPProtocol
import Inventory
import NodeCore
import Primitives
import Raft
import Testing
import Wire

@testable import NodeRuntime

// Requests that a follower sends on, and those that a leader is sent.

private let path = "/reservations/hold_001g0000000000000000000000006"
private let leader = LeaderHint(leader: NodeID(1), term: Term(7))

@Suite struct AForwardingFront {
    /// A client whose request has been sent on to the leader.
    private func forwarded(_ shape: FrontShape) throws -> (FrontStage, WireClient) {
        let stage = try FrontStage(shape, ["leader_routing": #""forward""#])
        let client = try WireClient(stage)
        try client.send(["DELETE \(path)?x=1"])
        stage.turn { stage.node.submitted.count == 1 }
        stage.answer(0, .notLeader(leader))
        stage.turn { stage.node.forwarded.count == 1 }
        return (stage, client)
    }

    private func port(of stage: FrontStage) -> any FrontPort {
        stage.ports[RequestID(stage.node.forwarded[0].request.id).front]
    }

    @Test(arguments: FrontShape.allCases)
    func passesTheLeadersAnswerOn(_ shape: FrontShape) throws {
        let (stage, client) = try forwarded(shape)
        let (request, to) = stage.node.forwarded[0]
        #expect(to == NodeID(1))
        #expect(request.method == "DELETE")
        #expect(request.target == "\(path)?x=1")
        let response = ForwardResponse(
            id: request.id, status: 410, headers: [ForwardHeader(name: "Request-Id", value: "r0")],
            body: Array(#"{"code":"hold_expired"}"#.utf8))
        port(of: stage).receive(response)
        // A second answer finds nobody.
        port(of: stage).receive(response)
        port(of: stage).lost(NodeID(1))
        let answer = client.await(1)[0]
        #expect(answer.status == 410)
        #expect(answer.requestID == "r0")
        #expect(answer.body?["code"]?.text == "hold_expired")
        try client.send(["GET /healthz"])
        #expect(client.await(2).map(\.status) == [410, 200])
    }

    @Test(arguments: FrontShape.allCases)
    func saysThatNothingWasDoneIfNothingWasSent(_ shape: FrontShape) throws {
        let (stage, client) = try forwarded(shape)
        port(of: stage).notForwarded(RequestID(stage.node.forwarded[0].request.id))
        let answer = client.await(1)[0]
        #expect(answer.status == 503)
        #expect(answer.body?["code"]?.text == "no_leader")
    }

    @Test(arguments: FrontShape.allCases)
    func doesNotKnowWhatALostLeaderDid(_ shape: FrontShape) throws {
        let (stage, client) = try forwarded(shape)
        port(of: stage).lost(NodeID(3))
        for _ in 0..<5 { stage.turn() }
        client.receive()
        #expect(client.responses.isEmpty)
        port(of: stage).lost(NodeID(1))
        let answer = client.await(1)[0]
        #expect(answer.status == 504)
        #expect(answer.body?["code"]?.text == "outcome_unknown")
    }

    /// One hop at most: a node that leads no more does not send a peer's request on again.
    @Test(arguments: FrontShape.allCases)
    func servesItsPeersOnTheNodesThread(_ shape: FrontShape) throws {
        let stage = try FrontStage(shape, ["leader_routing": #""forward""#])
        for id in [5, 6] as [UInt64] {
            stage.receive(
                ForwardRequest(
                    id: id, method: "DELETE", target: path,
                    headers: [ForwardHeader(name: "host", value: "a")], body: []),
                from: NodeID(3))
        }
        #expect(stage.node.submitted.map(\.id.front) == [0, 0])
        stage.answer(1, .outcome(.released))
        stage.answer(0, .notLeader(leader))
        #expect(stage.node.answered.map(\.response.id) == [6, 5])
        #expect(stage.node.answered.map(\.response.status) == [204, 503])
        #expect(stage.node.answered.map(\.peer) == [NodeID(3), NodeID(3)])
        #expect(stage.node.forwarded.isEmpty)
    }
}
