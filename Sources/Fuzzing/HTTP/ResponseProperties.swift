import HTTPProtocol
import Primitives

/// The bytes of a server's answers, as `HTTPClient` reads them.
enum ResponseProperties {
    private static let limits = [
        HTTPLimits(),
        HTTPLimits(headBytesMax: 256, targetBytesMax: 64, fieldCountMax: 8, bodyBytesMax: 64),
    ]

    /// A response as far as it was read, its body's parts joined.
    private struct Response: Hashable {
        enum End: Hashable {
            case whole
            case cutShort
            case refused(HTTPParseError)
        }
        var head: ResponseHead?
        var body: [UInt8] = []
        var end = End.cutShort
    }

    static func check(_ input: [UInt8]) throws(BrokenProperty) -> Verdict {
        var verdict = Verdict.refused
        for limits in Self.limits {
            for method in [HTTPMethod.get, .head] {
                let whole = try responses([input], limits, method)
                for pieces in [input.pieces, input.singleBytes] {
                    try require(
                        responses(pieces, limits, method) == whole,
                        "how bytes are cut changes no response")
                }
                for response in whole where response.end == .whole {
                    let head = try require(response.head, "a whole response has a head")
                    try check(head, response.body, limits, method)
                    verdict = .accepted
                }
            }
        }
        return verdict
    }

    /// Everything that a connection brought until it closed.
    private static func responses(
        _ pieces: [[UInt8]], _ limits: HTTPLimits, _ method: HTTPMethod
    ) throws(BrokenProperty) -> [Response] {
        var parser = ResponseParser(limits: limits)
        var responses: [Response] = []
        var open = Response()
        for piece in pieces + [nil] {
            if let piece { parser.receive(piece) } else { parser.receiveClose() }
            reading: while true {
                let event = parser.next(answering: method)
                switch event {
                case .needsMoreBytes: break reading
                case .head(let head):
                    try require(open.head == nil, "a response has one head")
                    open.head = head
                case .bodyPart(let part):
                    try require(!part.isEmpty, "a part of a body is never empty")
                    open.body += part
                    try require(open.body.count <= limits.bodyBytesMax, "a body has its limit")
                case .end:
                    open.end = .whole
                    responses.append(open)
                    open = Response()
                case .refused(let error):
                    try require(parser.next(answering: method) == event, "a refusal is final")
                    // How much of a broken body came before depends on the pieces.
                    responses.append(Response(head: open.head, body: [], end: .refused(error)))
                    return responses
                }
            }
        }
        try require(open.head == nil && open.body.isEmpty, "a close ends what was begun")
        return responses
    }

    private static func check(
        _ head: ResponseHead, _ body: [UInt8], _ limits: HTTPLimits, _ method: HTTPMethod
    ) throws(BrokenProperty) {
        try require(200...999 ~= head.statusCode, "a final status")
        try require(head.fields.count <= limits.fieldCountMax, "fields keep to their limit")
        switch head.framing {
        case .empty: try require(body.isEmpty, "no body where none is")
        case .length(let count): try require(body.count == count, "the declared length")
        case .chunked: break
        case .untilClose: try require(head.persistence == .close, "its end closes the connection")
        }
        guard let status = HTTPStatus(rawValue: head.statusCode) else { return }
        try checkWriting(status, head, body, method)
    }

    /// The same answer from our own server reads the same.
    private static func checkWriting(
        _ status: HTTPStatus, _ head: ResponseHead, _ body: [UInt8], _ method: HTTPMethod
    ) throws(BrokenProperty) {
        var headers = HeaderBlock()
        for field in head.fields.all where !field.name.isWritersOwn {
            let name = String(decoding: field.name, as: UTF8.self)
            guard let value = String(validating: field.value, as: UTF8.self) else { continue }
            try require(headers.add(received: name, value), "a header that was read can be sent")
        }
        var written: [UInt8] = []
        ResponseWriter(method: method, version: head.version, persistence: head.persistence)
            .append(
                HTTPResponse(status, headers: headers, body: body), date: HTTPDate(.zero),
                to: &written)
        var parser = ResponseParser(limits: .wide)
        parser.receive(written)
        guard case .head(let again) = parser.next(answering: method) else {
            throw BrokenProperty("a head that is written can be read")
        }
        try require(again.statusCode == head.statusCode, "its status is the same")
        for line in headers.lines {
            try require(
                again.fields.all.contains {
                    $0.name.elementsEqual(line.name.utf8) && $0.value.elementsEqual(line.value.utf8)
                }, "its headers are there")
        }
        var bodyAgain: [UInt8] = []
        var event = parser.next(answering: method)
        while case .bodyPart(let part) = event {
            bodyAgain += part
            event = parser.next(answering: method)
        }
        try require(event == .end && bodyAgain == body, "its body is the same")
        try require(parser.isIdle, "and nothing is left")
    }
}

extension ArraySlice<UInt8> {
    /// Whether a server's writer states this field itself.
    fileprivate var isWritersOwn: Bool {
        let name = String(decoding: self, as: UTF8.self).lowercased()
        return framesMessage || name == "connection" || name == "date"
    }
}
