import HTTPProtocol
import NodeRuntime
import Primitives
import Wire

/// What a node makes of a request or an answer that another node sent on.
enum ForwardProperties {
    /// Nothing in one part of a request reads as another part.
    static func check(_ request: ForwardRequest) throws(BrokenProperty) {
        guard let (head, body) = request.parsed() else { return }
        try require("\(head.method.name)" == request.method, "a forward has the request's method")
        try require(
            head.pathAndQuery.elementsEqual(request.target.utf8), "and its target")
        try require(
            head.fields.count == request.headers.count + 1, "a header is one header")
        try require(body == request.body, "a forward's body is the request's")
    }

    /// A client can read it.
    static func check(_ response: ForwardResponse) throws(BrokenProperty) {
        guard let answer = response.response else { return }
        var bytes: [UInt8] = []
        ResponseWriter(method: .get, version: .http11, persistence: .keepAlive)
            .append(answer, date: HTTPDate(.zero), to: &bytes)
        var parser = ResponseParser(limits: .wide)
        parser.receive(bytes)
        guard case .head(let head) = parser.next(answering: .get) else {
            // More headers than a reader takes are no fault of the one who passes them on.
            try require(response.headers.count > 100, "an answer that is passed on can be read")
            return
        }
        try require(head.statusCode == response.status, "its status is the same")
        var body: [UInt8] = []
        var event = parser.next(answering: .get)
        while case .bodyPart(let part) = event {
            body += part
            event = parser.next(answering: .get)
        }
        guard event != .refused(.bodyTooLarge) else { return }
        try require(event == .end && body == response.body, "its body is the same")
        try require(parser.isIdle, "and nothing is left")
    }
}
