import HTTPClient
import HTTPProtocol
import Testing

// What clients see when the leader dies under them.

extension ClusterTests {
    @Suite struct ALeaderThatDies {
        /// Killed between a hold's commit and its answer.
        @Test func leavesTheHoldToTheRetry() throws {
            try withCluster(.three, settings: ["leader_routing": #""redirect""#]) { cluster in
                let leader = try cluster.awaitReady()
                let sale = try Sale(in: cluster)
                let call = sale.hold(["S-A-1", "S-A-2"], key: "lost")
                let deaf = try DeafClient(call, to: cluster.files.httpPort(of: leader))
                let follower = cluster.followers(of: leader)[0]
                // Seen at a follower, the hold is committed; its client has heard nothing.
                _ = try eventually("node \(follower) shows the hold") {
                    (try? sale.seats(at: follower))?["S-A-1"] == "H" ? true : nil
                }
                try cluster.kill([leader])
                withExtendedLifetime(deaf) {}

                try cluster.awaitReady()
                let retry = try cluster.persist(call, startingAt: follower)
                #expect(retry.status == 201, "\(retry.text)")
                #expect(retry.header("Idempotent-Replayed") == "true")
                #expect(retry["seat_ids"] == .array([.string("S-A-1"), .string("S-A-2")]))
                let again = try cluster.persist(call)
                #expect(again["hold_id"] == retry["hold_id"])
                #expect(try sale.taken(at: follower) == ["S-A-1", "S-A-2"])

                let other = try cluster.persist(sale.hold(["S-A-2", "S-A-3"], key: "other"))
                #expect(other.status == 409)
                #expect(other.code == "seats_unavailable")
                #expect(other["conflicts"]?[0]?["seat_id"]?.text == "S-A-2")
                #expect(other["conflicts"]?[0]?["state"]?.text == "held")
                #expect(other["conflicts"]?[1] == nil)
            }
        }

        /// The same, where the leader can't even have known: both followers' logs hold the entry,
        /// so it is committed, but their acknowledgements never reached the leader.
        @Test func leavesTheHoldThatItDidNotKnowToBeCommitted() throws {
            var link: MutedLink?
            try withCluster(.three) { files in
                let muted = try MutedLink(to: files.raftPort(of: 1))
                for node in [2, 3] { try files.readdress(1, to: muted.port, for: node) }
                link = muted
            } _: { cluster in
                let link = try #require(link)
                defer { link.close() }
                try cluster.lead(1)
                let sale = try Sale(in: cluster)
                _ = try cluster.digestsWhenEqual(Array(cluster.nodes))
                let before = try cluster.status(1).durableIndex
                link.mute()
                var result: Result<Answer, HTTPClientError>?
                let call = sale.hold(["S-A-1"], key: "lost")
                try cluster.client.start(call, to: cluster.files.httpPort(of: 1)) { result = $0 }
                _ = try eventually("both followers have the entry") {
                    cluster.client.turn()
                    let reached = try [2, 3].map { try cluster.status($0).durableIndex }
                    return reached.allSatisfy { $0 > before } ? true : nil
                }
                try cluster.kill([1])
                let outcome = try eventually("the connection ends") {
                    cluster.client.turn()
                    return result
                }
                #expect(throws: HTTPClientError.self) { try outcome.get() }
                try cluster.awaitReady()
                let retry = try cluster.persist(call, startingAt: 2)
                #expect(retry.status == 201, "\(retry.text)")
                #expect(retry.header("Idempotent-Replayed") == "true")
                #expect(try sale.taken(at: 3) == ["S-A-1"])
            }
        }

        /// A leader that slept through its own replacement gives away nothing of what it remembers.
        @Test func answersNothingFromBeforeItsSleep() throws {
            try withCluster(.three, settings: ["leader_routing": #""redirect""#]) { cluster in
                let leader = try cluster.awaitReady()
                let sale = try Sale(in: cluster)
                let held = try cluster.persist(sale.hold(["S-A-1"], key: "before"))
                let hold = try #require(held["hold_id"]?.text)
                let others = cluster.followers(of: leader)
                try cluster.pause(leader)
                let next = try cluster.awaitReady(others)
                let port = cluster.files.httpPort(of: next)
                let released = try cluster.client.send(sale.release(hold), to: port)
                #expect(released.status == 204, "\(released.text)")
                let taken = try cluster.client.send(sale.hold(["S-A-2"], key: "after"), to: port)
                #expect(taken.status == 201, "\(taken.text)")

                try cluster.resume(leader)
                // Held as it remembers, and free in truth: it may not say 409.
                let free = try cluster.send(sale.hold(["S-A-1"], key: "again"), to: leader)
                #expect([201, 307, 503, 504].contains(free.status), "\(free.text)")
                // Free as it remembers, and taken in truth: it may not sell it.
                let sold = try cluster.send(sale.hold(["S-A-2"], key: "again"), to: leader)
                #expect([307, 409, 503, 504].contains(sold.status), "\(sold.text)")
                let read = try cluster.send(sale.read(hold), to: leader)
                #expect([410, 503].contains(read.status) || read["status"]?.text == "released")
                try cluster.awaitReady()
                #expect(try cluster.digestsWhenEqual(Array(cluster.nodes)).count == 1)
                #expect(try sale.taken(at: leader).contains("S-A-2"))
            }
        }

        @Test func comesBackAsAFollowerAndCatchesUp() throws {
            try withCluster(.three) { cluster in
                let leader = try cluster.awaitReady()
                let sale = try Sale(in: cluster)
                try cluster.kill([leader])
                let next = try cluster.awaitReady()
                for number in 1...20 {
                    let hold = try cluster.persist(
                        sale.hold(["S-B-\(number)"], key: "k\(number)"), startingAt: next)
                    #expect(hold.status == 201, "\(hold.text)")
                }
                try cluster.start(leader)
                try cluster.awaitReady()
                #expect(try cluster.digestsWhenEqual(Array(cluster.nodes)).count == 1)
                #expect(try sale.seats(at: leader).values.count { $0 == "H" } == 20)
                #expect(try cluster.status(leader).role == "follower")
            }
        }
    }
}
