import HTTPProtocol
import Primitives
import Testing

// Followers that pass writes on to the leader: what clients behind a load balancer see.

extension ClusterTests {
    @Suite struct Forwarding {
        private static let settings = ["leader_routing": #""forward""#]

        @Test(arguments: HTTPThreads.allCases)
        func makesEveryNodeAWayIn(_ threads: HTTPThreads) throws {
            try withCluster(.three, settings: threads.settings(Self.settings)) { cluster in
                let leader = try cluster.awaitReady()
                let follower = cluster.followers(of: leader)[0]
                let sale = try Sale(in: cluster, startingAt: follower)
                var holds: Set<String> = []
                for node in cluster.nodes {
                    let call = sale.hold(["S-A-\(node)"], key: "k\(node)")
                        .with("X-Request-Id", "mine-\(node)")
                    let answer = try cluster.send(call, to: node)
                    #expect(answer.status == 201, "\(answer.text)")
                    #expect(answer.header("Request-Id") == "mine-\(node)")
                    let hold = try #require(answer["hold_id"]?.text)
                    #expect(answer.header("Location") == "/reservations/\(hold)")
                    holds.insert(hold)
                    // Its own write is there for a linearizable read at any node.
                    #expect(try sale.taken(at: node).contains("S-A-\(node)"))
                }
                #expect(holds.count == 3)
                let taken = try cluster.send(sale.hold(["S-A-1"], key: "z"), to: follower)
                #expect(taken.status == 409)
                #expect(taken["conflicts"]?[0]?["seat_id"]?.text == "S-A-1")
                let unknown = try cluster.send(sale.hold(["S-Z-99"], key: "z"), to: follower)
                #expect(unknown.status == 422)
                #expect(unknown.code == "unknown_seat")
            }
        }

        /// Longer than a frame between nodes, and longer than an ordinary request may be.
        @Test func carriesALargeVenue() throws {
            // A debug build reads slowly: nobody is to take the leader for dead meanwhile.
            let patient = ["election_timeout_min_ms": "2000", "election_timeout_max_ms": "3000"]
            let settings = Self.settings.merging(patient) { $1 }
            try withCluster(.three, settings: settings) { cluster in
                let leader = try cluster.awaitReady()
                let follower = cluster.followers(of: leader)[0]
                let call = Call.post("/venues", Self.stadium).asAdmin
                    .with("Idempotency-Key", "stadium")
                let answer = try cluster.send(call, to: follower)
                #expect(answer.status == 201, "\(answer.text.prefix(500))")
                let venue = try #require(answer["venue_id"]?.text)
                let again = try cluster.send(call, to: follower)
                #expect(again["venue_id"]?.text == venue)
                #expect(again.header("Idempotent-Replayed") == "true")
                let hash = try #require(answer["layout_hash"]?.text)
                for node in cluster.nodes {
                    let layout = try eventually("node \(node) has the layout") {
                        let answer = try cluster.send(
                            .get("/layouts/\(hash)").key(ClusterFiles.shopKey), to: node)
                        return answer.status == 200 ? answer : nil
                    }
                    #expect(layout["sections"]?[0]?["rows"]?[149]?["seats"]?[39] != nil)
                }
            }
        }

        /// 6,000 seats with names so long that the request has more than 256 KiB.
        private static var stadium: String {
            let rows = (0..<150).map { row in
                let seats = (1...40).map { "\"\($0)-of-the-upper-tier-where-the-sun-never-sets\"" }
                return #"{"id":"R\#(row)","seats":[\#(seats.joined(separator: ","))]}"#
            }
            let text =
                #"{"name":"Stadium","sections":[{"id":"S","name":"S","rows":["#
                + rows.joined(separator: ",") + "]}]}"
            precondition(text.utf8.count > 256 * 1_024)
            return text
        }

        /// Once sent on, a request may have been done: its fate is not known here.
        @Test func thatLosesTheLeaderSaysSo() throws {
            try withCluster(.three, settings: Self.settings) { cluster in
                let leader = try cluster.awaitReady()
                let sale = try Sale(in: cluster)
                let follower = cluster.followers(of: leader)[0]
                try cluster.pause(leader)
                var answer: Answer?
                let port = cluster.files.httpPort(of: follower)
                try cluster.client.start(sale.hold(["S-A-1"], key: "k"), to: port) {
                    answer = try? $0.get()
                }
                // Answered later on the same loop: the hold has been sent on by then.
                #expect(try cluster.send(.get("/healthz"), to: follower).status == 200)
                #expect(answer == nil)
                try cluster.kill([leader])
                let lost = try eventually("the forwarder answers") {
                    cluster.client.turn()
                    return answer
                }
                #expect(lost.status == 504)
                #expect(lost.code == "outcome_unknown")
                try cluster.awaitReady()
                let retry = try cluster.persist(sale.hold(["S-A-1"], key: "k"))
                #expect(retry.status == 201, "\(retry.text)")
            }
        }
    }
}
