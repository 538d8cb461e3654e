package import HTTPProtocol
package import Primitives

/// A whole request.
package struct IncomingRequest: Sendable {
    package let head: RequestHead
    package let body: [UInt8]
    package init(head: RequestHead, body: [UInt8]) {
        self.head = head
        self.body = body
    }
}

/// Where a response belongs: a connection, and the request's turn on it. Responses may be given in
/// any order; they leave in the order of their requests.
package struct ResponsePlace: Hashable, Sendable {
    var connection: ConnectionID
    var turn: UInt64
}

/// A connection of this process. The generation tells it from later ones in the same slot.
struct ConnectionID: Hashable, Sendable {
    var slot: Int
    var generation: UInt64
}

/// What to do with a request whose head has arrived.
package enum Screening: Sendable {
    /// Read its body, up to this size, and give it to `respond`.
    case accept(bodyBytesMax: Int)
    /// Answer this without looking at the body.
    case refuse(HTTPResponse)
}

/// Why the server itself, not the service, must answer.
package enum ServerRefusal: Hashable, Sendable {
    /// The bytes are no acceptable request.
    case malformed(HTTPParseError)
    /// The request took too long to arrive: 408.
    case tooSlow
}

/// What a server's owner makes of requests. Called on the loop's thread.
package protocol HTTPService: AnyObject {
    /// Decides on the head alone, before any byte of the body is asked for or kept.
    func screen(_ head: RequestHead) -> Screening
    /// Answers now or later through `HTTPServer.respond(at:with:)`, exactly once.
    func respond(to request: IncomingRequest, at place: ResponsePlace)
    /// The body of an answer that the server gives by itself; the connection closes after it.
    func refusal(_ refusal: ServerRefusal) -> HTTPResponse
}

/// What a server allows its clients.
package struct HTTPServerLimits: Hashable, Sendable {
    package var http = HTTPLimits()
    /// Open at once; further ones wait in the listen backlog.
    package var connectionsMax = 19_000
    /// From a request's first byte to its last.
    package var requestTimeout = Milliseconds.seconds(30)
    /// Between requests, and for a client that doesn't read its answers.
    package var idleTimeout = Milliseconds.seconds(75)
    /// Requests of one connection that may wait for their answers.
    package var pipelinedMax = 64
    /// Bytes of answers that may wait for a slow reader before its requests are read no more.
    package var outputBytesMax = 1 << 20
    package init() {}
}
