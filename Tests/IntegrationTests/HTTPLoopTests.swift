import Foundation
import HTTPProtocol
import Primitives
import Testing

// A sale on nodes whose HTTP has threads of its own.

extension ClusterTests {
    @Suite struct HTTPLoops {
        private static let settings = HTTPThreads.two.settings(
            ["leader_routing": #""forward""#])

        /// Many connections, so that every loop has some; then what a single client sees.
        @Test func sellAsOneNode() throws {
            try withCluster(.three, settings: Self.settings) { cluster in
                let leader = try cluster.awaitReady()
                try cluster.startProvider()
                let sale = try Sale(in: cluster, rows: 8, seatsPerRow: 50)
                let rush = Rush(at: sale)
                try rush.run(untilAcknowledged: 60)
                try rush.awaitSilence()
                #expect(rush.unanswered.isEmpty)
                try expectTheSale(cluster, sale, rush)
                try expectMetrics(cluster, leader, rush)
                let process = try cluster.process(leader)
                process.signal(SIGTERM)
                #expect(try process.wait(within: .seconds(5)) == .exited(0))
                #expect(try cluster.messages(of: leader).suffix(1) == ["stopped"])
                let next = try cluster.awaitReady()
                #expect(try cluster.status(next).term == 2)
                try cluster.start(leader)
                try cluster.awaitReady()
                try expectTheSale(cluster, sale, rush)
                #expect(try cluster.digestsWhenEqual(Array(cluster.nodes)).count == 1)
            }
        }

        /// Every node shows the same seats, and a taken one is refused by its name.
        private func expectTheSale(_ cluster: TestCluster, _ sale: Sale, _ rush: Rush) throws {
            let seats = rush.held.keys.flatMap(\.seats)
            #expect(Set(seats).count == seats.count)
            for node in cluster.nodes { #expect(try sale.taken(at: node) == Set(seats)) }
            let lost = try #require(seats.first)
            let answer = try cluster.persist(sale.hold(["S-H-50", lost], key: "late"))
            #expect(answer.status == 409)
            #expect(answer["conflicts"]?[0]?["seat_id"]?.text == lost)
            #expect(answer["conflicts"]?[1] == nil)
        }

        /// One page for all loops.
        private func expectMetrics(_ cluster: TestCluster, _ leader: Int, _ rush: Rush) throws {
            let metrics = try cluster.send(.get("/metrics"), to: leader).text
            func value(_ series: String) -> Int? {
                metrics.split(separator: "\n").first { $0.hasPrefix(series + " ") }
                    .flatMap { Int($0.dropFirst(series.utf8.count + 1)) }
            }
            #expect(value(#"holdfast_holds_total{outcome="accepted"}"#) == rush.held.count)
            // The rush keeps its connections; each loop has a part of them.
            #expect(try #require(value("holdfast_http_connections")) >= 8)
        }

        /// The loops share their port with one another only.
        @Test func keepTheirPortFromOthers() throws {
            try withCluster(.one, settings: HTTPThreads.two.settings()) { cluster in
                let other = try ClusterFiles(.one, settings: HTTPThreads.two.settings())
                let address = "127.0.0.1:\(cluster.files.httpPort(of: 1))"
                try other.rewrite(
                    1, settings: HTTPThreads.two.settings(["http_listen": "\"\(address)\""]))
                let config = other.config(of: 1)
                #expect(try Program.run(["init", "--config", config]).exitCode == 0)
                let result = try Program.run(["serve", "--config", config])
                #expect(result.exitCode == 1)
                #expect(result.errors.contains("http_listen is \"\(address)\": "))
                #expect(result.errors.contains("Address already in use"))
                #expect(try cluster.send(.get("/readyz"), to: 1).status == 200)
            }
        }
    }
}
