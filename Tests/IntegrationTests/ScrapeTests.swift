import HTTPProtocol
import Primitives
import Testing

// What a scrape of `/metrics` tells of what has just happened.

extension ClusterTests {
    @Suite struct AScrape {
        @Test func countsHoldsByTheirOutcome() throws {
            try withCluster(.one) { cluster in
                let sale = try Sale(in: cluster)
                for (hold, status) in [
                    (sale.hold(["S-A-1"], key: "a"), 201), (sale.hold(["S-A-1"], key: "a"), 201),
                    (sale.hold(["S-A-2"], key: "b"), 201), (sale.hold(["S-A-1"], key: "c"), 409),
                    (sale.hold(["S-A-3"], key: "d", ttlSeconds: 9_999), 422),
                    (sale.hold(["S-Z-3"], key: "e"), 422),
                ] {
                    #expect(try cluster.send(hold, to: 1).status == status)
                }
                let scrape = try cluster.metrics(of: 1)
                for (outcome, count) in [
                    ("accepted", 2), ("replayed", 1), ("seats_unavailable", 1), ("refused", 2),
                    ("unavailable", 0), ("unknown", 0),
                ] as [(String, Double)] {
                    #expect(scrape["holdfast_holds_total{outcome=\"\(outcome)\"}"] == count)
                }
                #expect(scrape["holdfast_active_holds"] == 2)
                let route = "POST /events/{id}/reservations"
                #expect(scrape.requests(route, 201) == 3)
                #expect(scrape.requests(route, 409) == 1)
                #expect(scrape.requests(route, 422) == 2)
                #expect(scrape.requests("POST /venues", 201) == 1)
            }
        }

        @Test func countsCommitsByTheirOutcome() throws {
            try withCluster(.one, settings: ["commit_patience_ms": "1000"]) { cluster in
                try cluster.startProvider()
                let sale = try Sale(in: cluster)
                let holds = try (1...4).map { number in
                    let held = try cluster.send(
                        sale.hold(["S-A-\(number)"], key: "k\(number)"), to: 1)
                    return try #require(held["hold_id"]?.text)
                }
                #expect(try cluster.send(sale.release(holds[3]), to: 1).status == 204)
                for (hold, key, token, status) in [
                    (holds[0], "a", "tok_visa", 200), (holds[0], "a", "tok_visa", 200),
                    (holds[1], "b", "tok_declined", 402), (holds[2], "c", "tok_slow_60000", 202),
                    (holds[3], "d", "tok_visa", 410),
                ] {
                    let commit = sale.commit(hold, key: key, token: token)
                    #expect(try cluster.send(commit, to: 1).status == status)
                }
                let scrape = try cluster.metrics(of: 1)
                for (outcome, count) in [
                    ("confirmed", 1), ("replayed", 1), ("declined", 1), ("pending", 1),
                    ("gone", 1), ("refused", 0), ("unavailable", 0), ("unknown", 0),
                ] as [(String, Double)] {
                    #expect(
                        scrape["holdfast_commits_total{outcome=\"\(outcome)\"}"] == count,
                        "\(outcome)")
                }
                // The declined one is held again, the slow one fenced.
                #expect(scrape["holdfast_active_holds"] == 2)
                #expect(scrape.requests("POST /reservations/{id}/commit", 402) == 1)
                #expect(
                    scrape["holdfast_payment_attempts_total{outcome=\"succeeded\"}"] == 1)
            }
        }

        @Test func showsWhereEachNodeStands() throws {
            try withCluster(.three) { cluster in
                let leader = try cluster.awaitReady()
                let sale = try Sale(in: cluster)
                #expect(try cluster.persist(sale.hold(["S-A-1"], key: "k")).status == 201)
                _ = try cluster.digestsWhenEqual(Array(cluster.nodes))
                let before = try cluster.metrics(of: leader)
                for node in cluster.nodes {
                    let (scrape, status) = (try cluster.metrics(of: node), try cluster.status(node))
                    #expect(scrape["holdfast_raft_term"] == Double(status.term))
                    #expect(scrape["holdfast_raft_commit_index"] == Double(status.commitIndex))
                    #expect(scrape["holdfast_raft_applied_index"] == Double(status.appliedIndex))
                    #expect(scrape["holdfast_raft_is_leader"] == (node == leader ? 1 : 0))
                    #expect(scrape["holdfast_active_holds"] == 1)
                    #expect(scrape["holdfast_oversell_total"] == 0)
                    let syncs = scrape["holdfast_wal_fsync_duration_seconds_count"] ?? 0
                    #expect(syncs >= 3)
                    #expect((scrape["holdfast_wal_fsync_duration_seconds_sum"] ?? 0) > 0)
                    for queue in ["node_mailbox", "write_behind"] {
                        #expect(scrape["holdfast_queue_depth{queue=\"\(queue)\"}"] != nil)
                    }
                }
                try cluster.lead(cluster.followers(of: leader)[0])
                let after = try cluster.metrics(of: leader)
                let changes = "holdfast_raft_leader_changes_total"
                #expect(try #require(after[changes]) > (try #require(before[changes])))
                #expect(after["holdfast_raft_is_leader"] == 0)
            }
        }

        @Test func isTypedAsItsNamesSay() throws {
            try withCluster(.one) { cluster in
                let answer = try cluster.send(.get("/metrics"), to: 1)
                #expect(
                    answer.header("Content-Type") == "text/plain; version=0.0.4; charset=utf-8")
                let types = try Scrape(answer.text).described
                for (name, type) in [
                    ("http_request_duration_seconds", "histogram"), ("holds_total", "counter"),
                    ("commits_total", "counter"), ("active_holds", "gauge"),
                    ("raft_term", "gauge"), ("raft_commit_index", "gauge"),
                    ("raft_applied_index", "gauge"), ("raft_leader_changes_total", "counter"),
                    ("wal_fsync_duration_seconds", "histogram"), ("queue_depth", "gauge"),
                    ("oversell_total", "counter"),
                ] {
                    #expect(types["holdfast_" + name] == type, "\(name)")
                }
            }
        }

        /// What is under way when the scrape comes.
        @Test func showsWhatWaits() throws {
            try withCluster(.three) { cluster in
                let leader = try cluster.awaitReady()
                let sale = try Sale(in: cluster)
                for follower in cluster.followers(of: leader) { try cluster.pause(follower) }
                for number in 1...3 {
                    try cluster.client.start(
                        sale.hold(["S-A-\(number)"], key: "k\(number)"),
                        to: cluster.files.httpPort(of: leader)
                    ) { _ in }
                }
                _ = try eventually("three holds are under way", within: .seconds(2)) {
                    let scrape = try cluster.metrics(of: leader)
                    return scrape["holdfast_queue_depth{queue=\"node_mailbox\"}"] == 3 ? true : nil
                }
            }
        }
    }
}
