import HTTPProtocol
import Primitives
import Testing

/// An event on sale in a cluster under test.
struct Sale {
    let cluster: TestCluster
    let event: String

    /// Of every seat, in cents.
    static let price = 5_000

    /// Creates a venue of one section, `S`, with rows `A`, `B`, … and an event in it.
    /// - Parameters:
    ///   - key: tells it from other sales in the cluster.
    ///   - terms: more members of the event, each after a comma.
    init(
        in cluster: TestCluster, key: String = "sale", terms: String = "", rows: Int = 4,
        seatsPerRow: Int = 25, startingAt node: Int? = nil
    ) throws {
        self.cluster = cluster
        let rowList = (0..<rows).map {
            #"{"id":"\#(Self.rowName($0))","seats":{"from":1,"to":\#(seatsPerRow)}}"#
        }
        let venue = try cluster.persist(
            .post(
                "/venues",
                #"{"name":"Hall","sections":[{"id":"S","name":"Stalls","rows":["#
                    + rowList.joined(separator: ",") + "]}]}"
            ).asAdmin.with("Idempotency-Key", key), startingAt: node)
        let venueID = try #require(venue["venue_id"]?.text, "\(venue.text)")
        let answer = try cluster.persist(
            .post(
                "/events",
                #"{"name":"Concert","venue_id":"\#(venueID)","starts_at":"#
                    + #""2030-01-01T20:00:00.000Z","currency":"EUR","#
                    + #""prices":{"*":\#(Self.price)}\#(terms)}"#
            ).asAdmin.with("Idempotency-Key", key), startingAt: node)
        event = try #require(answer["event_id"]?.text, "\(answer.text)")
    }

    static func rowName(_ row: Int) -> String { String(UnicodeScalar(UInt8(65 + row))) }

    /// The request for a hold.
    func hold(
        _ seats: [String], key: String, user: String = "ann", ttlSeconds: Int? = 600
    ) -> Call {
        let list = seats.map { "\"\($0)\"" }.joined(separator: ",")
        let body =
            #"{"client_reservation_id":"\#(key)","user_id":"\#(user)","seat_ids":[\#(list)]"#
            + (ttlSeconds.map { #","ttl_seconds":\#($0)"# } ?? "") + "}"
        return asBuyer(.post("/events/\(event)/reservations", body))
    }

    func commit(_ hold: String, key: String, token: String = "tok_visa") -> Call {
        asBuyer(
            .post(
                "/reservations/\(hold)/commit",
                #"{"payment_token":"\#(token)","idempotency_key":"\#(key)"}"#))
    }

    func amend(_ hold: String, _ body: String) -> Call {
        asBuyer(Call(method: .patch, path: "/reservations/\(hold)", body: Array(body.utf8)))
    }

    func release(_ hold: String) -> Call { asBuyer(.delete("/reservations/\(hold)")) }

    func order(_ order: String) -> Call { asBuyer(.get("/orders/\(order)")) }

    func read(_ hold: String) -> Call {
        asBuyer(.get("/reservations/\(hold)"))
    }

    func seatMapCall(_ query: String = "") -> Call {
        asBuyer(.get("/events/\(event)/seatmap\(query)"))
    }

    /// The example of one node sells to everybody and knows no shop.
    private func asBuyer(_ call: Call) -> Call {
        cluster.files.size == .one ? call : call.key(ClusterFiles.shopKey)
    }

    /// Every seat's letter, by the seat's name, as a node's own state has it.
    func seats(at node: Int) throws -> [String: Character] {
        try Self.letters(try cluster.send(seatMapCall("?include=availability"), to: node))
    }

    /// The same, linearizable.
    func seatsNow(at node: Int) throws -> [String: Character] {
        let query = "?include=availability&consistency=linearizable"
        return try Self.letters(try cluster.send(seatMapCall(query), to: node))
    }

    /// The seats that are not available.
    func taken(at node: Int) throws -> Set<String> {
        Set(try seatsNow(at: node).filter { $0.value != "A" }.keys)
    }

    static func letters(_ answer: Answer) throws -> [String: Character] {
        guard case .object(let members)? = answer["availability"]?["sections"] else {
            throw ClusterFailure("no seats: \(answer.text)")
        }
        var letters: [String: Character] = [:]
        for section in members {
            guard case .object(let rows) = section.value else { continue }
            for row in rows {
                for (position, letter) in (row.value.text ?? "").enumerated() {
                    letters["\(section.key)-\(row.key)-\(position + 1)"] = letter
                }
            }
        }
        return letters
    }
}
