import SystemIO

/// Requests in wire form, written by hand. No node cares what `Host` names, so one text serves
/// all of them and a request can be sent again, elsewhere, as it is.
extension [UInt8] {
    /// Appends a request without a body.
    mutating func appendRequest(_ method: StaticString, _ path: String, key: AdminKey? = nil) {
        append(method)
        append(" ")
        append(contentsOf: path.utf8)
        append(" HTTP/1.1\r\nHost: holdfast\r\n")
        append(key)
        append("\r\n")
    }

    /// Appends a request with a JSON body.
    mutating func appendRequest(
        _ method: StaticString, _ path: String, key: AdminKey? = nil,
        idempotencyKey: String? = nil, body: [UInt8]
    ) {
        append(method)
        append(" ")
        append(contentsOf: path.utf8)
        append(" HTTP/1.1\r\nHost: holdfast\r\nContent-Type: application/json\r\n")
        append(key)
        if let idempotencyKey {
            append("Idempotency-Key: ")
            append(contentsOf: idempotencyKey.utf8)
            append("\r\n")
        }
        append("Content-Length: ")
        appendDecimal(body.count)
        append("\r\n\r\n")
        append(contentsOf: body)
    }

    /// Appends literal text.
    mutating func append(_ text: StaticString) {
        append(
            contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    /// Appends a number, which must not be negative.
    mutating func appendDecimal(_ number: Int) {
        if number >= 10 { appendDecimal(number / 10) }
        append(UInt8(ascii: "0") + UInt8(number % 10))
    }

    private mutating func append(_ key: AdminKey?) {
        guard let key else { return }
        append("Authorization: Bearer ")
        append(contentsOf: key.text.utf8)
        append("\r\n")
    }
}

/// What lets its bearer create venues and events, cancel orders and list a user's orders.
struct AdminKey: Hashable, Sendable {
    let text: String

    /// Where `scripts/cluster up` puts it unless it is told otherwise.
    static var localFile: String { ".holdfast/admin-key" }

    /// The first line of a key file. Nil when it is empty or could not stand in a header.
    init?(file: [UInt8]) {
        let line = file.prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
        guard !line.isEmpty, line.allSatisfy({ (0x21...0x7E).contains($0) }) else { return nil }
        text = String(decoding: line, as: UTF8.self)
    }

    /// Reads a key file.
    static func read(_ path: String) throws(BenchError) -> AdminKey {
        let bytes: [UInt8]
        do throws(SystemError) {
            bytes = try readFile(path)
        } catch {
            throw .file(path, reason: "\(error)")
        }
        guard let key = AdminKey(file: bytes) else { throw .file(path, reason: "holds no key") }
        return key
    }
}
