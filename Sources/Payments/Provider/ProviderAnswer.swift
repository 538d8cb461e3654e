import HTTPProtocol

/// How the provider answers a request of its API.
enum ProviderAnswer: Hashable {
    case now(HTTPResponse)
    /// When the payment's status is final.
    case onceSettled(paymentID: String)
    /// Never: the answer is lost on the way.
    case never

    static func payment(_ payment: ProviderPayment) -> ProviderAnswer {
        .now(.json { payment.write(to: &$0) })
    }
}

/// A request that is not followed: a problem document (RFC 9457).
struct ProviderRefusal: Error, Hashable {
    var status: HTTPStatus
    var detail: String
    /// The methods that the resource knows, for 405.
    var allow: String?

    init(_ status: HTTPStatus, _ detail: String, allow: String? = nil) {
        self.status = status
        self.detail = detail
        self.allow = allow
    }

    static let noSuchResource = ProviderRefusal(.notFound, "there is nothing at this path")
    static let noSuchPayment = ProviderRefusal(.notFound, "there is no such payment")

    static func methodNotAllowed(_ allow: String) -> ProviderRefusal {
        ProviderRefusal(.methodNotAllowed, "the methods here are \(allow)", allow: allow)
    }

    var response: HTTPResponse {
        var response = HTTPResponse.json(.problem) { object in
            object.field("title", status.reason.description)
            object.field("status", Int(status.rawValue))
            object.field("detail", detail)
        }
        response.status = status
        if let allow = allow.flatMap(HTTPHeaderValue.init) { response.headers.add("Allow", allow) }
        return response
    }
}

extension HTTPResponse {
    enum JSONType: Hashable {
        case plain
        case problem
    }

    static func json(
        _ type: JSONType = .plain, _ write: (inout JSONObjectWriter) -> Void
    ) -> HTTPResponse {
        var headers = HeaderBlock()
        switch type {
        case .plain: headers.add("Content-Type", "application/json")
        case .problem: headers.add("Content-Type", "application/problem+json")
        }
        var body: [UInt8] = []
        body.appendJSONObject(write)
        return HTTPResponse(.ok, headers: headers, body: body)
    }
}
