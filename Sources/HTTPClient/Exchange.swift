package import HTTPProtocol
import Primitives

/// One request and who waits for its answer.
struct Exchange {
    let request: HTTPRequest
    let deadline: MonotonicTime
    let completion: (Result<ClientResponse, HTTPClientError>) -> Void

    func fail(_ error: HTTPClientError) { completion(.failure(error)) }
}

/// A whole response.
package struct ClientResponse: Sendable {
    package let head: ResponseHead
    package let body: [UInt8]
    package var status: UInt16 { head.statusCode }
}

/// Why there is no response.
package enum HTTPClientError: Error, Hashable, Sendable {
    /// Nothing of the request left: no connection, or too many requests wait for one. It may be
    /// sent again.
    case notSent(reason: String)
    /// The request left, at least in part, and whether it was acted on isn't known.
    case unanswered(reason: String)
    /// No answer came in time; the request may have been acted on.
    case timedOut
}

/// Exchanges that wait for a connection, oldest first.
struct WaitingExchanges {
    private var exchanges: [Exchange?] = []
    /// Where the oldest is; those before have gone.
    private var head = 0

    var count: Int { exchanges.count - head }

    mutating func append(_ exchange: Exchange) { exchanges.append(exchange) }

    mutating func popFirst() -> Exchange? {
        guard head < exchanges.count else { return nil }
        defer {
            head += 1
            if head * 2 >= exchanges.count {
                exchanges.removeFirst(head)
                head = 0
            }
        }
        return exchanges[head].take()
    }

    /// Those whose deadline has come, taken out; all of them without a time.
    mutating func removeAll(dueAt now: MonotonicTime? = nil) -> [Exchange] {
        var due: [Exchange] = []
        var rest: [Exchange?] = []
        for case .some(let exchange) in exchanges[head...] {
            if let now, exchange.deadline > now {
                rest.append(exchange)
            } else {
                due.append(exchange)
            }
        }
        guard !due.isEmpty else { return [] }
        exchanges = rest
        head = 0
        return due
    }
}
