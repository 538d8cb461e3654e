import HTTPProtocol
import Primitives
import Testing

// Followers that send their clients to the leader.

extension ClusterTests {
    @Suite struct Redirecting {
        private static let settings = ["leader_routing": #""redirect""#]

        @Test(arguments: HTTPThreads.allCases)
        func namesTheLeaderWithPathAndQuery(_ threads: HTTPThreads) throws {
            try withCluster(.three, settings: threads.settings(Self.settings)) { cluster in
                let leader = try cluster.awaitReady()
                let sale = try Sale(in: cluster)
                let term = try cluster.status(leader).term
                let url = "http://127.0.0.1:\(cluster.files.httpPort(of: leader))"
                for follower in cluster.followers(of: leader) {
                    var call = sale.hold(["S-A-1"], key: "k")
                    call.path += "?from=a%20friend"
                    let answer = try cluster.send(call, to: follower)
                    #expect(answer.status == 307)
                    #expect(answer.header("Location") == url + call.path)
                    #expect(answer.header("Holdfast-Leader") == "\(leader);term=\(term)")
                    #expect(answer.header("Cache-Control") == "no-store")
                    #expect(answer.header("Request-Id") != nil)
                }
                let own = try cluster.send(sale.hold(["S-A-1"], key: "k"), to: leader)
                #expect(own.status == 201)
                let hold = try #require(own["hold_id"]?.text)
                try expectRefusals(cluster, sale, leader)
                for node in cluster.nodes {
                    let read = try cluster.send(sale.read(hold), to: node)
                    #expect(read.status == 200)
                    #expect(read["status"]?.text == "held")
                }
            }
        }

        /// Keys are looked at before the request is sent anywhere.
        private func expectRefusals(_ cluster: TestCluster, _ sale: Sale, _ leader: Int) throws {
            let seats = sale.hold(["S-A-5"], key: "x")
            for node in cluster.nodes {
                let anonymous = try cluster.send(.post(seats.path, "{}"), to: node)
                #expect(anonymous.status == 401)
                #expect(anonymous.header("WWW-Authenticate") == "Bearer")
                let stranger = try cluster.send(.post(seats.path, "{}").key("unknown"), to: node)
                #expect(stranger.status == 401)
                let shop = Call.post("/events", "{}").key(ClusterFiles.shopKey)
                #expect(try cluster.send(shop, to: node).status == 403)
                let transfer = Call.post("/cluster/transfer").key(ClusterFiles.shopKey)
                #expect(try cluster.send(transfer, to: node).status == 403)
            }
        }

        @Test(.enabled(if: Program.curl != nil, "curl is not installed"))
        func isWhatCurlFollows() throws {
            try withCluster(.three, settings: Self.settings) { cluster in
                let leader = try cluster.awaitReady()
                let sale = try Sale(in: cluster)
                let follower = cluster.followers(of: leader)[0]
                let call = sale.hold(["S-A-1"], key: "curl")
                let result = try Program.run(
                    [
                        "-sS", "-L", "--location-trusted", "-H",
                        "Authorization: Bearer \(ClusterFiles.shopKey)", "-H",
                        "Content-Type: application/json", "-d",
                        String(decoding: call.body, as: UTF8.self), "-w", "\n%{http_code}",
                        "http://127.0.0.1:\(cluster.files.httpPort(of: follower))\(call.path)",
                    ], of: try #require(Program.curl))
                #expect(result.exitCode == 0, "\(result.errors)")
                #expect(result.output.hasSuffix("\n201"), "\(result.output)")
                #expect(try sale.taken(at: follower) == ["S-A-1"])
            }
        }
    }
}
