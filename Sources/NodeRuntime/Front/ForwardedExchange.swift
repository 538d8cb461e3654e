package import HTTPProtocol
package import Wire

extension ForwardRequest {
    /// A client's request as the leader is to see it. What concerned only the client's own
    /// connection stays here: the forwarder frames the body anew. So does a value that is not
    /// UTF-8, which means nothing to the API.
    package init(_ head: RequestHead, body: [UInt8], id: UInt64) {
        var headers: [ForwardHeader] = []
        for field in head.fields.all {
            let name = String(decoding: field.name, as: UTF8.self).lowercased()
            guard !Self.hopHeaders.contains(name),
                let value = String(validating: field.value, as: UTF8.self)
            else { continue }
            headers.append(ForwardHeader(name: name, value: value))
        }
        // The leader reads HTTP/1.1, which wants it of everybody.
        if head.fields.first("host") == nil {
            headers.append(ForwardHeader(name: "host", value: ""))
        }
        self.init(
            id: id, method: "\(head.method.name)",
            target: String(decoding: head.pathAndQuery, as: UTF8.self), headers: headers,
            body: body)
    }

    /// RFC 9110 §7.6.1, and what states the body's framing.
    private static let hopHeaders = [
        "connection", "keep-alive", "transfer-encoding", "content-length", "te", "trailer",
        "upgrade", "expect", "proxy-connection",
    ]

    /// The request through this node's own parser, which refuses what it would refuse a client. How
    /// much a head may hold, the forwarder has judged, and by its own configuration.
    package func parsed() -> (head: RequestHead, body: [UInt8])? {
        var bytes = Array("\(method) \(target) HTTP/1.1\r\n".utf8)
        var block = HeaderBlock()
        for header in headers {
            guard block.add(received: header.name, header.value) else { return nil }
        }
        block.append(to: &bytes)
        bytes.append(contentsOf: "Content-Length: \(body.count)\r\n\r\n".utf8)
        bytes.append(contentsOf: body)
        var parser = RequestParser(
            limits: HTTPLimits(
                headBytesMax: Int(UInt16.max), targetBytesMax: Int(UInt16.max),
                fieldCountMax: headers.count + 1, bodyBytesMax: body.count))
        parser.receive(bytes)
        // A line break in the method or the target would have become a line of its own.
        guard case .head(let head) = parser.next(), head.method.name.description == method,
            head.pathAndQuery.elementsEqual(target.utf8)
        else { return nil }
        parser.bodyBytesMax = body.count
        guard case .body(let body) = parser.next() else { return nil }
        return (head, body)
    }
}

extension ForwardResponse {
    /// Nil when the leader's answer is not one that this version may pass on.
    package var response: HTTPResponse? {
        guard let status = HTTPStatus(rawValue: status), body.isEmpty || !status.forbidsBody
        else { return nil }
        var block = HeaderBlock()
        for header in headers {
            guard block.add(received: header.name, header.value) else { return nil }
        }
        return HTTPResponse(status, headers: block, body: body)
    }
}
