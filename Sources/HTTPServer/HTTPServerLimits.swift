package import HTTPProtocol
package import Primitives

/// What a server allows its clients.
package struct HTTPServerLimits: Hashable, Sendable {
    package var http = HTTPLimits()
    /// Open at once, in all servers that share an allowance; further ones wait in the backlog.
    package var connectionsMax = 19_000
    /// From a request's first byte to its last.
    package var requestTimeout = Milliseconds.seconds(30)
    /// Between requests, and for a client that reads nothing of its answers.
    package var idleTimeout = Milliseconds.seconds(75)
    /// For a client to close after its last answer.
    package var lingerTimeout = Milliseconds.seconds(5)
    /// Requests of one connection that may wait for their answers.
    package var pipelinedMax = 64
    /// Bytes of answers that may wait for a slow reader before its requests are read no more.
    package var outputBytesMax = 1 << 20
    package init() {}

    /// How often deadlines are looked at: often enough for the shortest of them.
    var sweepInterval: Milliseconds {
        let shortest = min(requestTimeout, idleTimeout, lingerTimeout)
        return Milliseconds(max(1, min(500, shortest.rawValue / 4)))
    }
}
