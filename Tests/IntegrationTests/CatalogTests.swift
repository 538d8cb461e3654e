import HTTPProtocol
import Primitives
import Testing

// Venues, layouts and events, as organizers make them and buyers find them.

extension ClusterTests {
    @Suite struct TheCatalog {
        private static let sections =
            #"[{"id":"P","name":"Parquet","color":"red","rows":["#
            + #"{"id":"A","seats":["1","2","3"]},{"id":"B","seats":["x","y"]}]},"#
            + #"{"id":"","name":"Balcony","rows":[{"id":"A","seats":["10","11"]}]}]"#

        private func venue(_ sections: String = sections, key: String = "v") -> Call {
            .post("/venues", #"{"name":"Hall","sections":\#(sections)}"#).asAdmin
                .with("Idempotency-Key", key)
        }

        private func event(
            _ name: String, at venue: String, _ startsAt: String, more: String = ""
        ) -> Call {
            .post(
                "/events",
                #"{"name":"\#(name)","venue_id":"\#(venue)","starts_at":"\#(startsAt)","#
                    + #""currency":"EUR","prices":{"*":900}\#(more)}"#
            ).asAdmin.with("Idempotency-Key", name)
        }

        private func newVenue(_ cluster: TestCluster) throws -> String {
            try #require(try cluster.persist(venue())["venue_id"]?.text)
        }

        @Test func keepsAVenueAsItWasImported() throws {
            try withCluster(.one) { cluster in
                let ranges = Self.sections.replacing(
                    #"["1","2","3"]"#, with: #"{"from":1,"to":3}"#)
                let made = try cluster.persist(venue(ranges))
                #expect(made.status == 201, "\(made.text)")
                let id = try #require(made["venue_id"]?.text)
                let hash = try #require(made["layout_hash"]?.text)
                let text =
                    #"{"venue_id":"\#(id)","name":"Hall","layout_hash":"\#(hash)","#
                    + #""sections":\#(Self.sections)}"#
                #expect(made.text == text)
                #expect(made.header("Location") == "/venues/\(id)")
                #expect(try cluster.send(.get("/venues/\(id)"), to: 1).text == text)
                let layout = try cluster.send(.get("/layouts/\(hash)"), to: 1)
                #expect(layout.text == #"{"hash":"\#(hash)","sections":\#(Self.sections)}"#)
                #expect(
                    layout.header("Cache-Control") == "public, max-age=31536000, immutable")
                let known = Call.get("/layouts/\(hash)")
                    .with("If-None-Match", try #require(layout.header("ETag")))
                #expect(try cluster.send(known, to: 1).status == 304)
            }
        }

        @Test func makesAThingOnceForItsKey() throws {
            try withCluster(.one) { cluster in
                let made = try cluster.persist(venue())
                let again = try cluster.persist(venue())
                #expect(again.status == 201)
                #expect(again.text == made.text)
                #expect(again.header("Idempotent-Replayed") == "true")
                #expect(made.header("Idempotent-Replayed") == nil)
                let other = try cluster.persist(
                    venue(Self.sections.replacing("red", with: "blue")))
                #expect(other.status == 422)
                #expect(other.code == "idempotency_key_reused")
                let id = try #require(made["venue_id"]?.text)
                let first = try cluster.persist(event("Show", at: id, "2030-01-01T20:00:00Z"))
                let second = try cluster.persist(event("Show", at: id, "2030-01-01T20:00:00Z"))
                #expect(first.text == second.text)
                #expect(second.header("Idempotent-Replayed") == "true")
                var changed = event("Show", at: id, "2030-01-02T20:00:00Z")
                #expect(try cluster.persist(changed).code == "idempotency_key_reused")
                changed.headers.removeAll { "\($0.name)" == "Idempotency-Key" }
                let unnamed = try cluster.persist(changed)
                #expect(unnamed.status == 400)
                #expect(unnamed.code == "idempotency_key_missing")
            }
        }

        @Test func showsAnEventTheSameEverywhere() throws {
            try withCluster(.one) { cluster in
                let venue = try newVenue(cluster)
                let made = try cluster.persist(
                    event("Show", at: venue, "2030-01-01T21:00:00+01:00"))
                #expect(made.status == 201, "\(made.text)")
                let id = try #require(made["event_id"]?.text)
                let text =
                    #"{"event_id":"\#(id)","name":"Show","venue_id":"\#(venue)","#
                    + #""starts_at":"2030-01-01T20:00:00.000Z","on_sale_at":null,"#
                    + #""currency":"EUR","prices":{"*":900},"#
                    + #""hold_ttl_seconds":{"min":1,"default":600,"max":900},"#
                    + #""max_seats_per_user":null,"revision":0}"#
                #expect(made.text == text)
                let read = try cluster.send(.get("/events/\(id)"), to: 1)
                #expect(read.text == text)
                #expect(read.header("Holdfast-Revision") == "0")
                #expect(read.header("Holdfast-Staleness-Ms") != nil)
                let list = try cluster.send(.get("/events"), to: 1)
                #expect(
                    list.text == #"{"data":[\#(text)],"next_cursor":null,"has_more":false}"#)
            }
        }

        /// Three events of one evening and one of the day before.
        private func program(_ cluster: TestCluster) throws -> [String] {
            let venue = try newVenue(cluster)
            let events = try ["Late", "Grand Finale", "Matinée", "Eve"].map { name in
                let day = name == "Eve" ? "01" : "02"
                let made = try cluster.persist(
                    event(name, at: venue, "2030-01-\(day)T20:00:00.000Z"))
                return try #require(made["event_id"]?.text)
            }
            return [events[3]] + events[..<3].sorted()
        }

        private func ids(_ answer: Answer) -> [String] {
            guard case .array(let data)? = answer["data"] else { return [] }
            return data.compactMap { $0["event_id"]?.text }
        }

        @Test func isReadInPagesByStartAndID() throws {
            try withCluster(.one) { cluster in
                let expected = try program(cluster)
                let whole = try cluster.send(.get("/events"), to: 1)
                #expect(ids(whole) == expected)
                #expect(whole.header("Cache-Control") == "public, max-age=30")
                var (read, path) = ([] as [String], "/events?limit=3")
                for (count, hasMore) in [(3, true), (1, false)] {
                    let page = try cluster.send(.get(path), to: 1)
                    #expect(ids(page).count == count)
                    #expect(page["has_more"] == .boolean(hasMore))
                    #expect((page["next_cursor"]?.text != nil) == hasMore)
                    read += ids(page)
                    path = "/events?limit=3&cursor=\(page["next_cursor"]?.text ?? "")"
                }
                #expect(read == expected)
                let known = Call.get("/events")
                    .with("If-None-Match", try #require(whole.header("ETag")))
                let unchanged = try cluster.send(known, to: 1)
                #expect(unchanged.status == 304)
                #expect(unchanged.header("ETag") == whole.header("ETag"))
            }
        }

        @Test func isSearchedByTimeAndWords() throws {
            try withCluster(.one) { cluster in
                let all = try program(cluster)
                func found(_ query: String) throws -> [String] {
                    ids(try cluster.send(.get("/events?\(query)"), to: 1))
                }
                #expect(try found("from=2030-01-02T00:00:00Z") == Array(all[1...]))
                #expect(try found("to=2030-01-02T00:00:00Z") == [all[0]])
                #expect(try found("from=2031-01-01T00:00:00Z") == [])
                #expect(try found("q=EVE") == [all[0]])
                #expect(try found("q=finale%20GRAND").count == 1)
                #expect(try found("q=MATIN%C3%89E").count == 1)
                #expect(try found("q=nale") == [])
                let bad = try cluster.send(.get("/events?limit=201"), to: 1)
                #expect(bad.status == 400)
                #expect(bad.code == "invalid_field")
            }
        }

        @Test func takesFreeSeatsOffSaleAndBack() throws {
            try withCluster(.one) { cluster in
                let sale = try Sale(in: cluster)
                func block(_ seats: String, _ blocked: Bool) throws -> Answer {
                    let body = #"{"seat_ids":[\#(seats)],"blocked":\#(blocked)}"#
                    return try cluster.send(
                        .post("/events/\(sale.event)/blocks", body).asAdmin, to: 1)
                }
                #expect(try cluster.send(sale.hold(["S-A-3"], key: "a"), to: 1).status == 201)
                #expect(try block(#""S-A-1","S-A-2""#, true).status == 200)
                #expect(try sale.seatsNow(at: 1)["S-A-1"] == "X")
                let refused = try cluster.send(sale.hold(["S-A-1"], key: "b"), to: 1)
                #expect(refused.status == 409)
                #expect(refused["conflicts"]?[0]?["state"]?.text == "blocked")
                let held = try block(#""S-A-3","S-A-4""#, true)
                #expect(held.status == 409)
                #expect(held["conflicts"]?[0]?["seat_id"]?.text == "S-A-3")
                #expect(held["conflicts"]?[0]?["state"]?.text == "held")
                #expect(try sale.seatsNow(at: 1)["S-A-4"] == "A")
                #expect(try block(#""S-A-1""#, false).status == 200)
                #expect(try cluster.send(sale.hold(["S-A-1"], key: "b"), to: 1).status == 201)
                let stranger = Call.post("/events/\(sale.event)/blocks", "{}")
                #expect(try cluster.send(stranger, to: 1).status == 401)
            }
        }
    }
}
