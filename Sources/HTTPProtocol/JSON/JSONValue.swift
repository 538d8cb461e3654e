/// A JSON value as a tree, for configuration, tools and tests; requests are read without one.
package indirect enum JSONValue: Hashable, Sendable {
    /// In the order of the text, no key twice.
    case object([Member])
    case array([JSONValue])
    case string(String)
    case integer(Int64)
    /// Any other number, as its text: nothing is rounded.
    case number(String)
    case boolean(Bool)
    case null

    /// A key and its value.
    package struct Member: Hashable, Sendable {
        package let key: String
        package let value: JSONValue
        package init(_ key: String, _ value: JSONValue) {
            self.key = key
            self.value = value
        }
    }

    /// Reads a whole text. A key that comes twice in an object is a `duplicate`.
    package init(
        parsing bytes: [UInt8], dialect: JSONDialect = .strict
    ) throws(JSONError) {
        var reader = JSONReader(bytes, dialect: dialect)
        self = try reader.value()
        try reader.finish()
    }

    /// The member's value; nil when there is none or this is not an object.
    package subscript(key: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.key == key }?.value
    }

    /// The element; nil beyond the end or when this is not an array.
    package subscript(index: Int) -> JSONValue? {
        guard case .array(let elements) = self, elements.indices.contains(index) else {
            return nil
        }
        return elements[index]
    }

    /// The text if this is a string.
    package var text: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }

    /// The number if this is an integer.
    package var integer: Int64? {
        guard case .integer(let integer) = self else { return nil }
        return integer
    }
}

extension JSONReader {
    /// Reads the next value as a tree. Recursion is bounded by `depthMax`.
    package mutating func value() throws(JSONError) -> JSONValue {
        switch try startValue() {
        case UInt8(ascii: "{"): return .object(try members())
        case UInt8(ascii: "["):
            var elements: [JSONValue] = []
            try beginArray()
            while try nextElement() { elements.append(try value()) }
            return .array(elements)
        case ASCII.quote: return .string(try string())
        case UInt8(ascii: "t"), UInt8(ascii: "f"): return .boolean(try boolean())
        case UInt8(ascii: "n"):
            _ = try takeNull()
            return .null
        default:
            let number = try scanNumber()
            if number.isInteger, let integer = Int64(jsonDigits: bytes[number.range]) {
                return .integer(integer)
            }
            return .number(String(decoding: bytes[number.range], as: UTF8.self))
        }
    }

    private mutating func members() throws(JSONError) -> [JSONValue.Member] {
        var members: [JSONValue.Member] = []
        var keys: Set<String> = []
        try beginObject()
        while let key = try nextKey() {
            let text = key.text
            guard keys.insert(text).inserted else { throw duplicate() }
            members.append(JSONValue.Member(text, try value()))
        }
        return members
    }
}
