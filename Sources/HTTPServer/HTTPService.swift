package import HTTPProtocol

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
    package let connection: ConnectionID
    let turn: UInt64
}

/// A connection of one server. The generation tells it from later ones in the same slot.
package struct ConnectionID: Hashable, Sendable {
    /// A small number, which no other connection has at the time.
    package let slot: Int
    let generation: UInt64
}

/// What to do with a request whose head has arrived.
package enum Screening: Sendable {
    /// Read its body, up to this size, and give it to `respond`.
    case accept(bodyBytesMax: Int)
    /// Answer this whatever the body. A body that is short is still read, to its end, so that the
    /// connection can go on.
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
    /// Decides on the head alone, before any byte of the body is asked for or kept. What it learns
    /// it may keep, by the connection's slot: an accepted request is given to `respond` before
    /// the slot's next head is screened, or never.
    func screen(_ head: RequestHead, on connection: ConnectionID) -> Screening
    /// Answers now or later, exactly once: through `HTTPServer.respond(at:with:)`, or
    /// `HTTPServer.abandon`. The client may be gone by then.
    func respond(to request: IncomingRequest, at place: ResponsePlace)
    /// The body of an answer that the server gives by itself; the connection closes after it.
    /// - Parameter head: what the request showed before it went wrong; nil: not even that.
    func refusal(_ refusal: ServerRefusal, of head: RequestHead?) -> HTTPResponse
}
