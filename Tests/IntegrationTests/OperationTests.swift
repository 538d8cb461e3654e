import HTTPProtocol
import Primitives
import Testing

// What load balancers, scrapers and operators see.

extension ClusterTests {
    @Suite struct Operation {
        @Test(arguments: HTTPThreads.allCases)
        func everyNodeReportsItself(_ threads: HTTPThreads) throws {
            try withCluster(.three, settings: threads.settings()) { cluster in
                let leader = try cluster.awaitReady()
                let sale = try Sale(in: cluster)
                for node in cluster.nodes {
                    #expect(try cluster.send(.get("/healthz"), to: node).status == 200)
                    #expect(try cluster.send(.get("/readyz"), to: node).status == 200)
                    let expected = node == leader ? 200 : 503
                    #expect(try cluster.send(.get("/leaderz"), to: node).status == expected)
                    try expectStatus(cluster, node, leader)
                    let metrics = try cluster.send(.get("/metrics"), to: node)
                    #expect(metrics.status == 200)
                    let leads = node == leader ? 1 : 0
                    #expect(metrics.text.contains("\nholdfast_raft_is_leader \(leads)\n"))
                    // A follower's own state may not have the event yet.
                    let map = try eventually("node \(node) has the event") {
                        let answer = try cluster.send(sale.seatMapCall(), to: node)
                        return answer.status == 200 ? answer : nil
                    }
                    let staleness = try #require(
                        map.header("Holdfast-Staleness-Ms").flatMap { Int($0) })
                    #expect((0...5_000).contains(staleness))
                    #expect(map.header("Holdfast-Revision") != nil)
                }
            }
        }

        private func expectStatus(_ cluster: TestCluster, _ node: Int, _ leader: Int) throws {
            let status = try cluster.send(.get("/cluster/status"), to: node)
            #expect(status["cluster_id"]?.text == cluster.files.clusterID)
            #expect(status["node_id"]?.text == "\(node)")
            #expect(status["role"]?.text == (node == leader ? "leader" : "follower"))
            #expect(status["leader_id"]?.text == "\(leader)")
            let port = cluster.files.httpPort(of: leader)
            #expect(status["leader_url"]?.text == "http://127.0.0.1:\(port)")
            guard case .array(let members)? = status["members"] else {
                Issue.record("no members: \(status.text)")
                return
            }
            #expect(members.compactMap { $0["node_id"]?.text } == cluster.nodes.map { "\($0)" })
            for member in cluster.nodes {
                let raft = "127.0.0.1:\(cluster.files.raftPort(of: member))"
                #expect(members[member - 1]["raft_address"]?.text == raft)
            }
        }

        @Test func leadershipIsHandedOver() throws {
            try withCluster(.three) { cluster in
                let leader = try cluster.awaitReady()
                let sale = try Sale(in: cluster)
                let heir = cluster.followers(of: leader)[1]
                let transfer = Call.post("/cluster/transfer", #"{"to":"\#(heir)"}"#).asAdmin
                let answer = try cluster.send(transfer, to: leader)
                #expect(answer.status == 202, "\(answer.text)")
                _ = try eventually("node \(heir) leads") {
                    try cluster.awaitReady() == heir ? true : nil
                }
                #expect(try cluster.persist(sale.hold(["S-A-1"], key: "k")).status == 201)
                let back = try cluster.send(.post("/cluster/transfer").asAdmin, to: heir)
                #expect(back.status == 202)
                _ = try eventually("another node leads") {
                    try cluster.awaitReady() != heir ? true : nil
                }
                let nobody = Call.post("/cluster/transfer", #"{"to":"9"}"#).asAdmin
                let now = try cluster.awaitReady()
                #expect(try cluster.send(nobody, to: now).status == 422)
                #expect(try cluster.digestsWhenEqual(Array(cluster.nodes)).count == 1)
            }
        }

        @Test func theLogTellsEventsAndNoRequests() throws {
            try withCluster(.three) { cluster in
                let sale = try Sale(in: cluster)
                try cluster.awaitReady()
                let before = try cluster.nodes.map { try cluster.log(of: $0).count }
                for number in 1...40 {
                    let node = number % 3 + 1
                    let hold = sale.hold(["S-A-\(number % 20 + 1)"], key: "k\(number)")
                    _ = try cluster.send(hold, to: node)
                    _ = try cluster.send(.get("/no/such/path"), to: node)
                    _ = try cluster.send(sale.seatMapCall(), to: node)
                }
                #expect(try cluster.nodes.map { try cluster.log(of: $0).count } == before)
                for node in cluster.nodes {
                    let lines = try cluster.log(of: node)
                    #expect(lines.first?["message"]?.text == "started")
                    for line in lines {
                        let time = line["ts"]?.text.flatMap { WallTime(rfc3339: $0.utf8) }
                        #expect(time != nil)
                        #expect(["info", "warn"].contains(line["level"]?.text))
                        #expect(line["node"]?.text == "\(node)")
                        #expect(line["term"]?.integer != nil)
                    }
                }
            }
        }

        @Test(.enabled(if: Program.sqlite3 != nil, "sqlite3 is not installed"))
        func theFilesAreReadableWhileTheNodeRuns() throws {
            try withCluster(.three) { cluster in
                let sale = try Sale(in: cluster)
                for number in 1...3 {
                    let hold = sale.hold(["S-A-\(number)"], key: "k\(number)", user: "u\(number)")
                    #expect(try cluster.persist(hold).status == 201)
                }
                try cluster.awaitReady()
                _ = try cluster.digestsWhenEqual(Array(cluster.nodes))
                for node in cluster.nodes {
                    let flush = try cluster.send(.post("/cluster/flush").asAdmin, to: node)
                    #expect(flush.status == 204 || flush.status == 200)
                    #expect(try users(cluster, node) == ["u1", "u2", "u3"])
                }
            }
        }

        /// Who holds seats, as the node's files have it.
        private func users(_ cluster: TestCluster, _ node: Int) throws -> [String] {
            let tool = try #require(Program.sqlite3)
            var users: [String] = []
            for shard in 0..<8 {
                let file = "\(cluster.files.dataFolder(of: node))/shards/0\(shard).sqlite"
                let result = try Program.run(
                    ["-readonly", file, "SELECT user_id FROM holds ORDER BY user_id"], of: tool)
                #expect(result.exitCode == 0, "\(result.errors)")
                users += result.output.split(separator: "\n").map(String.init)
            }
            return users.sorted()
        }
    }
}
