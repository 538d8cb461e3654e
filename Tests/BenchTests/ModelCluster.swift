import HTTPProtocol
import HTTPServer
import Primitives
import SystemIO
import Testing

@testable import Bench

/// Three nodes with one inventory among them, one of which leads at a time, and their payment
/// provider, all on the loop of the test.
final class ModelCluster {
    /// What happens to writes.
    enum Weather {
        case calm
        /// Leaders change, answers are lost, nodes say 503 and 504: every few writes, something.
        case rough
    }

    private let loop: EventLoop
    private let weather: Weather
    private(set) var inventory: ModelInventory
    private(set) var nodes: [TestNode] = []
    private var providers: [TestNode] = []
    private var leader = 0
    private var writes = 0

    init(
        _ loop: EventLoop, stadium: Stadium, ttl: Milliseconds, _ weather: Weather,
        defect: ModelInventory.Defect? = nil
    ) throws {
        self.loop = loop
        self.weather = weather
        inventory = ModelInventory(stadium: stadium, ttl: ttl, defect: defect)
        for number in 0..<3 {
            nodes.append(try TestNode(loop) { [unowned self] in reply(to: $0, at: number) })
        }
        providers.append(
            try TestNode(loop) { [unowned self] _ in Self.reply(inventory.chargeList) })
    }

    var provider: SocketAddress { providers[0].address }

    private func reply(to request: IncomingRequest, at node: Int) -> TestNode.Reply {
        inventory.expire(at: SystemClock.monotonicNow())
        let isWrite = request.head.method != .get
        guard isWrite else { return Self.reply(answer(request)) }
        guard node == leader else {
            return .answer(
                .temporaryRedirect, location: "http://\(nodes[leader].address)\(request.pathText)")
        }
        writes += 1
        guard weather == .rough else { return Self.reply(answer(request)) }
        if writes % 13 == 0 { return .answer(.serviceUnavailable, body: #"{"code":"no_leader"}"#) }
        if writes % 17 == 0 { leader = (leader + 1) % nodes.count }
        let answer = answer(request)
        if writes % 7 == 0 { return .hangUp }
        if writes % 11 == 0 { return .answer(.gatewayTimeout) }
        return Self.reply(answer)
    }

    private static func reply(_ answer: ModelInventory.Answer) -> TestNode.Reply {
        .bytes(answer.status, answer.body)
    }

    private func answer(_ request: IncomingRequest) -> ModelInventory.Answer {
        let path = request.pathText.split(separator: "/").map(String.init)
        let body = (try? JSONValue(parsing: request.body)) ?? .null
        switch (request.head.method, path[0], path.count) {
        case (.post, "venues", 1):
            return .init(status: .created, body: Array(#"{"venue_id":"ven_1"}"#.utf8))
        case (.post, "events", 1):
            return .init(status: .created, body: Array(#"{"event_id":"evt_1"}"#.utf8))
        case (.post, "events", _): return inventory.hold(body, at: SystemClock.monotonicNow())
        case (.get, "events", _): return inventory.map
        case (.get, "orders", _): return inventory.readOrder(path[1])
        case (.post, "orders", _): return inventory.cancel(order: path[1])
        case (.get, "users", _): return inventory.readOrders(of: path[1])
        case (_, "reservations", _):
            guard let place = inventory.place(ofHold: path[1]) else { return inventory.notFound }
            return answer(request, place, body)
        default: return inventory.notFound
        }
    }

    private func answer(
        _ request: IncomingRequest, _ place: Int, _ body: JSONValue
    ) -> ModelInventory.Answer {
        switch request.head.method {
        case .post: inventory.commit(place, body)
        case .patch: inventory.drop(place, body)
        case .delete: inventory.release(place)
        default: inventory.show(place, .ok)
        }
    }
}
