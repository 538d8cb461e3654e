/// Reading a field that may come once.
extension JSONReader {
    /// Reads a string into a variable that must still be nil: a second one is a `duplicate`.
    package mutating func read(into field: inout String?) throws(JSONError) {
        guard field == nil else { throw duplicate() }
        field = try string()
    }

    /// The same for an integer.
    package mutating func read(
        into field: inout Int64?, in range: ClosedRange<Int64> = .min ... .max
    ) throws(JSONError) {
        guard field == nil else { throw duplicate() }
        field = try integer(in: range)
    }

    /// The same for a Boolean.
    package mutating func read(into field: inout Bool?) throws(JSONError) {
        guard field == nil else { throw duplicate() }
        field = try boolean()
    }

    /// The same for an array of strings. Elements beyond the limit are `tooManyElements`, an error
    /// of the array.
    package mutating func read(
        into field: inout [String]?, countMax: Int
    ) throws(JSONError) {
        guard field == nil else { throw duplicate() }
        try beginArray()
        let start = valueStart
        var elements: [String] = []
        elements.reserveCapacity(min(countMax, 8))
        while try nextElement() {
            guard elements.count < countMax else {
                throw error(.tooManyElements(countMax: countMax), at: start)
            }
            elements.append(try string())
        }
        field = elements
    }

    /// The field's value, or the error that the object, whose end was just read, lacks it. Swift
    /// 6.3 specialises no `package` generic for another target, so a hot path is better off with
    /// `guard let` and `missing`.
    package func required<Value>(
        _ field: Value?, _ name: StaticString
    ) throws(JSONError) -> Value {
        guard let field else { throw missing(name) }
        return field
    }

    /// The error for a field that the object, whose end was just read, lacks.
    package func missing(_ name: StaticString) -> JSONError {
        let object = JSONPath(in: bytes, upTo: position)
        return JSONError(path: object.appending(name), reason: .missing, offset: position)
    }

    /// For fields of a shape that only the caller knows: refuses a second value of the key just
    /// read.
    package func refuseDuplicate<Value>(_ field: Value?) throws(JSONError) {
        guard field == nil else { throw duplicate() }
    }

    func duplicate() -> JSONError { error(.duplicate, at: position) }

    /// The place of the value read last, for a rule that JSON knows nothing of.
    package var lastValuePath: String { JSONPath(in: bytes, upTo: valueStart).text }
}
