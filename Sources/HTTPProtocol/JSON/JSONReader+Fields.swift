/// Reading a field that may come once.
extension JSONReader {
    /// Reads a string into a variable that must still be nil: a second one is a `duplicate`.
    package mutating func read(into field: inout String?) throws(JSONError) {
        try refuseDuplicate(field)
        field = try string()
    }

    /// The same for an integer.
    package mutating func read(
        into field: inout Int64?, in range: ClosedRange<Int64> = .min ... .max
    ) throws(JSONError) {
        try refuseDuplicate(field)
        field = try integer(in: range)
    }

    /// The same for a Boolean.
    package mutating func read(into field: inout Bool?) throws(JSONError) {
        try refuseDuplicate(field)
        field = try boolean()
    }

    /// The same for an array of strings. Elements beyond the limit are `tooManyElements`, an error
    /// of the array.
    package mutating func read(
        into field: inout [String]?, countMax: Int
    ) throws(JSONError) {
        try refuseDuplicate(field)
        try beginArray()
        let start = valueStart
        var elements: [String] = []
        while try nextElement() {
            guard elements.count < countMax else {
                throw error(.tooManyElements(countMax: countMax), at: start)
            }
            elements.append(try string())
        }
        field = elements
    }

    /// The field's value, or an error that names what the object, whose end was just read, lacks.
    package func required<Value>(
        _ field: Value?, _ name: StaticString
    ) throws(JSONError) -> Value {
        guard let field else {
            let object = JSONPath(in: bytes, upTo: position)
            throw JSONError(path: object.appending(name), reason: .missing, offset: position)
        }
        return field
    }

    /// For fields of a shape that only the caller knows: refuses a second one.
    package mutating func refuseDuplicate<Value>(_ field: Value?) throws(JSONError) {
        guard field == nil else {
            _ = try startValue()
            throw error(.duplicate)
        }
    }

    /// The place of the value read last, for a rule that JSON knows nothing of.
    package var lastValuePath: String { JSONPath(in: bytes, upTo: valueStart).text }
}
