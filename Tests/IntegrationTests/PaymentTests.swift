import Foundation
import HTTPProtocol
import Primitives
import SystemIO
import Testing

// Payments, as far as they cross nodes: the provider is a process of its own, whose charges are
// counted from outside.

extension ClusterTests {
    @Suite struct Paying {
        private static let settings = ["leader_routing": #""redirect""#]

        /// The leader dies while the provider is at work: the next one settles the payment.
        @Test func outlivesTheLeader() throws {
            try withCluster(.three, settings: Self.settings) { cluster in
                let leader = try cluster.awaitReady()
                try cluster.startProvider()
                let sale = try Sale(in: cluster)
                let held = try cluster.persist(sale.hold(["S-A-1", "S-A-2"], key: "k"))
                let hold = try #require(held["hold_id"]?.text)
                let commit = sale.commit(hold, key: "pay", token: "tok_slow_1000")
                let deaf = try DeafClient(commit, to: cluster.files.httpPort(of: leader))
                let follower = cluster.followers(of: leader)[0]
                _ = try eventually("the payment is under way") {
                    let answer = try cluster.send(sale.read(hold), to: follower)
                    return answer["status"]?.text == "payment_pending" ? true : nil
                }
                try cluster.kill([leader])
                withExtendedLifetime(deaf) {}
                let order = try eventually("the commit is settled") {
                    let answer = try cluster.persist(commit, startingAt: follower)
                    #expect([200, 202].contains(answer.status), "\(answer.text)")
                    return answer.status == 200 ? answer : nil
                }
                #expect(order["status"]?.text == "confirmed")
                #expect(order["amount"]?.integer == Int64(2 * Sale.price))
                let other = try cluster.persist(sale.commit(hold, key: "again"))
                #expect(other.status == 200)
                #expect(other["order_id"] == order["order_id"])
                let charges = try cluster.charges()
                #expect(charges.count == 1)
                #expect(charges[0]["amount"]?.integer == Int64(2 * Sale.price))
                #expect(try sale.seatsNow(at: follower)["S-A-2"] == "B")
            }
        }

        /// Providers take a 3xx for a failure: even a node that redirects passes webhooks on.
        @Test(arguments: HTTPThreads.allCases)
        func takesWebhooksAtEveryNode(_ threads: HTTPThreads) throws {
            try withCluster(.three, settings: threads.settings(Self.settings)) { cluster in
                let leader = try cluster.awaitReady()
                for node in cluster.nodes {
                    let body = #"{"id":"evt_\#(node)","type":"x","data":{"object":"other"}}"#
                    let good = try cluster.send(webhook(body, signedAs: body), to: node)
                    #expect(good.status == 200, "\(good.text)")
                    let bad = try cluster.send(webhook(body, signedAs: body + " "), to: node)
                    #expect(bad.status == 400, "\(bad.text)")
                }
                let unmatched = try cluster.messages(of: leader)
                    .count { $0 == "webhook matches nothing of ours" }
                #expect(unmatched == cluster.nodes.count)
                let followers = cluster.followers(of: leader)
                try cluster.kill([leader, followers[0]])
                _ = try eventually("webhooks are to come again") {
                    let answer = try cluster.send(webhook("{}", signedAs: "{}"), to: followers[1])
                    return answer.status == 503 ? true : nil
                }
            }
        }

        private func webhook(_ body: String, signedAs signed: String) -> Call {
            let seconds = SystemClock.wallNow().rawValue / 1_000
            let code = HMACSHA256.authenticate(
                Array("\(seconds).\(signed)".utf8), key: Array(ClusterFiles.webhookSecret.utf8))
            return Call.post("/payments/webhooks/simulated", body)
                .with("Stripe-Signature", "t=\(seconds),v1=\(Hex.encode(code))")
        }
    }
}
