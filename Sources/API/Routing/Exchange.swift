package import HTTPProtocol
package import Inventory
package import NodeCore

/// One request on its way through: what routing found, who makes it, and how its answer is to
/// look. It goes along while the core works, and comes back for rendering.
package struct Exchange: Sendable {
    package let endpoint: Endpoint
    package let head: RequestHead
    package let requestID: RequestTag
    package let caller: Caller
    /// The path's variable segment, decoded.
    let parameter: String
    /// The event whose seat map is asked for; known after decoding.
    package internal(set) var event: EventID?
    package internal(set) var consistency = Consistency.local
    var seatMapForm = SeatMapForm.full

    init(
        endpoint: Endpoint, head: RequestHead, requestID: RequestTag, caller: Caller,
        parameter: String
    ) {
        self.endpoint = endpoint
        self.head = head
        self.requestID = requestID
        self.caller = caller
        self.parameter = parameter
    }

    /// The answer to a request that is not done.
    package func refusal(_ problem: Problem) -> HTTPResponse {
        problem.response(requestID, instance: String(decoding: head.path, as: UTF8.self))
    }

    /// A whole answer of this exchange: `Request-Id` first, then what `headers` adds.
    func response(
        _ status: HTTPStatus, _ body: [UInt8] = [], headers add: (inout HeaderBlock) -> Void
    ) -> HTTPResponse {
        var headers = HeaderBlock()
        headers.add("Request-Id", requestID.header)
        add(&headers)
        return HTTPResponse(status, headers: headers, body: body)
    }

    /// The same with a JSON body.
    func json(
        _ status: HTTPStatus, headers add: (inout HeaderBlock) -> Void,
        _ write: (inout JSONObjectWriter) -> Void
    ) -> HTTPResponse {
        var body: [UInt8] = []
        body.reserveCapacity(512)
        body.appendJSONObject(write)
        return response(status, body) { headers in
            headers.add("Content-Type", "application/json")
            add(&headers)
        }
    }
}

/// The three forms of a seat map.
enum SeatMapForm: Hashable, Sendable, CaseIterable {
    /// Layout and availability, JSON.
    case full
    /// Availability alone, JSON.
    case availability
    /// Availability alone, two bits a seat.
    case binary
}
