import HTTPProtocol
import Testing

// A row that is not what the state machine made it: somebody has written into the files of a
// running node. Whether a seat was sold twice nobody knows then, so the node ends.

extension ClusterTests {
    @Suite(.enabled(if: Program.sqlite3 != nil, "sqlite3 is not installed"))
    struct ATamperedRow {
        private enum Victim: CaseIterable {
            case leader
            case follower
        }

        @Test(arguments: Victim.allCases)
        private func endsItsNodeAndNoOther(_ kind: Victim) throws {
            try withCluster(.three, settings: ["leader_routing": #""redirect""#]) { cluster in
                let leader = try cluster.awaitReady()
                let sale = try Sale(in: cluster)
                let victim = kind == .leader ? leader : cluster.followers(of: leader)[0]
                let held = try cluster.persist(sale.hold(["S-A-1", "S-A-2"], key: "k"))
                let hold = try #require(held["hold_id"]?.text)
                let term = try cluster.status(leader).term
                let process = try cluster.process(victim)
                try tamper(cluster, victim, sale)
                // Nothing is written to the seat yet, and so nothing is noticed.
                #expect(try cluster.persist(sale.hold(["S-A-9"], key: "other")).status == 201)
                #expect(try cluster.persist(sale.release(hold)).status == 204)

                #expect(try process.wait() == .exited(1))
                try expectReport(cluster, victim, sale)
                let others = cluster.followers(of: victim)
                try cluster.awaitReady(others)
                if kind == .leader {
                    // Handed over, not taken: no election timeout, and the very next term.
                    #expect(try cluster.messages(of: victim).contains("leads no more"))
                    #expect(try cluster.status(others[0]).term == term + 1)
                }
                for node in others {
                    #expect(try cluster.metrics(of: node)["holdfast_oversell_total"] == 0)
                    #expect(try !cluster.messages(of: node).contains("oversell"))
                }
                let again = try cluster.persist(
                    sale.hold(["S-A-1"], key: "next"), startingAt: others[0])
                #expect(again.status == 201, "\(again.text)")
                #expect(try cluster.digestsWhenEqual(others).count == 1)
                #expect(try sale.taken(at: others[1]) == ["S-A-1", "S-A-9"])
                try expectNoReturn(cluster, victim)
            }
        }

        /// Makes a held seat a free one, as a person who wants to help a buyer might.
        private func tamper(_ cluster: TestCluster, _ node: Int, _ sale: Sale) throws {
            #expect(try cluster.send(.post("/cluster/flush").asAdmin, to: node).status == 204)
            let update = """
                UPDATE seats SET status = 'available', hold_no = NULL WHERE seat_no = 0;
                SELECT changes()
                """
            let changed = try (0..<8).map { shard in
                let file = "\(cluster.files.dataFolder(of: node))/shards/0\(shard).sqlite"
                let result = try Program.run([file, update], of: try #require(Program.sqlite3))
                #expect(result.exitCode == 0, "\(result.errors)")
                return result.output
            }
            #expect(changed.sorted() == Array(repeating: "0\n", count: 7) + ["1\n"])
        }

        private func expectReport(_ cluster: TestCluster, _ node: Int, _ sale: Sale) throws {
            let log = try cluster.log(of: node)
            let reports = log.filter { $0["message"]?.text == "oversell" }
            #expect(reports.count == 1)
            let report = try #require(reports.first)
            #expect(report["level"]?.text == "error")
            #expect(report["oversell_total"]?.integer == 1)
            let reason = try #require(report["reason"]?.text)
            for words in [
                sale.event, "seat 0 of event number 1", "memory has held", "the row has available",
            ] {
                #expect(reason.contains(words), "\(reason)")
            }
            #expect(log.last?["message"]?.text == "ended by a failure")
        }

        /// The wrong row is still there: the node can't be started until it is rebuilt.
        private func expectNoReturn(_ cluster: TestCluster, _ node: Int) throws {
            let result = try Program.run(["serve", "--config", cluster.files.config(of: node)])
            #expect(result.exitCode == 1)
            #expect(result.errors.contains("lacks seat 0"), "\(result.errors)")
        }
    }
}
