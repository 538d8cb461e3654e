import HTTPProtocol
import NodeRuntime
import Wire

/// The bytes of a client's connection, and what becomes of its requests on their way to the leader.
enum RequestProperties {
    private static let limits = [
        HTTPLimits(),
        HTTPLimits(headBytesMax: 256, targetBytesMax: 64, fieldCountMax: 8, bodyBytesMax: 64),
    ]

    static func check(_ input: [UInt8]) throws(BrokenProperty) -> Verdict {
        var verdict = Verdict.refused
        for limits in Self.limits {
            let whole = try events([input], limits)
            for pieces in [input.pieces, input.singleBytes] {
                try require(
                    events(pieces, limits) == whole, "how bytes are cut changes no event")
            }
            var head: RequestHead?
            for event in whole {
                switch event {
                case .head(let found):
                    try check(found, limits)
                    head = found
                case .body(let body):
                    let owner = try require(head.take(), "a body comes after its head")
                    try checkWriting(owner, body)
                    try checkForwarding(owner, body)
                    verdict = .accepted
                case .continueExpected, .needsMoreBytes:
                    break
                case .refused(let error):
                    try require(error.status.rawValue >= 400, "a refusal is an error")
                }
            }
        }
        return verdict
    }

    /// As a server reads: the body's limit is set once the head is known, and nothing follows a
    /// refusal.
    private static func events(
        _ pieces: [[UInt8]], _ limits: HTTPLimits
    ) throws(BrokenProperty) -> [RequestEvent] {
        var parser = RequestParser(limits: limits)
        var events: [RequestEvent] = []
        for piece in pieces {
            parser.receive(piece)
            reading: while true {
                let event = parser.next()
                switch event {
                case .needsMoreBytes: break reading
                case .head(let head):
                    if head.path.count % 2 == 1 { parser.bodyBytesMax = 48 }
                    events.append(event)
                case .continueExpected: events.append(event)
                case .body(let body):
                    try require(body.count <= parser.bodyBytesMax, "a body keeps to its limit")
                    events.append(event)
                case .refused:
                    try require(parser.next() == event, "a refusal is final")
                    return events + [event]
                }
            }
        }
        return events
    }

    private static func check(
        _ head: RequestHead, _ limits: HTTPLimits
    ) throws(BrokenProperty) {
        try require(head.fields.count <= limits.fieldCountMax, "fields keep to their limit")
        try require(head.pathAndQuery.count <= limits.targetBytesMax + 1, "so does the target")
        try require(head.framing != .untilClose, "a request's end never is the connection's")
        let isAsterisk = head.path.elementsEqual("*".utf8)
        try require(isAsterisk || head.path.first == UInt8(ascii: "/"), "a path has its slash")
    }

    /// The request, written anew from what was read of it, reads the same.
    private static func checkWriting(
        _ head: RequestHead, _ body: [UInt8]
    ) throws(BrokenProperty) {
        guard head.method != .unknown else { return }
        var bytes = Array("\(head.method.name) ".utf8)
        bytes += head.pathAndQuery
        bytes += (head.version == .http11 ? " HTTP/1.1\r\n" : " HTTP/1.0\r\n").utf8
        for field in head.fields.all where !field.name.framesMessage {
            bytes += field.name
            bytes += ": ".utf8
            bytes += field.value
            bytes += "\r\n".utf8
        }
        bytes += "Content-Length: \(body.count)\r\n\r\n".utf8
        var parser = RequestParser(limits: .wide)
        parser.receive(bytes + body)
        guard case .head(let again) = parser.next() else {
            throw BrokenProperty("a head that is written can be read")
        }
        try require(again.method == head.method, "its method is the same")
        try require(again.pathAndQuery == head.pathAndQuery, "its target is the same")
        try require(again.persistence == head.persistence, "its persistence is the same")
        try require(again.expectation == head.expectation, "its expectation is the same")
        try require(
            again.fields.all.dropLast().elementsEqual(
                head.fields.all.filter { !$0.name.framesMessage }, by: ==),
            "its fields are the same")
        if head.expectation == .continue, !body.isEmpty {
            try require(parser.next() == .continueExpected, "its body is waited for")
        }
        try require(parser.next() == .body(body), "its body is the same")
        try require(parser.isIdle, "and nothing is left")
    }

    /// The leader sees what the client sent.
    private static func checkForwarding(
        _ head: RequestHead, _ body: [UInt8]
    ) throws(BrokenProperty) {
        guard head.method != .unknown else { return }
        let forward = ForwardRequest(head, body: body, id: 1)
        let (seen, seenBody) = try require(
            forward.parsed(), "what one node accepts, another takes from it")
        try require(seen.method == head.method, "a forward keeps its method")
        try require(seen.pathAndQuery == head.pathAndQuery, "a forward keeps its target")
        try require(seenBody == body, "a forward keeps its body")
        for name in ["authorization", "idempotency-key", "content-type"] as [StaticString] {
            let texts = head.fields.values(name).filter {
                String(validating: $0, as: UTF8.self) != nil
            }
            try require(seen.fields.values(name) == texts, "a forward keeps \(name)")
        }
    }
}

extension HTTPLimits {
    /// More than any message that was accepted under the usual limits.
    static var wide: HTTPLimits {
        HTTPLimits(
            headBytesMax: 65_535, targetBytesMax: 65_535, fieldCountMax: 1_000,
            bodyBytesMax: 1 << 20)
    }
}

extension ArraySlice<UInt8> {
    /// Whether a field of this name says where the message ends.
    var framesMessage: Bool {
        let name = String(decoding: self, as: UTF8.self).lowercased()
        return name == "content-length" || name == "transfer-encoding"
    }
}
