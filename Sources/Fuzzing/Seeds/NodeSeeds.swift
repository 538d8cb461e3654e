import Inventory
import Primitives

/// Requests to the node that `NodeProperties` prepares.
enum NodeSeeds {
    /// What the node is prepared with: a venue of two sections, an event.
    static let preparation = [
        request(
            "POST", "/venues", key: "venue",
            #"{"name":"Hall","sections":[{"id":"P","name":"Parquet","rows":[{"id":"A","#
                + #""seats":{"from":1,"to":6}}]},{"id":"","name":"Balcony","rows":[{"id":"B","#
                + #""seats":["1","x"]}]}]}"#),
        request("POST", "/events", key: "event", eventBody),
    ]

    private static let eventBody =
        #"{"name":"Show","venue_id":"\#(FuzzedNode.venue.text)","#
        + #""starts_at":"2026-12-24T20:00:00Z","currency":"EUR","prices":{"P":4500,"*":900},"#
        + #""hold_ttl_seconds":{"min":1,"default":30,"max":600},"max_seats_per_user":5}"#

    private static let event = FuzzedNode.event.text

    /// What the first, second… request of an input makes.
    private static func hold(_ number: UInt128) -> String {
        HoldID(shard: FuzzedNode.event.shard, bits: number).text
    }
    private static func order(_ number: UInt128) -> String {
        OrderID(shard: FuzzedNode.event.shard, bits: number).text
    }
    private static func attempt(_ number: UInt128) -> String {
        AttemptID(shard: FuzzedNode.event.shard, bits: number).text
    }

    private static func holding(_ key: String, _ seats: String) -> [UInt8] {
        request(
            "POST", "/events/\(event)/reservations",
            #"{"client_reservation_id":"\#(key)","user_id":"u","seat_ids":[\#(seats)]}"#)
    }

    private static func committing(_ number: UInt128, _ token: String) -> [UInt8] {
        request(
            "POST", "/reservations/\(hold(number))/commit",
            #"{"payment_token":"\#(token)","idempotency_key":"c"}"#)
    }

    private static func notice(_ number: UInt128, _ status: String) -> [UInt8] {
        request(
            "POST", "/payments/webhooks/simulated",
            #"{"id":"e","type":"x","data":{"object":"payment","payment_id":"p1","attempt_id":""#
                + #"\#(attempt(number))","status":"\#(status)","amount":9000,"currency":"EUR"}}"#)
    }

    static let inputs: [[UInt8]] = [
        // A sale, looked at, called off.
        holding("a", #""P-A-1","P-A-2""#) + committing(1, "tok_visa")
            + request("GET", "/orders/\(order(2))") + request("GET", "/reservations/\(hold(1))")
            + request("POST", "/orders/\(order(2))/cancel") + request("GET", "/users/u/orders"),
        // A conflict, a release, a replay.
        holding("a", #""P-A-1","B-x""#) + holding("b", #""B-x""#)
            + request("DELETE", "/reservations/\(hold(1))") + holding("b", #""B-x""#),
        // A declined payment and another try; a notice of it that comes late, one of another.
        holding("a", #""B-1""#) + committing(1, "tok_declined") + committing(1, "tok_visa")
            + notice(2, "succeeded") + notice(7, "succeeded"),
        // An extension, a seat dropped, time.
        holding("a", #""P-A-3","P-A-4""#)
            + request("PATCH", "/reservations/\(hold(1))", #"{"extend_seconds":30}"#)
            + request(
                "PATCH", "/reservations/\(hold(1))", key: "d", #"{"release_seat_ids":["P-A-3"]}"#)
            + request("GET", "/reservations/\(hold(1))", header: "X-Wait: 100")
            + request("POST", "/cluster/flush"),
        // A payment that ends after its deadline.
        holding("a", #""P-A-6""#) + committing(1, "tok_slow_3000") + committing(1, "tok_visa")
            + request("GET", "/events/\(event)/seatmap?include=availability", header: "X-Wait: 9"),
        // The catalog.
        request("POST", "/events", key: "other", eventBody)
            + request("GET", "/events?q=show&from=2026-01-01T00:00:00Z&limit=1")
            + request("GET", "/events/\(event)")
            + request("GET", "/venues/\(FuzzedNode.venue.text)")
            + request("GET", "/events/\(event)/seatmap"),
        // Seats off sale and back.
        request("POST", "/events/\(event)/blocks", #"{"seat_ids":["P-A-1"],"blocked":true}"#)
            + holding("a", #""P-A-1""#)
            + request("POST", "/events/\(event)/blocks", #"{"seat_ids":["P-A-1"],"blocked":false}"#)
            + request("GET", "/cluster/status") + request("GET", "/healthz"),
    ]

    private static func request(
        _ method: String, _ target: String, key: String? = nil, header: String? = nil,
        _ body: String = ""
    ) -> [UInt8] {
        var text = "\(method) \(target) HTTP/1.1\r\nHost: a\r\n"
        text += "Authorization: Bearer \(NodeProperties.key)\r\n"
        if let key { text += "Idempotency-Key: \(key)\r\n" }
        if let header { text += "\(header)\r\n" }
        if !body.isEmpty { text += "Content-Length: \(body.utf8.count)\r\n" }
        return Array((text + "\r\n" + body).utf8)
    }
}
