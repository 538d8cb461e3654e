import HTTPProtocol
import Inventory
import NodeCore
import Primitives

extension QueryParameters {
    /// The request's own parameters.
    static func of(_ head: RequestHead) throws(Problem) -> QueryParameters {
        do { return try QueryParameters(head.query) } catch { throw Problem(error) }
    }

    /// The parameter, nil when there is none; one that comes twice is refused.
    func text(_ name: StaticString) throws(Problem) -> String? {
        do { return try value(name) } catch { throw Problem(error) }
    }

    func consistency(default normal: Consistency) throws(Problem) -> Consistency {
        switch try text("consistency") {
        case nil: normal
        case "linearizable"?: .linearizable
        case "local"?: .local
        case _?: throw .invalid("consistency", "must be linearizable or local")
        }
    }

    /// The form that a seat map is asked for in.
    func seatMapForm(accept: [ArraySlice<UInt8>]) throws(Problem) -> SeatMapForm {
        switch try text("include") {
        case nil: return .full
        case "availability"?: break
        case _?: throw .invalid("include", "must be availability")
        }
        // Binary only for those who ask for it: no header, or */*, means JSON.
        let binary = MediaType.quality(
            type: "application", subtype: "octet-stream", accept: accept)
        let json = MediaType.quality(type: "application", subtype: "json", accept: accept)
        return binary > json ? .binary : .availability
    }

    func eventQuery() throws(Problem) -> EventQuery {
        EventQuery(
            from: try time("from"), to: try time("to"),
            words: Inventory.words(of: try text("q") ?? ""),
            after: try cursor(), limit: try limit())
    }

    private func time(_ name: StaticString) throws(Problem) -> WallTime? {
        guard let text = try text(name) else { return nil }
        guard let time = WallTime(rfc3339: text.utf8) else {
            throw .invalid("\(name)", "must be an RFC 3339 time, such as 2026-11-22T10:15:30Z")
        }
        return time
    }

    private func cursor() throws(Problem) -> EventPosition? {
        guard let text = try text("cursor") else { return nil }
        guard let position = EventCursor.position(text) else {
            throw .invalid("cursor", "is not one of ours")
        }
        return position
    }

    private func limit() throws(Problem) -> Int {
        guard let text = try text("limit") else { return 50 }
        guard text.utf8.first != UInt8(ascii: "+"), let limit = Int(text), 1...200 ~= limit else {
            throw .invalid("limit", "must be an integer from 1 to 200")
        }
        return limit
    }
}
