package import HTTPProtocol
import Primitives

/// The way in: from a request's head to an admitted exchange, from its body to an operation. A
/// value without state: every HTTP loop has its own.
package struct Gateway: Sendable {
    package let configuration: APIConfiguration
    private let router = Router()

    package init(_ configuration: APIConfiguration) { self.configuration = configuration }

    /// What becomes of a request whose head has arrived.
    package enum Admission: Sendable {
        /// Read a body of at most so many bytes, then `decode`.
        case admitted(Exchange, bodyBytesMax: Int)
        /// Answer so. The body, if one is coming, must still be read or the connection closed.
        case refused(HTTPResponse)
    }

    /// Judges what a head alone can tell: path, method, key and the body's type, in this order.
    /// - Parameter random: 128 bits that nobody can guess, anew at each call.
    package func admit(_ head: RequestHead, random: () -> UInt128) -> Admission {
        let requestID = RequestTag(of: head, random: random)
        do {
            let exchange = try exchange(for: head, requestID)
            return .admitted(exchange, bodyBytesMax: bodyBytesMax(of: exchange.endpoint))
        } catch {
            let path = String(decoding: head.path, as: UTF8.self)
            return .refused(error.response(requestID, instance: path))
        }
    }

    /// The answer to a message that was refused before its head was whole, or whose body came too
    /// slowly or was too large. The connection is to be closed.
    /// - Parameter head: of the latter.
    package func refusal(
        _ problem: Problem, of head: RequestHead?, random: () -> UInt128
    ) -> HTTPResponse {
        guard let head else { return problem.response(RequestTag(random: random()), instance: nil) }
        let path = String(decoding: head.path, as: UTF8.self)
        return problem.response(RequestTag(of: head, random: random), instance: path)
    }

    /// What becomes of a write at a node that doesn't lead: payment providers take a 3xx for a
    /// failure, so their messages are always sent on.
    package func leaderRouting(of endpoint: Endpoint) -> LeaderRouting {
        endpoint == .webhook ? .forward : configuration.leaderRouting
    }

    private func bodyBytesMax(of endpoint: Endpoint) -> Int {
        endpoint == .createVenue ? configuration.venueBodyBytesMax : configuration.bodyBytesMax
    }

    private func exchange(
        for head: RequestHead, _ requestID: RequestTag
    ) throws(Problem) -> Exchange {
        switch router.route(head.method, head.path) {
        case .found(let endpoint, let parameter):
            let caller = try caller(of: head, for: endpoint.access)
            try checkContentType(of: head, for: endpoint)
            return Exchange(
                endpoint: endpoint, head: head, requestID: requestID, caller: caller,
                parameter: parameter)
        case .noSuchPath:
            throw Problem(.notFound, "There is nothing at this path.")
        case .malformedPath:
            throw Problem(.malformedRequest, "The path has a malformed percent escape.")
        case .methodNotAllowed(let allow):
            throw Problem(.methodNotAllowed, "This path takes \(allow) only.")
                .with(.allow(methods: allow))
        }
    }

    private func caller(of head: RequestHead, for access: Access) throws(Problem) -> Caller {
        let needsKey =
            switch access {
            case .open: false
            case .monitoring: configuration.monitoring == .keyed
            case .buyer: configuration.sales == .keyed
            case .organizer, .operator, .admin: true
            }
        if access == .open || access == .monitoring && !needsKey { return .anonymous }
        guard let authorization = head.fields.first("authorization") else {
            guard needsKey else { return .anonymous }
            throw Problem(.unauthenticated, "This call needs a key: Authorization: Bearer.")
                .with(.authenticate)
        }
        guard let key = configuration.key(authorization: authorization) else {
            throw Problem(.unauthenticated, "The key is not known here.").with(.authenticate)
        }
        guard !needsKey || key.role.permits(access) else {
            throw Problem(.forbidden, "The key's role does not permit this call.")
        }
        return .holder(key)
    }

    private func checkContentType(
        of head: RequestHead, for endpoint: Endpoint
    ) throws(Problem) {
        guard endpoint.body == .json, let type = head.fields.first("content-type"),
            !MediaType.isJSON(type)
        else { return }
        throw Problem(.unsupportedMediaType, "The body must be application/json.")
    }
}

extension Problem {
    /// What a parser refused.
    package init(_ error: HTTPParseError) { self.init(ProblemCode(error), "\(error.detail)") }
}
