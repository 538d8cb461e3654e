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

        /// As README shows it: where buyers need no key, `curl -L` is enough. A body that curl
        /// waits to be asked for goes to the leader as one that it does not.
        @Test(
            .enabled(if: Program.curl != nil, "curl is not installed"),
            arguments: [[], ["-H", "Expect: 100-continue"], ["-H", "Transfer-Encoding: chunked"]])
        func isWhatCurlFollows(_ options: [String]) throws {
            let settings = Self.settings.merging(["open_sales": "true"]) { $1 }
            try withCluster(.three, settings: settings) { cluster in
                let leader = try cluster.awaitReady()
                let sale = try Sale(in: cluster)
                let follower = cluster.followers(of: leader)[0]
                let call = sale.hold(["S-A-1"], key: "curl")
                let held = try curl(
                    options + ["-L", "-d", String(decoding: call.body, as: UTF8.self)], follower,
                    call.path, in: cluster)
                #expect(held.hasSuffix("\n201 1"), "\(held)")
                #expect(try sale.taken(at: follower) == ["S-A-1"])
            }
        }

        /// curl keeps a key to itself when the port changes, unless it is told otherwise.
        @Test(.enabled(if: Program.curl != nil, "curl is not installed"))
        func isWhatCurlFollowsWithAKey() throws {
            try withCluster(.three, settings: Self.settings) { cluster in
                let leader = try cluster.awaitReady()
                let sale = try Sale(in: cluster)
                let follower = cluster.followers(of: leader)[0]
                let call = sale.hold(["S-A-1"], key: "curl")
                let key = ["-H", "Authorization: Bearer \(ClusterFiles.shopKey)"]
                let body = ["-d", String(decoding: call.body, as: UTF8.self)]
                let anonymous = try curl(key + body + ["-L"], follower, call.path, in: cluster)
                #expect(anonymous.hasSuffix("\n401 1"), "\(anonymous)")
                let trusted = try curl(
                    key + body + ["-L", "--location-trusted"], follower, call.path, in: cluster)
                #expect(trusted.hasSuffix("\n201 1"), "\(trusted)")
            }
        }

        /// A follower answers these itself.
        @Test(.enabled(if: Program.curl != nil, "curl is not installed"))
        func isNotForReads() throws {
            let settings = Self.settings.merging(["open_sales": "true"]) { $1 }
            try withCluster(.three, settings: settings) { cluster in
                let leader = try cluster.awaitReady()
                let sale = try Sale(in: cluster)
                let follower = cluster.followers(of: leader)[0]
                _ = try eventually("node \(follower) shows the event") {
                    let map = try cluster.send(sale.seatMapCall(), to: follower)
                    return map.status == 200 ? true : nil
                }
                let map = "/events/\(sale.event)/seatmap"
                let head = try curl(["-L", "-I"], follower, map, in: cluster)
                #expect(head.hasPrefix("HTTP/1.1 200 OK\r\n"), "\(head)")
                #expect(head.hasSuffix("\n200 0"), "\(head)")
                let tag = try #require(head.firstMatch(of: /ETag: (.*)\r\n/)).1
                let known = try curl(
                    ["-L", "-i", "-H", "If-None-Match: \(tag)"], follower, map, in: cluster)
                #expect(known.hasPrefix("HTTP/1.1 304 Not Modified\r\n"), "\(known)")
                #expect(known.contains("ETag: \(tag)\r\n"))
                #expect(known.hasSuffix("\r\n\r\n\n304 0"), "\(known)")
            }
        }

        /// What curl says, and on a last line the status and how often it was redirected.
        private func curl(
            _ arguments: [String], _ node: Int, _ path: String, in cluster: TestCluster
        ) throws -> String {
            let url = "http://127.0.0.1:\(cluster.files.httpPort(of: node))\(path)"
            let result = try Program.run(
                ["-sS", "-w", "\n%{http_code} %{num_redirects}"] + arguments
                    + ["-H", "Content-Type: application/json", url],
                of: try #require(Program.curl))
            #expect(result.exitCode == 0, "\(result.errors)")
            return result.output
        }
    }
}
