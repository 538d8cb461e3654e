import HTTPClient
import HTTPProtocol
import Primitives
import Testing

// More than a node may have under way is turned away at once, and nothing else is.

extension ClusterTests {
    @Suite struct AFullMailbox {
        private static let depth = 16

        @Test func answers503AtOnce() throws {
            // A leader without followers stays one for longer than this takes.
            let settings = [
                "queue_depth_max": "\(Self.depth)", "election_timeout_min_ms": "1500",
                "election_timeout_max_ms": "2000",
            ]
            try withCluster(.three, settings: settings) { cluster in
                let leader = try cluster.awaitReady()
                let sale = try Sale(in: cluster)
                let followers = cluster.followers(of: leader)
                // Nothing can be committed, so whatever is taken stays under way.
                for follower in followers { try cluster.pause(follower) }
                var fates: [Int: Answer] = [:]
                for number in 1...(Self.depth + 4) {
                    let hold = sale.hold(["S-A-\(number)"], key: "k\(number)")
                    try cluster.client.start(hold, to: cluster.files.httpPort(of: leader)) {
                        fates[number] = try? $0.get()
                    }
                }
                // Answered behind all of them, on a connection of its own, without a wait.
                let status = try cluster.send(.get("/cluster/status"), to: leader)
                #expect(status["role"]?.text == "leader")
                _ = try eventually("what is too much is refused", within: .seconds(1)) {
                    cluster.client.turn()
                    return fates.count >= 4 ? true : nil
                }
                #expect(fates.count == 4)
                for fate in fates.values {
                    #expect(fate.status == 503)
                    #expect(fate.code == "overloaded")
                    #expect(fate.header("Retry-After") == "1")
                }
                let shed = Set(fates.keys)
                for follower in followers { try cluster.resume(follower) }
                try cluster.awaitReady()
                _ = try eventually("all are answered") {
                    cluster.client.turn()
                    return fates.count == Self.depth + 4 ? true : nil
                }
                // 503 promised that nothing was done, and there is room again.
                for number in shed {
                    #expect(try sale.seatsNow(at: leader)["S-A-\(number)"] == "A")
                    let again = try cluster.persist(
                        sale.hold(["S-A-\(number)"], key: "k\(number)"))
                    #expect(again.status == 201, "\(again.text)")
                    #expect(again.header("Idempotent-Replayed") == nil)
                }
            }
        }
    }
}
