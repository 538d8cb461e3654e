/// A request's head, checked as a whole: its framing is unambiguous and its target well formed.
package struct RequestHead: Hashable, Sendable {
    package let method: HTTPMethod
    package let version: HTTPVersion
    package let fields: HTTPFields
    /// How its body is delimited; `untilClose` never occurs in a request.
    package let framing: BodyFraming
    /// What the client wants done with the connection after the answer.
    package let persistence: ConnectionPersistence
    /// Whether the client waits for `100 Continue` before it sends the body.
    package let expectation: Expectation
    private let targetParts: TargetParts

    /// RFC 9110 §10.1.1.
    package enum Expectation: Hashable, Sendable {
        case none
        case `continue`
    }

    /// The path as sent, still percent-encoded: `/` at least, or `*` for `OPTIONS *`.
    package var path: ArraySlice<UInt8> {
        targetParts.path.isEmpty ? [ASCII.slash] : fields.bytes[targetParts.path]
    }

    /// The query as sent, without its question mark; nil when there is none.
    package var query: ArraySlice<UInt8>? { targetParts.query.map { fields.bytes[$0] } }

    /// Path and query as sent, for a redirect's `Location` or a forwarded request.
    package var pathAndQuery: ArraySlice<UInt8> {
        if targetParts.path.isEmpty {
            guard let query else { return [ASCII.slash] }
            return [ASCII.slash, ASCII.question] + query
        }
        let end = targetParts.query?.upperBound ?? targetParts.path.upperBound
        return fields.bytes[targetParts.path.lowerBound..<end]
    }

    /// Checks what only the whole head can show.
    init(line: RequestLine, fields: HTTPFields) throws(HTTPParseError) {
        targetParts = try TargetParts(line.target, in: fields.bytes, line.method)
        let control = try ControlFields(fields)
        try fields.check(host: control.host, line.version)
        method = line.method
        version = line.version
        framing = try control.framing(line.version) ?? .empty
        persistence = control.persistence(line.version)
        expectation = try fields.expectation(control.expect, line.version)
        self.fields = fields
    }
}

extension HTTPFields {
    /// RFC 9112 §3.2: a 1.1 request has a Host.
    fileprivate func check(host: Line?, _ version: HTTPVersion) throws(HTTPParseError) {
        guard let host else {
            guard version == .http10 else { throw .missingHost }
            return
        }
        for index in host.valueStart..<host.valueEnd
        where !ASCIISet.host.contains(bytes[Int(index)]) { throw .invalidHost }
    }

    /// An expectation from a 1.0 client is ignored; any but 100-continue is refused.
    fileprivate func expectation(
        _ expect: Line?, _ version: HTTPVersion
    ) throws(HTTPParseError) -> RequestHead.Expectation {
        guard version == .http11, let expect else { return .none }
        guard equalsIgnoringCase(value(expect), "100-continue") else {
            throw .unsupportedExpectation
        }
        return .continue
    }
}

/// Where path and query lie in a target of origin, absolute or asterisk form (RFC 9112 §3.2).
struct TargetParts: Hashable, Sendable {
    /// Empty when an absolute form names no path.
    let path: Range<Int>
    let query: Range<Int>?

    init(
        _ target: Range<Int>, in bytes: [UInt8], _ method: HTTPMethod
    ) throws(HTTPParseError) {
        var start = target.lowerBound
        switch bytes[start] {
        case ASCII.slash:
            break
        case UInt8(ascii: "*"):
            guard target.count == 1, method == .options else { throw .invalidTarget }
        default:
            start = try TargetParts.endOfAuthority(bytes[target])
        }
        var mark = start
        while mark < target.upperBound, bytes[mark] != ASCII.question { mark += 1 }
        path = start..<mark
        query = mark < target.upperBound ? (mark + 1)..<target.upperBound : nil
    }

    /// Skips `http://authority` or `https://authority`. User information is refused: RFC 9110
    /// §4.2.4 advises so, since it disguises hosts.
    private static func endOfAuthority(
        _ target: ArraySlice<UInt8>
    ) throws(HTTPParseError) -> Int {
        let schemeLength: Int
        if equalsIgnoringCase(target.prefix(7), "http://") {
            schemeLength = 7
        } else if equalsIgnoringCase(target.prefix(8), "https://") {
            schemeLength = 8
        } else {
            throw .invalidTarget
        }
        let rest = target.dropFirst(schemeLength)
        let end =
            rest.firstIndex { $0 == ASCII.slash || $0 == ASCII.question } ?? target.endIndex
        guard end > rest.startIndex, rest[..<end].allSatisfy(ASCIISet.host.contains) else {
            throw .invalidTarget
        }
        return end
    }
}
