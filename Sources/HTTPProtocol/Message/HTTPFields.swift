/// The field lines of a received head: one copy of the head's bytes and where each field lies in
/// it. Names and values were validated by the parser.
package struct HTTPFields: Hashable, Sendable {
    /// Offsets into `bytes`. A head is at most 65,535 bytes, hence the width.
    struct Line: Hashable, Sendable {
        var nameStart: UInt16
        var nameEnd: UInt16
        var valueStart: UInt16
        var valueEnd: UInt16
    }

    let bytes: [UInt8]
    let lines: [Line]

    /// Field lines, repeated names counted each time.
    package var count: Int { lines.count }

    /// The value of the first field of this name, blanks trimmed; nil when there is none.
    /// `name` is in lower case and of letters, digits and hyphens.
    package func first(_ name: StaticString) -> ArraySlice<UInt8>? {
        for line in lines where isNamed(line, name) { return value(line) }
        return nil
    }

    /// The first field's value as text; nil when there is none or it is not UTF-8.
    package func text(_ name: StaticString) -> String? {
        first(name).flatMap { String(validating: $0, as: UTF8.self) }
    }

    /// The values of every field of this name, in order, for headers that are lists.
    package func values(_ name: StaticString) -> [ArraySlice<UInt8>] {
        lines.filter { isNamed($0, name) }.map { value($0) }
    }

    /// Every field line's name, as sent, and value, in order: for a request that is passed on.
    package var all: [(name: ArraySlice<UInt8>, value: ArraySlice<UInt8>)] {
        lines.map { (bytes[Int($0.nameStart)..<Int($0.nameEnd)], value($0)) }
    }

    func value(_ line: Line) -> ArraySlice<UInt8> {
        bytes[Int(line.valueStart)..<Int(line.valueEnd)]
    }

    /// A name is a token, so setting bit 5 folds letters and can't turn another byte into a
    /// letter, digit or hyphen.
    @inline(__always) func isNamed(_ line: Line, _ name: StaticString) -> Bool {
        let length = name.utf8CodeUnitCount
        guard Int(line.nameEnd) - Int(line.nameStart) == length else { return false }
        let start = Int(line.nameStart)
        for offset in 0..<length
        where bytes[start + offset] | 0x20 != name.utf8Start[offset] { return false }
        return true
    }
}
