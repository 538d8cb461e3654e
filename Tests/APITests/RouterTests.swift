import HTTPProtocol
import Testing

@testable import API

private let methods: [HTTPMethod] = [
    .get, .head, .post, .put, .patch, .delete, .options, .trace, .connect, .unknown,
]

@Test(arguments: Endpoint.allCases)
func everyEndpointIsFoundByItsMethodAndPath(_ endpoint: Endpoint) {
    let path = "\(endpoint.path)".replacing("{id}", with: "x%2Fy")
        .replacing("{hash}", with: "x%2Fy").replacing("{provider}", with: "x%2Fy")
    let parameter = path.contains("%") ? "x/y" : ""
    let result = Router().route(endpoint.method, Array(path.utf8)[...])
    #expect(result == .found(endpoint, parameter: parameter))
}

/// The contract's paths, and what each takes.
@Test(arguments: [
    ("/venues", "POST"), ("/venues/v", "GET, HEAD"), ("/events", "POST, GET, HEAD"),
    ("/events/e", "GET, HEAD"), ("/events/e/seatmap", "GET, HEAD"), ("/layouts/h", "GET, HEAD"),
    ("/events/e/reservations", "POST"), ("/events/e/blocks", "POST"),
    ("/reservations/h", "GET, HEAD, PATCH, DELETE"), ("/reservations/h/commit", "POST"),
    ("/orders/o", "GET, HEAD"), ("/orders/o/cancel", "POST"), ("/users/u/orders", "GET, HEAD"),
    ("/payments/webhooks/p", "POST"), ("/healthz", "GET, HEAD"), ("/readyz", "GET, HEAD"),
    ("/leaderz", "GET, HEAD"), ("/metrics", "GET, HEAD"), ("/cluster/status", "GET, HEAD"),
    ("/cluster/transfer", "POST"), ("/cluster/flush", "POST"),
])
func everyOtherMethodIsToldWhatThePathTakes(_ path: String, _ allow: String) {
    let router = Router()
    let allowed = allow.split(separator: ", ")
    for method in methods {
        let result = router.route(method, Array(path.utf8)[...])
        if allowed.contains("\(method.name)") {
            guard case .found(let endpoint, _) = result else {
                Issue.record("\(method) \(path): \(result)")
                continue
            }
            #expect(endpoint.method == (method == .head ? .get : method))
        } else {
            #expect(result == .methodNotAllowed(allow: allow))
        }
    }
}

@Test(arguments: [
    "/", "/event", "/eventsx", "/events/", "/events/e/", "/events/e/seatmap/", "/events//seatmap",
    "/events/e/reservations/h", "/reservations", "/orders", "/users/u", "/payments/webhooks",
    "/payments/webhooks/", "/layouts", "/cluster", "/cluster/backup", "*", "/EVENTS", "//events",
])
func otherPathsNameNothing(_ path: String) {
    for method in methods {
        #expect(Router().route(method, Array(path.utf8)[...]) == .noSuchPath)
    }
}

@Test func aPathIsDecodedSegmentBySegment() {
    let router = Router()
    #expect(
        router.route(.get, Array("/%65vents/%C3%A9".utf8)[...])
            == .found(.readEvent, parameter: "é"))
    #expect(router.route(.get, Array("/events%2Fe".utf8)[...]) == .noSuchPath)
    for bad in ["/events/%zz", "/events/%", "/events/%FF", "/%00"] {
        #expect(router.route(.get, Array(bad.utf8)[...]) == .malformedPath)
    }
}

@Test func labelsOfMetricsHoldNoIDs() {
    #expect(Set(Endpoint.allCases.map { "\($0.method.name) \($0.path)" }).count == 24)
    #expect("\(Endpoint.hold.path)" == "/events/{id}/reservations")
}
