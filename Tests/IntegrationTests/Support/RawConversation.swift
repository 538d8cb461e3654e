import Glibc
import HTTPProtocol
import SystemIO
import Testing

/// A connection on which a test sends bytes and reads bytes: what a node really writes.
final class RawConversation {
    private let socket: Int32
    private var unread: [UInt8] = []

    /// Longer than any node takes to say what it has to say.
    private static let patienceSeconds = 20

    init(to port: UInt16) throws {
        socket = try loopbackSocket(port) { connect($0, $1, $2) }
        var patience = timeval(tv_sec: Self.patienceSeconds, tv_usec: 0)
        let size = socklen_t(MemoryLayout<timeval>.size)
        guard setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &patience, size) == 0 else {
            throw SystemError(operation: "setsockopt", errno: errno)
        }
    }

    deinit { close(socket) }

    /// Sends all of it, or as much as a node takes that has heard enough.
    func send(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                Glibc.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }

    func send(_ text: String) { send(Array(text.utf8)) }

    /// One answer, byte for byte.
    struct Message {
        let statusLine: String
        /// As written, in their order.
        let fields: [(name: String, value: String)]
        let body: String

        subscript(name: String) -> String? { fields.first { $0.name == name }?.value }
        var json: JSONValue? { try? JSONValue(parsing: Array(body.utf8)) }
    }

    /// Reads the next answer.
    func next(answering method: HTTPMethod = .get) throws -> Message {
        var lines: [String] = []
        while case let line = try line(), !line.isEmpty { lines.append(line) }
        let fields = try lines.dropFirst().map { line in
            let colon = try #require(line.firstRange(of: ": "), "no field: \(line)")
            return (String(line[..<colon.lowerBound]), String(line[colon.upperBound...]))
        }
        let length = fields.first { $0.0 == "Content-Length" }.flatMap { Int($0.1) } ?? 0
        let body = try method == .head ? "" : take(length)
        return Message(statusLine: lines.first ?? "", fields: fields, body: body)
    }

    /// Whether the node has ended the connection and said no more.
    func hasEnded() -> Bool {
        guard unread.isEmpty else { return false }
        var byte: UInt8 = 0
        return recv(socket, &byte, 1, 0) == 0
    }

    /// The next line, without its end.
    private func line() throws -> String {
        while true {
            if let end = unread.firstRange(of: [0x0D, 0x0A]) {
                defer { unread.removeFirst(end.upperBound) }
                return String(decoding: unread[..<end.lowerBound], as: UTF8.self)
            }
            try receive()
        }
    }

    private func take(_ count: Int) throws -> String {
        while unread.count < count { try receive() }
        defer { unread.removeFirst(count) }
        return String(decoding: unread[..<count], as: UTF8.self)
    }

    private func receive() throws {
        var buffer = [UInt8](repeating: 0, count: 64 * 1_024)
        let count = recv(socket, &buffer, buffer.count, 0)
        guard count > 0 else {
            throw ClusterFailure(
                "the connection ended (\(count)) after \(String(decoding: unread, as: UTF8.self))")
        }
        unread += buffer[..<count]
    }
}
