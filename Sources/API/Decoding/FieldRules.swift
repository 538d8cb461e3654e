import HTTPProtocol
import Inventory

// What a field may hold, whatever the request.

extension Problem {
    init(_ error: JSONError) {
        switch error.reason {
        case .malformed:
            self.init(.malformedRequest, "The body \(error.message).")
        case .wrongType, .notAnInteger, .missing, .duplicate:
            // The root itself has no name: the body as a whole is at fault.
            self =
                error.path.isEmpty
                ? Problem(.malformedRequest, "The body \(error.message).")
                : .invalid(error.path, error.message)
        case .outOfRange:
            self = .unprocessable(error.path, error.message)
        case .tooManyElements:
            self.init(.limitExceeded, field: error.path, error.message)
        }
    }

    init(_ error: QueryError) { self = .invalid(error.parameter, error.message) }
}

extension String {
    /// Whether this is UTF-8 of 1 to so many bytes without control characters (C0, DEL and C1).
    func isPrintable(bytesMax: Int) -> Bool {
        guard 1...bytesMax ~= utf8.count else { return false }
        var last: UInt8 = 0
        for byte in utf8 {
            guard byte >= 0x20, byte != 0x7F, last != 0xC2 || byte >= 0xA0 else { return false }
            last = byte
        }
        return true
    }
}

enum FieldRule {
    /// Of an id that a client makes up, in bytes.
    static let idBytesMax = 128
    /// Of a name for people, in bytes.
    static let nameBytesMax = 256

    static func requireID(_ text: String, _ field: @autoclosure () -> String) throws(Problem) {
        guard text.isPrintable(bytesMax: idBytesMax) else {
            throw .invalid(field(), "must be 1 to \(idBytesMax) bytes of printable UTF-8")
        }
    }

    static func requireName(_ text: String, _ field: @autoclosure () -> String) throws(Problem) {
        guard text.isPrintable(bytesMax: nameBytesMax) else {
            throw .invalid(field(), "must be 1 to \(nameBytesMax) bytes of printable UTF-8")
        }
    }

    /// At least one id, each well formed, none twice; the reader has seen to the upper limit.
    static func requireSeats(_ seats: [String], _ field: StaticString) throws(Problem) {
        guard !seats.isEmpty else {
            throw Problem(.limitExceeded, field: "\(field)", "must name at least one seat")
        }
        for (index, seat) in seats.enumerated() {
            try requireID(seat, "\(field)[\(index)]")
            // Two spellings that Unicode calls equal are two seats here, hence the bytes.
            if seats[..<index].contains(where: { $0 == seat && $0.utf8.elementsEqual(seat.utf8) }) {
                throw .unprocessable("\(field)[\(index)]", "repeats an earlier one")
            }
        }
    }
}

extension JSONReader {
    /// Reads an optional field that a client may also send as `null`.
    mutating func readOptional(
        into field: inout Int64?, in range: ClosedRange<Int64>
    ) throws(JSONError) {
        if try takeNull() { return }
        try read(into: &field, in: range)
    }

    /// Reads an optional field that a client may also send as `null`.
    mutating func readOptional(into field: inout String?) throws(JSONError) {
        if try takeNull() { return }
        try read(into: &field)
    }
}

extension ClosedRange<Int64> {
    static var uint32: ClosedRange<Int64> { 0...Int64(UInt32.max) }
    static var positiveUInt32: ClosedRange<Int64> { 1...Int64(UInt32.max) }
}
