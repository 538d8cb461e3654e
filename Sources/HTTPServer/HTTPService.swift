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
    var connection: ConnectionID
    var turn: UInt64
}

/// A connection of this process. The generation tells it from later ones in the same slot.
struct ConnectionID: Hashable, Sendable {
    var slot: Int
    var generation: UInt64
}

/// What to do with a request whose head has arrived.
package enum Screening<Ticket> {
    /// Read its body, up to this size, and give it to `respond` with the ticket.
    case accept(Ticket, bodyBytesMax: Int)
    /// Answer this whatever the body. A body that is short is still read, to its end, so that the
    /// connection can go on.
    case refuse(HTTPResponse)
}

extension Screening where Ticket == Void {
    /// For a service that learns nothing from a head.
    package static func accept(bodyBytesMax: Int) -> Self {
        .accept((), bodyBytesMax: bodyBytesMax)
    }
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
    /// What the service learns from a head and needs again once the request is whole.
    associatedtype Ticket
    /// Decides on the head alone, before any byte of the body is asked for or kept.
    func screen(_ head: RequestHead) -> Screening<Ticket>
    /// Answers now or later, exactly once: through `HTTPServer.respond(at:with:)`, or
    /// `HTTPServer.abandon`. The client may be gone by then.
    func respond(to request: IncomingRequest, _ ticket: Ticket, at place: ResponsePlace)
    /// The body of an answer that the server gives by itself; the connection closes after it.
    /// - Parameter head: what the request showed before it went wrong; nil: not even that.
    func refusal(_ refusal: ServerRefusal, of head: RequestHead?) -> HTTPResponse
}
