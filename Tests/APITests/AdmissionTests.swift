import HTTPProtocol
import Primitives
import Testing

@testable import API

private func path(of endpoint: Endpoint) -> String {
    "\(endpoint.path)".replacing("{id}", with: "x").replacing("{hash}", with: "x").replacing(
        "{provider}", with: "x")
}

private func status(_ client: Client, _ endpoint: Endpoint) throws -> Int {
    switch try client.admit("\(endpoint.method.name)", path(of: endpoint)) {
    case .admitted: 200
    case .refused(let response): Int(response.status.rawValue)
    }
}

/// Each endpoint with the keys that open it when sales are keyed: anonymous, buyer, organizer,
/// operator, admin.
private let rights: [(endpoints: [Endpoint], statuses: [Int])] = [
    (
        [
            .readVenue, .listEvents, .readEvent, .readSeatMap, .readLayout, .hold, .readHold,
            .amendHold, .releaseHold, .commit, .readOrder,
        ], [401, 200, 200, 403, 200]
    ),
    ([.createVenue, .createEvent, .setBlocked, .cancelOrder], [401, 403, 200, 403, 200]),
    ([.listUserOrders], [401, 403, 403, 403, 200]),
    ([.webhook], [200, 200, 200, 200, 200]),
    ([.health, .readiness, .leadership, .metrics, .clusterStatus], [200, 200, 200, 200, 200]),
    ([.transferLeadership, .flush], [401, 403, 403, 200, 200]),
]

private let callers: [String?] = [
    nil, Client.buyer, Client.organizer, Client.operating, Client.admin,
]

@Test func everyEndpointAdmitsItsRoles() throws {
    #expect(Set(rights.flatMap(\.endpoints)) == Set(Endpoint.allCases))
    var client = Client()
    for (endpoints, statuses) in rights {
        for endpoint in endpoints {
            for (caller, expected) in zip(callers, statuses) {
                client.key = caller
                #expect(try status(client, endpoint) == expected, "\(endpoint) \(caller ?? "-")")
            }
        }
    }
}

@Test func anOpenSaleAsksBuyersForNoKeyAndOthersAsBefore() throws {
    var client = Client()
    client.configuration.sales = .open
    for (endpoints, statuses) in rights {
        for endpoint in endpoints {
            for (caller, expected) in zip(callers, statuses) {
                client.key = caller
                let opened = endpoint.access == .buyer ? 200 : expected
                #expect(try status(client, endpoint) == opened, "\(endpoint) \(caller ?? "-")")
            }
        }
    }
}

@Test func aKeyThatIsNotKnownIsRefusedEvenWhereNoneIsNeeded() throws {
    var client = Client()
    client.configuration.sales = .open
    for key in ["wrong", "Buyer-key", "buyer-key ", "buyer-keyx", " "] {
        client.key = key == "buyer-key " ? "buyer-key  x" : key
        #expect(try status(client, .hold) == 401, "\(key)")
    }
    #expect(try status(client, .health) == 200)
    #expect(try status(client, .webhook) == 200)
}

@Test func onlyTheBearerSchemeIsSpoken() throws {
    var client = Client()
    client.key = nil
    for (value, expected) in [
        ("bearer buyer-key", 200), ("BEARER buyer-key", 200), ("Bearer", 401), ("buyer-key", 401),
        ("Basic buyer-key", 401), ("Bearer  buyer-key", 401), ("", 401),
    ] {
        switch try client.admit(
            "GET", "/events", headers: [("Authorization", value)])
        {
        case .admitted(let exchange, _):
            #expect(expected == 200, "\(value)")
            guard case .holder(let key) = exchange.caller else {
                Issue.record("\(exchange.caller)")
                continue
            }
            #expect(key.name == "buyer-key")
        case .refused(let response):
            #expect(Int(response.status.rawValue) == expected, "\(value)")
        }
    }
}

@Test func refusalsOfKeysSayHowToShowOne() throws {
    var client = Client()
    client.key = nil
    let missing = try #require(try client.refusal("POST", "/venues"))
    #expect(missing.status == 401)
    #expect(missing.code == "unauthenticated")
    #expect(missing["www-authenticate"] == "Bearer")
    client.key = "wrong"
    let wrong = try #require(try client.refusal("POST", "/venues"))
    #expect(wrong["www-authenticate"] == "Bearer")
    client.key = Client.buyer
    let weak = try #require(try client.refusal("POST", "/venues"))
    #expect(weak.status == 403)
    #expect(weak.code == "forbidden")
    #expect(weak["www-authenticate"] == nil)
}

@Test func monitoringAsksForAnOperatorsKeyWhenConfiguredSo() throws {
    var client = Client()
    client.configuration.monitoring = .keyed
    for endpoint in [Endpoint.health, .readiness, .leadership, .metrics, .clusterStatus] {
        for (caller, expected) in zip(callers, [401, 403, 403, 200, 200]) {
            client.key = caller
            #expect(try status(client, endpoint) == expected, "\(endpoint) \(caller ?? "-")")
        }
    }
}

@Test func onlyAVenueMayBeLarge() throws {
    let client = Client()
    for endpoint in Endpoint.allCases {
        guard
            case .admitted(_, let bodyBytesMax) = try client.admit(
                "\(endpoint.method.name)", path(of: endpoint))
        else {
            Issue.record("\(endpoint)")
            continue
        }
        #expect(bodyBytesMax == (endpoint == .createVenue ? 16 << 20 : 64 << 10))
    }
}

@Test func aBodyIsJSONOrUnnamed() throws {
    var client = Client()
    for type in ["text/plain", "application/x-www-form-urlencoded", "application/jsonx", ""] {
        let refusal = try #require(
            try client.refusal("POST", "/venues", headers: [("Content-Type", type)]))
        #expect(refusal.status == 415, "\(type)")
        #expect(refusal.code == "unsupported_media_type")
    }
    for type in ["application/json", "Application/JSON; charset=UTF-8", "application/ld+json"] {
        _ = try client.exchange("POST", "/venues", headers: [("Content-Type", type)])
    }
    // Whose body is not read, or read raw, may be called anything.
    for path in ["/payments/webhooks/simulated", "/orders/o/cancel", "/cluster/flush"] {
        _ = try client.exchange("POST", path, headers: [("Content-Type", "text/plain")])
    }
}

@Test func refusalsOfPathsAndMethods() throws {
    var client = Client()
    let missing = try #require(try client.refusal("GET", "/nothing?x=1"))
    #expect(missing.status == 404)
    #expect(
        missing.body
            == #"{"type":"urn:holdfast:problem:not_found","title":"Not found","status":404,"#
            + #""detail":"There is nothing at this path.","instance":"/nothing","#
            + #""code":"not_found","request_id":"req_00000000000000000000000034"}"#)
    #expect(missing["content-type"] == "application/problem+json")
    #expect(missing["request-id"] == "req_00000000000000000000000034")
    #expect(missing["cache-control"] == "no-store")
    let method = try #require(try client.refusal("PUT", "/events"))
    #expect(method.status == 405)
    #expect(method.code == "method_not_allowed")
    #expect(method["allow"] == "POST, GET, HEAD")
    let escape = try #require(try client.refusal("GET", "/events/%zz"))
    #expect(escape.status == 400)
    #expect(escape.code == "malformed_request")
}

@Test func theClientsOwnRequestIDIsKeptIfItIsUsable() throws {
    var client = Client()
    for (sent, kept) in [
        ("abc-1", true), (String(repeating: "x", count: 128), true),
        (String(repeating: "x", count: 129), false), ("a b", false), ("é", false), ("", false),
    ] {
        let answer = try #require(
            try client.refusal("GET", "/nothing", headers: [("X-Request-Id", sent)]))
        #expect(answer["request-id"] == (kept ? sent : "req_00000000000000000000000034"))
        #expect(answer.document?["request_id"]?.text == answer["request-id"])
    }
}

@Test func whatTheParserRefusesHasACode() throws {
    let gateway = Gateway(Client.configuration)
    for (error, status, code) in [
        (HTTPParseError.bodyTooLarge, 413, "content_too_large"),
        (.targetTooLong, 414, "uri_too_long"),
        (.headTooLarge, 431, "request_header_fields_too_large"),
        (.tooManyFields, 431, "request_header_fields_too_large"),
        (.unsupportedExpectation, 417, "expectation_failed"),
        (.unknownTransferCoding, 501, "not_implemented"),
        (.unsupportedVersion, 505, "http_version_not_supported"),
        (.severalHosts, 400, "malformed_request"),
        (.lengthAndTransferCoding, 400, "malformed_request"),
    ] {
        let answer = try Client.receive(gateway.refusal(Problem(error), of: nil) { 1 })
        #expect(answer.status == status)
        #expect(answer.code == code)
        #expect(answer.document?["instance"] == nil)
    }
    for error in HTTPParseError.allCases {
        #expect(Problem(error).status == error.status)
    }
    let slow = try Client.receive(
        gateway.refusal(Problem(.requestTimeout, "The request took too long."), of: nil) { 1 })
    #expect(slow.status == 408)
    #expect(slow.code == "request_timeout")
}

/// Whose head has come has said how it wants to be named.
@Test func aRefusalAfterTheHeadBearsTheClientsRequestID() throws {
    let gateway = Gateway(Client.configuration)
    let head = try Client.head("POST", "/venues?x=1", headers: [("X-Request-Id", "mine")])
    let answer = try Client.receive(gateway.refusal(Problem(.bodyTooLarge), of: head) { 1 })
    #expect(answer["request-id"] == "mine")
    #expect(answer.document?["request_id"]?.text == "mine")
    #expect(answer.document?["instance"]?.text == "/venues")
}

@Test func webhooksAreSentOnWhateverTheRouting() {
    var configuration = Client.configuration
    for endpoint in Endpoint.allCases {
        configuration.leaderRouting = .redirect
        let redirected = Gateway(configuration).leaderRouting(of: endpoint)
        #expect(redirected == (endpoint == .webhook ? .forward : .redirect))
        configuration.leaderRouting = .forward
        #expect(Gateway(configuration).leaderRouting(of: endpoint) == .forward)
    }
}
