/// How a message's body is delimited (RFC 9112 §6).
package enum BodyFraming: Hashable, Sendable {
    case empty
    /// `Content-Length`, in bytes.
    case length(Int)
    case chunked
    /// Responses only: the body lasts until the connection closes.
    case untilClose
}

/// What happens to the connection after this message (RFC 9112 §9.3).
package enum ConnectionPersistence: Hashable, Sendable {
    case keepAlive
    case close
}
