import Inventory
import NodeCore
import Primitives
import Raft
import Testing

@testable import API

private func status(
    _ role: RoleName = .leader, leader: NodeID? = NodeID(2), members: [MemberStatus] = []
) -> Answer {
    .status(
        StatusView(
            id: NodeID(2), role: role, term: Term(7), leader: leader, commitIndex: LogIndex(100),
            appliedIndex: LogIndex(99), members: members, digest: 0xAB))
}

@Test func theClustersStatus() throws {
    var client = Client()
    client.key = nil
    let answer = try client.response(
        "GET", "/cluster/status",
        to: status(members: [
            MemberStatus(
                id: NodeID(1), role: .follower, matchIndex: LogIndex(98), isHealthy: true),
            MemberStatus(id: NodeID(2), role: .leader, matchIndex: LogIndex(100), isHealthy: true),
            MemberStatus(id: NodeID(9), role: .learner, matchIndex: nil, isHealthy: false),
        ]))
    #expect(answer.status == 200)
    #expect(
        answer.body
            == #"{"cluster_id":"c1","node_id":"2","role":"leader","term":7,"leader_id":"2","#
            + #""leader_url":"http://127.0.0.1:8102","commit_index":100,"applied_index":99,"#
            + #""members":[{"node_id":"1","role":"follower","http_url":"http://127.0.0.1:8101","#
            + #""raft_address":"127.0.0.1:9101","match_index":98,"healthy":true},"#
            + #"{"node_id":"2","role":"leader","http_url":"http://127.0.0.1:8102","#
            + #""raft_address":"127.0.0.1:9102","match_index":100,"healthy":true},"#
            + #"{"node_id":"9","role":"learner","http_url":null,"raft_address":null,"#
            + #""match_index":null,"healthy":false}],"#
            + #""state_digest":{"index":99,"value":"00000000000000ab"}}"#)
    #expect(answer["cache-control"] == "no-store")
}

@Test func aClusterWithoutALeaderHasNoURLOfOne() throws {
    var client = Client()
    let answer = try client.response(
        "GET", "/cluster/status", to: status(.candidate, leader: nil))
    #expect(
        answer.body.contains(#""role":"candidate","term":7,"leader_id":null,"leader_url":null,"#))
}

@Test(arguments: [
    (RoleName.leader, 200), (.follower, 503), (.candidate, 503), (.learner, 503),
])
func onlyTheLeaderSaysItLeads(_ role: RoleName, _ expected: Int) throws {
    var client = Client()
    let answer = try client.response("GET", "/leaderz", to: status(role))
    #expect(answer.status == expected)
    if expected == 200 {
        #expect(answer.body == #"{"status":"leader"}"#)
    } else {
        #expect(answer.code == "no_leader")
    }
}

@Test(
    arguments: [
        (NodeID(1), Milliseconds(5_000), 200), (NodeID(1), Milliseconds(5_001), 503),
        (NodeID(1), nil, 503), (nil, Milliseconds(0), 503),
    ] as [(NodeID?, Milliseconds?, Int)])
func aReadyNodeIsCaughtUpAndConnected(
    _ leader: NodeID?, _ staleness: Milliseconds?, _ expected: Int
) throws {
    var client = Client()
    let answer = try client.response(
        "GET", "/readyz", to: status(.follower, leader: leader), staleness: staleness)
    #expect(answer.status == expected)
    #expect(expected == 503 || answer.body == #"{"status":"ready"}"#)
}

@Test func whatOperatorsBegin() throws {
    var client = Client()
    let transfer = try client.response("POST", "/cluster/transfer", to: .outcome(.done))
    #expect(transfer.status == 202)
    #expect(transfer["location"] == "/cluster/status")
    #expect(transfer.body == #"{"status":"transferring"}"#)
    let elsewhere = try client.response(
        "POST", "/cluster/transfer",
        to: .notLeader(LeaderHint(leader: NodeID(1), term: Term(7))))
    #expect(elsewhere.status == 307)
    #expect(elsewhere["location"] == "http://127.0.0.1:8101/cluster/transfer")
    let flush = try client.response("POST", "/cluster/flush", to: .outcome(.done))
    #expect(flush.status == 204)
    #expect(flush.body == "")
}

@Test(arguments: [
    (TransferRefusal.notLeader(leader: NodeID(1)), 503, "no_leader"),
    (.unfitTarget, 422, "invalid_field"),
    (.transferring(to: NodeID(1)), 409, "idempotency_in_progress"),
])
func aTransferThatCanNotBe(_ refusal: TransferRefusal, _ status: Int, _ code: String) throws {
    var client = Client()
    let answer = try client.response("POST", "/cluster/transfer", to: .transferRefused(refusal))
    #expect(answer.status == status)
    #expect(answer.code == code)
    #expect(answer["retry-after"] == (status == 422 ? nil : "1"))
}
