package import HTTPProtocol
import Inventory
package import NodeCore
package import Primitives

/// The way out: from the core's answers to responses. Every HTTP loop has its own, since it
/// remembers the seat maps that it rendered.
package struct Responder: Sendable {
    package let configuration: APIConfiguration
    private var seatMaps: SeatMapCache

    package init(_ configuration: APIConfiguration) {
        self.configuration = configuration
        seatMaps = SeatMapCache(
            interval: configuration.seatMapInterval, countMax: configuration.seatMapsCachedMax)
    }

    /// What to do now about a request that the core has answered.
    package enum Turn: Sendable {
        case respond(HTTPResponse)
        /// A seat map newer than the last one rendered is wanted too soon after it: ask again at
        /// that time, with the same reply.
        case wait(until: MonotonicTime)
    }

    /// Answers with a seat map rendered lately, so that the core need not be asked. Nil when there
    /// is none, or the exchange wants something else.
    package mutating func cachedResponse(
        to exchange: Exchange, at now: MonotonicTime
    ) -> HTTPResponse? {
        guard exchange.endpoint == .readSeatMap, exchange.consistency == .local,
            let event = exchange.event, let index = seatMaps.fresh(event, at: now)
        else { return nil }
        return seatMap(index, exchange, at: now)
    }

    /// Answers with what the core said.
    package mutating func respond(
        to exchange: Exchange, with reply: Reply, at now: MonotonicTime
    ) -> Turn {
        guard case .seatMap(let view) = reply.answer else {
            let rendering = Rendering(
                exchange: exchange, staleness: reply.staleness, configuration: configuration)
            return .respond(rendering.response(reply.answer))
        }
        switch seatMaps.turn(view, reply.staleness, exchange.consistency, at: now) {
        case .ready(let index): return .respond(seatMap(index, exchange, at: now))
        case .wait(let until): return .wait(until: until)
        }
    }

    private mutating func seatMap(
        _ index: Int, _ exchange: Exchange, at now: MonotonicTime
    ) -> HTTPResponse {
        let entry = seatMaps.entries[index]
        let rendering = Rendering(
            exchange: exchange,
            staleness: entry.staleness.map { $0 + now.milliseconds(since: entry.confirmedAt) },
            configuration: configuration)
        let form = exchange.seatMapForm
        return rendering.conditional(
            entry.bodies.tag(form), revision: entry.bodies.view.event.revision,
            cacheControl: configuration.seatMapCacheControl,
            contentType: form == .binary ? "application/octet-stream" : "application/json"
        ) { seatMaps.body(index, form) }
    }
}

extension APIConfiguration {
    fileprivate var seatMapCacheControl: HTTPHeaderValue {
        HTTPHeaderValue(
            "public, max-age=\(seatMapMaxAgeSeconds), "
                + "stale-while-revalidate=\(seatMapStaleSeconds)") ?? "no-cache"
    }
}
