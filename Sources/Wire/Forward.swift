import Primitives

/// An HTTP request that a follower passes to the leader.
package struct ForwardRequest: Hashable, Sendable {
    /// Chosen by the forwarder, unique among its open forwards on this connection.
    package var id: UInt64
    package var method: String
    package var target: String
    package var headers: [ForwardHeader]
    package var body: [UInt8]

    package init(
        id: UInt64, method: String, target: String, headers: [ForwardHeader], body: [UInt8]
    ) {
        self.id = id
        self.method = method
        self.target = target
        self.headers = headers
        self.body = body
    }
}

/// The leader's answer to the forward of the same id.
package struct ForwardResponse: Hashable, Sendable {
    package var id: UInt64
    package var status: UInt16
    package var headers: [ForwardHeader]
    package var body: [UInt8]

    package init(id: UInt64, status: UInt16, headers: [ForwardHeader], body: [UInt8]) {
        self.id = id
        self.status = status
        self.headers = headers
        self.body = body
    }
}

/// One header field of a forwarded request or response.
package struct ForwardHeader: Hashable, Sendable {
    package var name: String
    package var value: String
    package init(name: String, value: String) {
        self.name = name
        self.value = value
    }
}

extension ForwardRequest {
    /// The bytes that `encodePayload` writes.
    var payloadBytes: Int {
        method.wireBytes + target.wireBytes + headers.wireBytes + body.count
    }

    func encodePayload(into writer: inout ByteWriter) {
        writer.string(method)
        writer.string(target)
        writer.headers(headers)
        writer.raw(body)
    }

    init(id: UInt64, payload reader: inout ByteReader) throws(ByteReaderError) {
        self.init(
            id: id, method: try reader.string(max: reader.remaining),
            target: try reader.string(max: reader.remaining), headers: try reader.headers(),
            body: try reader.raw(count: reader.remaining))
    }
}

extension ForwardResponse {
    /// The bytes that `encodePayload` writes.
    var payloadBytes: Int { 2 + headers.wireBytes + body.count }

    func encodePayload(into writer: inout ByteWriter) {
        writer.u16(status)
        writer.headers(headers)
        writer.raw(body)
    }

    init(id: UInt64, payload reader: inout ByteReader) throws(ByteReaderError) {
        self.init(
            id: id, status: try reader.u16(), headers: try reader.headers(),
            body: try reader.raw(count: reader.remaining))
    }
}

extension String {
    fileprivate var wireBytes: Int { utf8.count.varintBytes + utf8.count }
}

extension [ForwardHeader] {
    fileprivate var wireBytes: Int {
        reduce(count.varintBytes) { $0 + $1.name.wireBytes + $1.value.wireBytes }
    }
}

extension Int {
    /// Bytes of this number, which must not be negative, as a varint: seven bits in each.
    fileprivate var varintBytes: Int {
        (bitWidth - (self | 1).leadingZeroBitCount + 6) / 7
    }
}

extension ByteWriter {
    fileprivate mutating func headers(_ headers: [ForwardHeader]) {
        varint(UInt64(headers.count))
        for header in headers {
            string(header.name)
            string(header.value)
        }
    }
}

extension ByteReader {
    fileprivate mutating func headers() throws(ByteReaderError) -> [ForwardHeader] {
        let count = try varint()
        // A header takes two bytes at least.
        guard count <= remaining / 2 else {
            throw .lengthOverLimit(length: count, limit: remaining / 2)
        }
        var headers: [ForwardHeader] = []
        headers.reserveCapacity(Int(count))
        for _ in 0..<count {
            headers.append(
                ForwardHeader(
                    name: try string(max: remaining), value: try string(max: remaining)))
        }
        return headers
    }
}
