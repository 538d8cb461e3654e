import HTTPProtocol
import Primitives
import Testing

// Commits, orders and cancellations, with a provider whose charges are counted from outside.

extension ClusterTests {
    @Suite struct ACommit {
        /// A sale with one hold of two seats.
        private func checkOut(
            _ settings: [String: String] = [:], ttlSeconds: Int = 600,
            _ body: (TestCluster, Sale, String) throws -> Void
        ) throws {
            try withCluster(.one, settings: settings) { cluster in
                try cluster.startProvider()
                let sale = try Sale(in: cluster)
                let held = try cluster.send(
                    sale.hold(["S-A-1", "S-A-2"], key: "k", ttlSeconds: ttlSeconds), to: 1)
                try body(cluster, sale, try #require(held["hold_id"]?.text))
            }
        }

        private func cancel(_ order: String) -> Call {
            Call.post("/orders/\(order)/cancel").asAdmin
        }

        @Test func booksTheSeats() throws {
            try checkOut { cluster, sale, hold in
                let paid = try cluster.send(sale.commit(hold, key: "p"), to: 1)
                #expect(paid.status == 200, "\(paid.text)")
                let order = try #require(paid["order_id"]?.text)
                let payment = try #require(paid["payment"]?["payment_id"]?.text)
                let confirmedAt = try #require(paid["confirmed_at"]?.text)
                let common =
                    #"{"order_id":"\#(order)","hold_id":"\#(hold)","event_id":"\#(sale.event)","#
                    + #""user_id":"ann","seat_ids":["S-A-1","S-A-2"],"status":"confirmed","#
                    + #""amount":10000,"currency":"EUR","confirmed_at":"\#(confirmedAt)","#
                    + #""payment":{"payment_id":"\#(payment)","provider":"simulated","#
                    + #""status":"succeeded"}"#
                #expect(paid.text == common + "}")
                #expect(order.hasPrefix("ord_") && payment.hasPrefix("pay_"))
                let read = try cluster.send(sale.order(order), to: 1)
                #expect(read.status == 200)
                #expect(read.text.hasPrefix(common + #","payments":[{"payment_id":"\#(payment)""#))
                let now = try cluster.send(sale.read(hold), to: 1)
                #expect(now["status"]?.text == "booked")
                #expect(now["order_id"]?.text == order)
                #expect(try sale.seatsNow(at: 1)["S-A-2"] == "B")
                #expect(try cluster.charges().map { $0["amount"]?.integer } == [10_000])
            }
        }

        @Test func isDoneOnceForItsKeyAndItsHold() throws {
            try checkOut { cluster, sale, hold in
                let paid = try cluster.send(sale.commit(hold, key: "p"), to: 1)
                for (key, token) in [("p", "tok_visa"), ("p", "tok_declined"), ("q", "tok_visa")] {
                    let again = try cluster.send(
                        sale.commit(hold, key: key, token: token), to: 1)
                    #expect(again.status == 200)
                    #expect(again.text == paid.text)
                    #expect(again.header("Idempotent-Replayed") == "true")
                }
                #expect(try cluster.charges().count == 1)
                let other = try cluster.send(sale.hold(["S-B-1"], key: "other"), to: 1)
                let id = try #require(other["hold_id"]?.text)
                let reused = try cluster.send(sale.commit(id, key: "p"), to: 1)
                #expect(reused.status == 422)
                #expect(reused.code == "idempotency_key_reused")
                // Another user's key of the same text is another key.
                let bobs = try cluster.send(sale.hold(["S-B-2"], key: "b", user: "bob"), to: 1)
                let bobsID = try #require(bobs["hold_id"]?.text)
                #expect(try cluster.send(sale.commit(bobsID, key: "p"), to: 1).status == 200)
            }
        }

        @Test func takesItsKeyFromTheBodyOrTheHeader() throws {
            try checkOut { cluster, sale, hold in
                let path = "/reservations/\(hold)/commit"
                let bare = Call.post(path, #"{"payment_token":"tok_visa"}"#)
                let missing = try cluster.send(bare, to: 1)
                #expect(missing.status == 400)
                #expect(missing.code == "idempotency_key_missing")
                let both = sale.commit(hold, key: "p").with("Idempotency-Key", "q")
                let different = try cluster.send(both, to: 1)
                #expect(different.status == 400)
                #expect(different.code == "invalid_field")
                let paid = try cluster.send(bare.with("Idempotency-Key", "p"), to: 1)
                #expect(paid.status == 200, "\(paid.text)")
                #expect(try cluster.send(sale.commit(hold, key: "p"), to: 1).text == paid.text)
            }
        }

        @Test func thatIsDeclinedLeavesTheHoldAndItsAnswer() throws {
            try checkOut(ttlSeconds: 4) { cluster, sale, hold in
                for _ in 0..<2 {
                    let declined = try cluster.send(
                        sale.commit(hold, key: "p", token: "tok_declined"), to: 1)
                    #expect(declined.status == 402)
                    #expect(declined.code == "payment_declined")
                    #expect(try cluster.send(sale.read(hold), to: 1)["status"]?.text == "held")
                }
                _ = try eventually("the hold lapses", within: .seconds(15)) {
                    let answer = try cluster.send(sale.read(hold), to: 1)
                    return answer["status"]?.text == "expired" ? true : nil
                }
                let replayed = try cluster.send(
                    sale.commit(hold, key: "p", token: "tok_declined"), to: 1)
                #expect(replayed.status == 402)
                let late = try cluster.send(sale.commit(hold, key: "q"), to: 1)
                #expect(late.status == 410)
                #expect(late.code == "hold_expired")
                #expect(try cluster.charges().isEmpty)
            }
        }

        @Test func thatIsDeclinedMayBeTriedWithAnotherKey() throws {
            try checkOut { cluster, sale, hold in
                let declined = sale.commit(hold, key: "p", token: "tok_declined")
                #expect(try cluster.send(declined, to: 1).status == 402)
                let paid = try cluster.send(sale.commit(hold, key: "q"), to: 1)
                #expect(paid.status == 200)
                let order = try cluster.send(
                    sale.order(try #require(paid["order_id"]?.text)), to: 1)
                guard case .array(let payments)? = order["payments"] else {
                    Issue.record("no payments: \(order.text)")
                    return
                }
                #expect(payments.map { $0["status"]?.text } == ["declined", "succeeded"])
            }
        }

        @Test func thatTakesItsTimeIsAnsweredLater() throws {
            let patience = ["commit_patience_ms": "300"]
            try checkOut(patience, ttlSeconds: 2) { cluster, sale, hold in
                let slow = sale.commit(hold, key: "p", token: "tok_slow_4000")
                let pending = try cluster.send(slow, to: 1)
                #expect(pending.status == 202, "\(pending.text)")
                let order = try #require(pending["order_id"]?.text)
                #expect(pending.header("Location") == "/orders/\(order)")
                #expect(pending.header("Retry-After") == "1")
                #expect(pending["status"]?.text == "pending")
                let read = try cluster.send(sale.order(order), to: 1)
                #expect(read.text == pending.text)
                // The same key waits as long again; another one is told that it comes too early.
                #expect(try cluster.send(slow, to: 1).status == 202)
                let other = try cluster.send(sale.commit(hold, key: "q"), to: 1)
                #expect(other.status == 409)
                #expect(other.code == "idempotency_in_progress")
                _ = try eventually("the payment is settled", within: .seconds(20)) {
                    let letters = try sale.seatsNow(at: 1)
                    // Fenced, though the hold's time is over.
                    #expect(["H", "B"].contains(letters["S-A-1"]))
                    return letters["S-A-1"] == "B" ? true : nil
                }
                let paid = try cluster.send(slow, to: 1)
                #expect(paid.status == 200)
                #expect(paid["order_id"]?.text == order)
                #expect(try cluster.charges().count == 1)
            }
        }

        @Test func ofNothingIsRefused() throws {
            try checkOut { cluster, sale, hold in
                #expect(try cluster.send(sale.release(hold), to: 1).status == 204)
                let released = try cluster.send(sale.commit(hold, key: "p"), to: 1)
                #expect(released.status == 410)
                #expect(released.code == "hold_released")
                let unknown = "hold_" + hold.dropFirst(5).reversed()
                #expect(try cluster.send(sale.commit(unknown, key: "p"), to: 1).status == 404)
                #expect(try cluster.send(sale.order("ord_x"), to: 1).status == 404)
                #expect(try cluster.charges().isEmpty)
            }
        }

        @Test func isTakenBackByACancellation() throws {
            try checkOut { cluster, sale, hold in
                let paid = try cluster.send(sale.commit(hold, key: "p"), to: 1)
                let order = try #require(paid["order_id"]?.text)
                #expect(try cluster.send(.post("/orders/\(order)/cancel"), to: 1).status == 401)
                for replayed in [nil, "true"] as [String?] {
                    let cancelled = try cluster.send(
                        cancel(order).with("Idempotency-Key", "c"), to: 1)
                    #expect(cancelled.status == 200, "\(cancelled.text)")
                    #expect(cancelled["status"]?.text == "cancelled")
                    #expect(cancelled.header("Idempotent-Replayed") == replayed)
                }
                #expect(
                    try cluster.send(sale.order(order), to: 1)["status"]?.text == "cancelled")
                #expect(try cluster.send(sale.read(hold), to: 1)["status"]?.text == "released")
                #expect(try sale.taken(at: 1) == [])
                let replay = try cluster.send(sale.commit(hold, key: "p"), to: 1)
                #expect(replay.status == 410)
                #expect(replay.code == "hold_released")
                _ = try eventually("the money is given back") {
                    try cluster.charges().first?["amount_refunded"]?.integer == 10_000
                        ? true : nil
                }
            }
        }

        @Test func isFoundByItsUser() throws {
            try checkOut { cluster, sale, hold in
                let paid = try cluster.send(sale.commit(hold, key: "p"), to: 1)
                let orders = try cluster.send(.get("/users/ann/orders").asAdmin, to: 1)
                #expect(orders.status == 200)
                #expect(orders["data"]?[0]?["order_id"] == paid["order_id"])
                #expect(orders["data"]?[1] == nil)
                #expect(orders.header("Cache-Control") == "no-store")
                let none = try cluster.send(.get("/users/bob/orders").asAdmin, to: 1)
                #expect(none.text == #"{"data":[],"next_cursor":null,"has_more":false}"#)
                #expect(try cluster.send(.get("/users/ann/orders"), to: 1).status == 401)
            }
        }
    }
}
