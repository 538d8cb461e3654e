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

/// The two versions spoken here. A higher minor version of 1 reads as 1.1 (RFC 9110 §2.5).
package enum HTTPVersion: Hashable, Sendable {
    case http10
    case http11
}

extension HTTPFields {
    /// The framing that the fields declare, nil when they declare none. Anything that two readers
    /// could take differently is refused, though the RFC would let us repair some of it: that
    /// is what request smuggling lives on.
    func declaredFraming(_ version: HTTPVersion) throws(HTTPParseError) -> BodyFraming? {
        var length: ArraySlice<UInt8>?
        var hasTransferCoding = false
        for line in lines {
            if isNamed(line, "content-length") {
                guard length == nil else { throw .severalContentLengths }
                length = value(line)
            } else if isNamed(line, "transfer-encoding") {
                hasTransferCoding = true
            }
        }
        if hasTransferCoding {
            guard length == nil else { throw .lengthAndTransferCoding }
            // RFC 9112 §6.1: a transfer coding from a 1.0 peer is faulty framing.
            guard version == .http11 else { throw .invalidTransferCoding }
            try checkTransferCodings()
            return .chunked
        }
        guard let length else { return nil }
        let count = try HTTPFields.contentLength(length)
        return count == 0 ? .empty : .length(count)
    }

    /// Only `chunked`, alone and once, is known; before another coding it marks no end.
    private func checkTransferCodings() throws(HTTPParseError) {
        let codings = values("transfer-encoding").flatMap {
            $0.split(separator: ASCII.comma, omittingEmptySubsequences: false)
                .map(trimmingBlanks)
        }
        var isUnknown = false
        for (index, coding) in codings.enumerated() {
            if equalsIgnoringCase(coding, "chunked") {
                guard index == codings.count - 1 else { throw .invalidTransferCoding }
            } else {
                guard !coding.isEmpty else { throw .invalidTransferCoding }
                isUnknown = true
            }
        }
        if isUnknown { throw .unknownTransferCoding }
    }

    /// `1*DIGIT` that fits an `Int` (RFC 9110 §8.6); no sign, list or inner blank.
    private static func contentLength(_ value: ArraySlice<UInt8>) throws(HTTPParseError) -> Int {
        guard !value.isEmpty else { throw .invalidContentLength }
        var count = 0
        for byte in value {
            guard byte.isDigit else { throw .invalidContentLength }
            let (tens, overflow) = count.multipliedReportingOverflow(by: 10)
            let (sum, carry) = tens.addingReportingOverflow(Int(byte &- 0x30))
            guard !overflow, !carry else { throw .invalidContentLength }
            count = sum
        }
        return count
    }

    /// `close` wins; without either word a 1.1 connection stays and a 1.0 connection ends.
    func persistence(_ version: HTTPVersion) -> ConnectionPersistence {
        if list("connection", contains: "close") { return .close }
        switch version {
        case .http11: return .keepAlive
        case .http10: return list("connection", contains: "keep-alive") ? .keepAlive : .close
        }
    }
}
