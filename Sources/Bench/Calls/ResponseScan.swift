/// One look at the bytes of a response: only what a client of a known server needs, for a tenth of
/// what a whole parser costs. The body is never copied or decoded here.
enum ResponseScan: Hashable {
    /// The response goes on beyond these bytes.
    case incomplete
    /// Not a response with a stated length: the connection is of no use.
    case malformed
    case whole(ScannedResponse)

    /// Reads the first response of `bytes`.
    init(_ bytes: Span<UInt8>) {
        var response = ScannedResponse()
        var cursor = 0
        while let end = Self.lineFeed(in: bytes, from: cursor) {
            if cursor == 0 {
                guard let status = Self.status(bytes, end) else {
                    self = .malformed
                    return
                }
                response.status = status
            } else if end - cursor <= 1 {
                self = response.finished(headBytes: end + 1, of: bytes.count)
                return
            } else if !response.take(line: cursor..<end, of: bytes) {
                self = .malformed
                return
            }
            cursor = end + 1
        }
        self = .incomplete
    }

    private static func lineFeed(in bytes: Span<UInt8>, from start: Int) -> Int? {
        var index = start
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "\n") { return index }
            index += 1
        }
        return nil
    }

    /// The three digits of `HTTP/1.1 201 Created`.
    private static func status(_ bytes: Span<UInt8>, _ end: Int) -> UInt16? {
        guard end >= 12, bytes[0] == UInt8(ascii: "H"), bytes[8] == UInt8(ascii: " ") else {
            return nil
        }
        var status: UInt16 = 0
        for index in 9..<12 {
            guard let digit = bytes[index].digit else { return nil }
            status = status * 10 + UInt16(digit)
        }
        return status
    }
}

/// Where the parts of a response lie.
struct ScannedResponse: Hashable {
    var status: UInt16 = 0
    var headBytes = 0
    var bodyBytes = 0
    /// The value of `Location`, if there is one.
    var location: Range<Int>?
    var ending = Ending.keepAlive

    /// What the server does with the connection after this response.
    enum Ending: Hashable {
        case keepAlive
        case close
    }

    /// The bytes of the whole response.
    var byteCount: Int { headBytes + bodyBytes }

    fileprivate func finished(headBytes: Int, of available: Int) -> ResponseScan {
        var whole = self
        whole.headBytes = headBytes
        return whole.byteCount <= available ? .whole(whole) : .incomplete
    }

    /// Takes note of a field. False: it makes the length unknowable.
    fileprivate mutating func take(line: Range<Int>, of bytes: Span<UInt8>) -> Bool {
        // The first letter is enough to pass over most fields.
        switch bytes[line.lowerBound] | 0x20 {
        case UInt8(ascii: "c"):
            if let value = fieldValue(line, of: bytes, named: "content-length") {
                guard let count = number(in: value, of: bytes) else { return false }
                bodyBytes = count
            } else if let value = fieldValue(line, of: bytes, named: "connection"),
                equals(value, of: bytes, "close")
            {
                ending = .close
            }
        case UInt8(ascii: "l"):
            location = fieldValue(line, of: bytes, named: "location") ?? location
        case UInt8(ascii: "t"):
            return fieldValue(line, of: bytes, named: "transfer-encoding") == nil
        default:
            break
        }
        return true
    }
}

/// The field's value without the blanks around it; nil when the field has another name.
private func fieldValue(
    _ line: Range<Int>, of bytes: Span<UInt8>, named name: StaticString
) -> Range<Int>? {
    let colon = line.lowerBound + name.utf8CodeUnitCount
    guard colon < line.upperBound, bytes[colon] == UInt8(ascii: ":"),
        equals(line.lowerBound..<colon, of: bytes, name)
    else { return nil }
    var start = colon + 1
    var end = line.upperBound
    while start < end, bytes[start] == UInt8(ascii: " ") { start += 1 }
    while start < end, bytes[end - 1] <= UInt8(ascii: " ") { end -= 1 }
    return start..<end
}

/// Whether the bytes are `lowercase`, whatever the case of their letters.
private func equals(
    _ range: Range<Int>, of bytes: Span<UInt8>, _ lowercase: StaticString
) -> Bool {
    guard range.count == lowercase.utf8CodeUnitCount else { return false }
    var expected = lowercase.utf8Start
    for index in range {
        // A capital differs from its letter by one bit; `-` has that bit set already.
        guard bytes[index] | 0x20 == expected.pointee else { return false }
        expected += 1
    }
    return true
}

private func number(in range: Range<Int>, of bytes: Span<UInt8>) -> Int? {
    guard (1...12).contains(range.count) else { return nil }
    var number = 0
    for index in range {
        guard let digit = bytes[index].digit else { return nil }
        number = number * 10 + Int(digit)
    }
    return number
}

extension UInt8 {
    /// The value of a decimal digit.
    fileprivate var digit: UInt8? {
        let value = self &- UInt8(ascii: "0")
        return value < 10 ? value : nil
    }
}
