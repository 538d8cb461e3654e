import HTTPProtocol
import Primitives
import Testing

// Without a majority nothing is promised; with it again everything goes on.

extension ClusterTests {
    @Suite struct WithoutAQuorum {
        @Test func nothingIsWrittenAndNothingFreshIsRead() throws {
            try withCluster(.three, settings: ["staleness_max_ms": "1500"]) { cluster in
                let leader = try cluster.awaitReady()
                let sale = try Sale(in: cluster)
                let kept = try cluster.persist(sale.hold(["S-A-1"], key: "kept"))
                let holdID = try #require(kept["hold_id"]?.text)
                let followers = cluster.followers(of: leader)
                try cluster.kill(followers)

                // Proposed before the leader noticed, its fate is unknown; later, nothing is done.
                let attempt = sale.hold(["S-A-2"], key: "attempt")
                let first = try cluster.send(attempt, to: leader)
                #expect([503, 504].contains(first.status), "\(first.text)")
                let write = try eventually("a write is refused") {
                    let answer = try cluster.send(sale.hold(["S-A-3"], key: "third"), to: leader)
                    return answer.status == 503 ? answer : nil
                }
                #expect(write.code == "no_leader")
                #expect(write.header("Retry-After") != nil)
                let read = try cluster.send(sale.read(holdID), to: leader)
                #expect(read.status == 503)
                #expect(read.code == "no_leader")
                #expect(read.header("Retry-After") != nil)
                let map = try cluster.send(
                    sale.seatMapCall("?consistency=linearizable"), to: leader)
                #expect(map.status == 503)
                try expectNoService(cluster, leader, sale)

                for node in followers { try cluster.start(node) }
                let next = try cluster.awaitReady()
                #expect(try cluster.persist(sale.read(holdID)).status == 200)
                #expect(try cluster.persist(attempt).status == 201)
                #expect(try sale.taken(at: next).isSuperset(of: ["S-A-1", "S-A-2"]))
                #expect(try cluster.digestsWhenEqual(Array(cluster.nodes)).count == 1)
            }
        }

        /// The node is alive, says that it is of no use, and in the end stops answering reads.
        private func expectNoService(
            _ cluster: TestCluster, _ node: Int, _ sale: Sale
        ) throws {
            #expect(try cluster.send(.get("/healthz"), to: node).status == 200)
            _ = try eventually("/readyz says no") {
                try cluster.send(.get("/readyz"), to: node).status == 503 ? true : nil
            }
            #expect(try cluster.send(.get("/leaderz"), to: node).status == 503)
            let stale = try eventually("reads end") {
                let answer = try cluster.send(sale.seatMapCall(), to: node)
                return answer.status == 503 ? answer : nil
            }
            #expect(stale.code == "no_leader")
        }

        @Test func fiveNodesServeWithoutTwo() throws {
            try withCluster(.five) { cluster in
                let leader = try cluster.awaitReady()
                let sale = try Sale(in: cluster)
                let victims = [leader, cluster.followers(of: leader)[0]]
                try cluster.kill(victims)
                let second = try cluster.awaitReady()
                #expect(try cluster.persist(sale.hold(["S-A-1"], key: "a")).status == 201)
                let third = cluster.followers(of: second)[0]
                try cluster.kill([third])
                let node = cluster.runningNodes[0]
                _ = try eventually("two of five are too few") {
                    let answer = try cluster.send(sale.hold(["S-A-2"], key: "b"), to: node)
                    return answer.status == 503 ? true : nil
                }
                try cluster.start(third)
                try cluster.awaitReady()
                #expect(try cluster.persist(sale.hold(["S-A-2"], key: "b")).status == 201)
                for victim in victims { try cluster.start(victim) }
                try cluster.awaitReady()
                #expect(try cluster.digestsWhenEqual(Array(cluster.nodes)).count == 1)
                #expect(try sale.taken(at: leader) == ["S-A-1", "S-A-2"])
            }
        }
    }
}
