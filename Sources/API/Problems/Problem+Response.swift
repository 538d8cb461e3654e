import HTTPProtocol

extension Problem {
    /// The whole answer.
    /// - Parameters:
    ///   - requestID: as in the `Request-Id` header.
    ///   - instance: the path that was asked for; nil when it was never understood.
    func response(_ requestID: RequestTag, instance: String?) -> HTTPResponse {
        var headers = HeaderBlock()
        headers.add("Content-Type", "application/problem+json")
        headers.add("Request-Id", requestID.header)
        headers.add("Cache-Control", "no-store")
        switch hint {
        case .none: break
        case .retryAfter(let seconds): headers.add("Retry-After", HTTPHeaderValue(seconds))
        case .allow(let methods): headers.add("Allow", HTTPHeaderValue(methods) ?? "")
        case .authenticate: headers.add("WWW-Authenticate", "Bearer")
        }
        var body: [UInt8] = []
        body.reserveCapacity(384)
        body.appendJSONObject { document in
            document.field("type", "urn:holdfast:problem:" + code.rawValue)
            document.field("title", code.title)
            document.field("status", Int(status.rawValue))
            document.field("detail", detail)
            if let instance { document.field("instance", instance) }
            document.field("code", code.rawValue)
            document.field("request_id", requestID.text)
            if !errors.isEmpty {
                document.array("errors") { array in
                    for error in errors {
                        array.object { member in
                            member.field("field", error.field)
                            member.field("message", error.message)
                        }
                    }
                }
            }
            if !conflicts.isEmpty {
                document.array("conflicts") { array in
                    for conflict in conflicts {
                        array.object { member in
                            member.field("seat_id", conflict.seat)
                            member.field("state", conflict.state.word)
                        }
                    }
                }
            }
        }
        return HTTPResponse(status, headers: headers, body: body)
    }
}
