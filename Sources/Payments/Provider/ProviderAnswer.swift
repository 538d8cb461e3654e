import HTTPProtocol
import HTTPServer
import NodeCore

/// How the provider answers a request of its API.
enum ProviderAnswer {
    case now(HTTPResponse)
    /// When the payment's status is final.
    case onceSettled(paymentID: String)
    /// Never: the answer is lost on the way.
    case never

    static func payment(_ payment: ProviderPayment) -> ProviderAnswer {
        .now(.json { payment.write(to: &$0) })
    }

    static func problem(_ status: HTTPStatus, _ detail: String) -> ProviderAnswer {
        var response = HTTPResponse.json { object in
            object.field("status", Int(status.rawValue))
            object.field("detail", detail)
        }
        response.status = status
        return .now(response)
    }
}

extension HTTPResponse {
    static func json(_ write: (inout JSONObjectWriter) -> Void) -> HTTPResponse {
        var headers = HeaderBlock()
        headers.add("Content-Type", "application/json")
        var body: [UInt8] = []
        body.appendJSONObject(write)
        return HTTPResponse(.ok, headers: headers, body: body)
    }
}
