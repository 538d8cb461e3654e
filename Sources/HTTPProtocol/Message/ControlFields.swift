/// The fields that decide where a message ends and what becomes of its connection, found in one
/// pass. Anything that two readers could take differently is refused, though the RFC would let us
/// repair some of it: that is what request smuggling lives on.
struct ControlFields {
    private let fields: HTTPFields
    private(set) var host: HTTPFields.Line?
    private(set) var expect: HTTPFields.Line?
    private var contentLength: HTTPFields.Line?
    private var transferCodings: [ArraySlice<UInt8>] = []
    private var saysClose = false
    private var saysKeepAlive = false

    init(_ fields: HTTPFields) throws(HTTPParseError) {
        self.fields = fields
        for line in fields.lines {
            switch line.nameEnd - line.nameStart {
            case 4 where fields.isNamed(line, "host"):
                guard host == nil else { throw .severalHosts }
                host = line
            case 6 where fields.isNamed(line, "expect"):
                expect = line
            case 10 where fields.isNamed(line, "connection"):
                for option in ControlFields.elements(fields.value(line)) {
                    saysClose = saysClose || equalsIgnoringCase(option, "close")
                    saysKeepAlive = saysKeepAlive || equalsIgnoringCase(option, "keep-alive")
                }
            case 14 where fields.isNamed(line, "content-length"):
                guard contentLength == nil else { throw .severalContentLengths }
                contentLength = line
            case 17 where fields.isNamed(line, "transfer-encoding"):
                transferCodings += ControlFields.elements(fields.value(line))
            default: break
            }
        }
    }

    private static func elements(_ list: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
        list.split(separator: ASCII.comma, omittingEmptySubsequences: false).map(trimmingBlanks)
    }

    /// The framing that the fields declare, nil when they declare none.
    func framing(_ version: HTTPVersion) throws(HTTPParseError) -> BodyFraming? {
        if !transferCodings.isEmpty {
            guard contentLength == nil else { throw .lengthAndTransferCoding }
            // RFC 9112 §6.1: a transfer coding from a 1.0 peer is faulty framing.
            guard version == .http11 else { throw .invalidTransferCoding }
            try checkTransferCodings()
            return .chunked
        }
        guard let contentLength else { return nil }
        let count = try length(contentLength)
        return count == 0 ? .empty : .length(count)
    }

    /// Only `chunked`, alone and once, is known; before another coding it marks no end.
    private func checkTransferCodings() throws(HTTPParseError) {
        var isUnknown = false
        for (index, coding) in transferCodings.enumerated() {
            if equalsIgnoringCase(coding, "chunked") {
                guard index == transferCodings.count - 1 else { throw .invalidTransferCoding }
            } else {
                guard !coding.isEmpty else { throw .invalidTransferCoding }
                isUnknown = true
            }
        }
        if isUnknown { throw .unknownTransferCoding }
    }

    /// `1*DIGIT` that fits an `Int` (RFC 9110 §8.6); no sign, list or inner blank.
    private func length(_ line: HTTPFields.Line) throws(HTTPParseError) -> Int {
        guard line.valueStart < line.valueEnd else { throw .invalidContentLength }
        var count = 0
        for index in line.valueStart..<line.valueEnd {
            let byte = fields.bytes[Int(index)]
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
        if saysClose { return .close }
        switch version {
        case .http11: return .keepAlive
        case .http10: return saysKeepAlive ? .keepAlive : .close
        }
    }
}
