import HTTPProtocol
import Primitives
import Testing

// Holds, as buyers' clients make, read, change and release them.

extension ClusterTests {
    @Suite struct AReservation {
        private func sell(
            _ terms: String = "", _ body: (TestCluster, Sale) throws -> Void
        ) throws {
            try withCluster(.one) { cluster in
                try body(cluster, Sale(in: cluster, terms: terms))
            }
        }

        /// Makes a hold, and gives its id.
        private func hold(
            _ seats: [String], _ cluster: TestCluster, _ sale: Sale, key: String = "k",
            ttlSeconds: Int? = 600
        ) throws -> String {
            let answer = try cluster.send(
                sale.hold(seats, key: key, ttlSeconds: ttlSeconds), to: 1)
            #expect(answer.status == 201, "\(answer.text)")
            return try #require(answer["hold_id"]?.text)
        }

        private func time(_ answer: Answer, _ field: String) throws -> WallTime {
            try #require(answer[field]?.text.flatMap { WallTime(rfc3339: $0.utf8) })
        }

        private func awaitStatus(
            _ status: String, of hold: String, _ cluster: TestCluster, _ sale: Sale
        ) throws {
            _ = try eventually("hold \(hold) is \(status)", within: .seconds(5)) {
                let answer = try cluster.send(sale.read(hold), to: 1)
                return answer["status"]?.text == status ? true : nil
            }
        }

        @Test func saysWhatItIs() throws {
            try sell { cluster, sale in
                let made = try cluster.send(
                    sale.hold(["S-A-2", "S-A-1"], key: "k", ttlSeconds: nil), to: 1)
                let id = try #require(made["hold_id"]?.text)
                let (created, expires) = (
                    try time(made, "created_at"), try time(made, "expires_at")
                )
                #expect(expires - created == .seconds(600))
                let times = [made["created_at"], made["expires_at"]].map { $0?.text ?? "" }
                #expect(
                    made.text
                        == #"{"hold_id":"\#(id)","event_id":"\#(sale.event)","user_id":"ann","#
                        + #""client_reservation_id":"k","seat_ids":["S-A-2","S-A-1"],"#
                        + #""status":"held","created_at":"\#(times[0])","#
                        + #""expires_at":"\#(times[1])","ttl_seconds":600,"amount":10000,"#
                        + #""currency":"EUR","revision":1}"#)
                #expect(made.header("Location") == "/reservations/\(id)")
                #expect(made.header("Cache-Control") == "no-store")
                let read = try cluster.send(sale.read(id), to: 1)
                #expect(read.status == 200)
                #expect(read.text == made.text)
                #expect(read.header("Cache-Control") == "no-store")
                #expect(read.header("Holdfast-Revision") == "1")
            }
        }

        @Test func takesAllSeatsOrNoneAndNamesEachThatIsGone() throws {
            try sell { cluster, sale in
                try cluster.startProvider()
                let booked = try hold(["S-A-1"], cluster, sale, key: "a")
                #expect(try cluster.send(sale.commit(booked, key: "a"), to: 1).status == 200)
                _ = try hold(["S-A-2"], cluster, sale, key: "b")
                let paying = try hold(["S-A-3"], cluster, sale, key: "c")
                let port = cluster.files.httpPort(of: 1)
                try cluster.client.start(
                    sale.commit(paying, key: "c", token: "tok_slow_60000"), to: port
                ) { _ in }
                try awaitStatus("payment_pending", of: paying, cluster, sale)
                let refused = try cluster.send(
                    sale.hold(["S-A-4", "S-A-3", "S-A-2", "S-A-1"], key: "d"), to: 1)
                #expect(refused.status == 409)
                #expect(refused.code == "seats_unavailable")
                let conflicts = [("3", "held"), ("2", "held"), ("1", "booked")].map {
                    #"{"seat_id":"S-A-\#($0.0)","state":"\#($0.1)"}"#
                }
                #expect(
                    refused.text.hasSuffix(
                        #""conflicts":[\#(conflicts.joined(separator: ","))]}"#), "\(refused.text)")
                #expect(try sale.seatsNow(at: 1)["S-A-4"] == "A")
            }
        }

        @Test func isMadeOnceForItsKeyAndBody() throws {
            try sell { cluster, sale in
                let other = try Sale(in: cluster, key: "other")
                let id = try hold(["S-A-1", "S-A-2"], cluster, sale)
                let again = try cluster.send(sale.hold(["S-A-1", "S-A-2"], key: "k"), to: 1)
                #expect(again.status == 201)
                #expect(again["hold_id"]?.text == id)
                #expect(again.header("Idempotent-Replayed") == "true")
                for body in [
                    sale.hold(["S-A-2", "S-A-1"], key: "k"), sale.hold(["S-A-1"], key: "k"),
                    sale.hold(["S-A-1", "S-A-2"], key: "k", ttlSeconds: nil),
                ] {
                    let reused = try cluster.send(body, to: 1)
                    #expect(reused.status == 422)
                    #expect(reused.code == "idempotency_key_reused")
                }
                // The key belongs to the event and the user.
                for fresh in [
                    sale.hold(["S-B-1"], key: "k", user: "bob"), other.hold(["S-A-1"], key: "k"),
                ] {
                    let made = try cluster.send(fresh, to: 1)
                    #expect(made.status == 201, "\(made.text)")
                    #expect(made.header("Idempotent-Replayed") == nil)
                }
            }
        }

        /// A replay shows the hold as it is now; one that has ended is 410.
        @Test func isReplayedAsItIsNow() throws {
            try sell { cluster, sale in
                try cluster.startProvider()
                let calls = ["a", "b", "c"].enumerated().map { number, key in
                    sale.hold(["S-A-\(number + 1)"], key: key, ttlSeconds: key == "c" ? 1 : 600)
                }
                let ids = try calls.map {
                    try #require(try cluster.send($0, to: 1)["hold_id"]?.text)
                }
                let commit = try cluster.send(sale.commit(ids[0], key: "p"), to: 1)
                let booked = try cluster.send(calls[0], to: 1)
                #expect(booked.status == 201)
                #expect(booked["status"]?.text == "booked")
                #expect(booked["order_id"] == commit["order_id"])
                #expect(try cluster.send(sale.release(ids[1]), to: 1).status == 204)
                let released = try cluster.send(calls[1], to: 1)
                #expect(released.status == 410)
                #expect(released.code == "hold_released")
                try awaitStatus("expired", of: ids[2], cluster, sale)
                let expired = try cluster.send(calls[2], to: 1)
                #expect(expired.status == 410)
                #expect(expired.code == "hold_expired")
            }
        }

        @Test func leavesNoRecordWhenItIsRefused() throws {
            try sell { cluster, sale in
                let first = try hold(["S-A-1"], cluster, sale, key: "a")
                let retry = sale.hold(["S-A-1"], key: "b", user: "bob")
                #expect(try cluster.send(retry, to: 1).status == 409)
                #expect(try cluster.send(sale.release(first), to: 1).status == 204)
                let made = try cluster.send(retry, to: 1)
                #expect(made.status == 201)
                #expect(made.header("Idempotent-Replayed") == nil)
                // And with another body as well: the key was never used.
                #expect(
                    try cluster.send(sale.hold(["S-A-1"], key: "c"), to: 1).status == 409)
                #expect(
                    try cluster.send(sale.hold(["S-A-2"], key: "c"), to: 1).status == 201)
            }
        }

        @Test func givesItsSeatsBackWhenItHasLapsed() throws {
            try sell { cluster, sale in
                let id = try hold(["S-A-1"], cluster, sale, ttlSeconds: 1)
                try awaitStatus("expired", of: id, cluster, sale)
                #expect(try sale.seatsNow(at: 1)["S-A-1"] == "A")
                for call in [
                    sale.release(id), sale.amend(id, #"{"extend_seconds":5}"#),
                    sale.commit(id, key: "p"),
                ] {
                    let gone = try cluster.send(call, to: 1)
                    #expect(gone.status == 410)
                    #expect(gone.code == "hold_expired")
                }
            }
        }

        @Test func isExtendedOnceFromItsPresentEndUpToTheEventsMaximum() throws {
            let terms = #","hold_ttl_seconds":{"min":1,"default":60,"max":100}"#
            try sell(terms) { cluster, sale in
                for (key, seconds, total) in [("a", 30, 90), ("b", 41, 100), ("c", 900, 100)] {
                    let id = try hold(
                        ["S-\(key.uppercased())-1"], cluster, sale, key: key, ttlSeconds: nil)
                    let body = #"{"extend_seconds":\#(seconds)}"#
                    let extended = try cluster.send(sale.amend(id, body), to: 1)
                    #expect(extended.status == 200, "\(extended.text)")
                    let span =
                        try time(extended, "expires_at") - time(extended, "created_at")
                    #expect(span == .seconds(Int64(total)))
                    let twice = try cluster.send(sale.amend(id, body), to: 1)
                    #expect(twice.status == 422)
                    #expect(twice.code == "limit_exceeded")
                }
            }
        }

        @Test func losesSeatsOneByOne() throws {
            try sell { cluster, sale in
                let id = try hold(["S-A-1", "S-A-2", "S-A-3"], cluster, sale)
                func drop(_ seat: String, key: String? = nil) throws -> Answer {
                    let call = sale.amend(id, #"{"release_seat_ids":["\#(seat)"]}"#)
                    return try cluster.send(
                        key.map { call.with("Idempotency-Key", $0) } ?? call, to: 1)
                }
                for replayed in [nil, "true"] as [String?] {
                    let dropped = try drop("S-A-2", key: "x")
                    #expect(dropped["seat_ids"] == .array([.string("S-A-1"), .string("S-A-3")]))
                    #expect(dropped["amount"]?.integer == 10_000)
                    #expect(dropped.header("Idempotent-Replayed") == replayed)
                }
                #expect(try drop("S-A-1", key: "x").code == "idempotency_key_reused")
                // Without a key too: what was dropped already changes nothing.
                let before = try cluster.send(sale.read(id), to: 1)
                #expect(try drop("S-A-2").text == before.text)
                #expect(try drop("S-B-1").code == "unknown_seat")
                #expect(try sale.taken(at: 1) == ["S-A-1", "S-A-3"])
                #expect(try drop("S-A-1").status == 200)
                let last = try drop("S-A-3")
                #expect(last.status == 200)
                #expect(last["status"]?.text == "released")
                #expect(try sale.taken(at: 1) == [])
                #expect(try drop("S-A-3").code == "hold_released")
            }
        }

        @Test func isReleasedAsOftenAsAsked() throws {
            try sell { cluster, sale in
                try cluster.startProvider()
                let id = try hold(["S-A-1"], cluster, sale)
                for _ in 0..<2 {
                    let released = try cluster.send(sale.release(id), to: 1)
                    #expect(released.status == 204)
                    #expect(released.body.isEmpty)
                }
                #expect(try cluster.send(sale.read(id), to: 1)["status"]?.text == "released")
                let unknown = "hold_" + id.dropFirst(5).reversed()
                #expect(try cluster.send(sale.release(unknown), to: 1).status == 404)
                let paying = try hold(["S-A-1"], cluster, sale, key: "b")
                let commit = sale.commit(paying, key: "b", token: "tok_slow_1000")
                try cluster.client.start(commit, to: cluster.files.httpPort(of: 1)) { _ in }
                try awaitStatus("payment_pending", of: paying, cluster, sale)
                let fenced = try cluster.send(sale.release(paying), to: 1)
                #expect(fenced.status == 409)
                #expect(fenced.code == "payment_pending")
                try awaitStatus("booked", of: paying, cluster, sale)
                let booked = try cluster.send(sale.release(paying), to: 1)
                #expect(booked.status == 409)
                #expect(booked.code == "hold_committed")
            }
        }

        @Test func keepsToTheEventsTerms() throws {
            let terms =
                #","max_seats_per_user":2,"hold_ttl_seconds":{"min":5,"default":60,"max":90}"#
            try sell(terms) { cluster, sale in
                let later = try Sale(
                    in: cluster, key: "later", terms: #","on_sale_at":"2029-12-01T10:00:00Z""#)
                _ = try hold(["S-A-1", "S-A-2"], cluster, sale, ttlSeconds: nil)
                for (call, status, code) in [
                    (sale.hold(["S-A-3"], key: "l", ttlSeconds: nil), 422, "limit_exceeded"),
                    (
                        sale.hold(["S-A-3"], key: "m", user: "bob", ttlSeconds: 4), 422,
                        "ttl_out_of_range"
                    ),
                    (
                        sale.hold(["S-A-3"], key: "n", user: "bob", ttlSeconds: 91), 422,
                        "ttl_out_of_range"
                    ),
                    (later.hold(["S-A-1"], key: "o"), 409, "not_on_sale"),
                    (sale.hold(["S-A-99"], key: "p", ttlSeconds: 60), 422, "unknown_seat"),
                    (sale.hold([], key: "q", ttlSeconds: 60), 422, "limit_exceeded"),
                    (
                        sale.hold((1...11).map { "S-A-\($0)" }, key: "r", ttlSeconds: 60), 422,
                        "limit_exceeded"
                    ),
                    (
                        sale.hold(["S-A-3", "S-A-3"], key: "s", ttlSeconds: 60), 422,
                        "invalid_field"
                    ),
                ] {
                    let refused = try cluster.send(call, to: 1)
                    #expect(refused.status == status, "\(refused.text)")
                    #expect(refused.code == code, "\(refused.text)")
                }
                #expect(try sale.taken(at: 1) == ["S-A-1", "S-A-2"])
            }
        }
    }
}
