import Primitives

/// Which texts a reader takes.
package enum JSONDialect: Hashable, Sendable {
    /// RFC 8259 and nothing more.
    case strict
    /// Also `//` comments and a comma after the last element: for files that people write.
    case configuration
}

/// A strict JSON reader that is pulled: the caller knows the shape it wants and reads it straight
/// into typed variables, without a tree.
///
/// ```
/// var seats: [String]?
/// try reader.beginObject()
/// while let key = try reader.nextKey() {
///     switch key {
///     case "seat_ids": try reader.read(into: &seats, countMax: 10)
///     default: try reader.skipValue()
///     }
/// }
/// guard let seats else { throw reader.missing("seat_ids") }
/// try reader.finish()
/// ```
/// What is skipped is validated all the same. After an error the reader must not be used again.
package struct JSONReader {
    /// Containers within containers.
    package static let depthMax = 32

    let bytes: [UInt8]
    let dialect: JSONDialect
    /// The next byte to read.
    var position = 0
    /// Where the value read last begins, for errors about it.
    var valueStart = 0
    private var depth = 0
    /// One bit a container, the innermost lowest: 1 is an object. The caller's calls must fit.
    private var objects: UInt64 = 0
    /// Whether the innermost container has had no element yet.
    private var isFirst = false

    package init(_ bytes: [UInt8], dialect: JSONDialect = .strict) {
        self.bytes = bytes
        self.dialect = dialect
    }

    /// Enters the object that the next value must be.
    package mutating func beginObject() throws(JSONError) {
        try begin(.object, UInt8(ascii: "{"))
        objects = objects << 1 | 1
    }

    /// Enters the array that the next value must be.
    package mutating func beginArray() throws(JSONError) {
        try begin(.array, UInt8(ascii: "["))
        objects <<= 1
    }

    /// The object's next key, whose value must then be read or skipped; nil at its end.
    package mutating func nextKey() throws(JSONError) -> JSONKey? {
        invariant(depth > 0 && objects & 1 == 1, "JSONReader: nextKey outside an object")
        guard try advance(closing: UInt8(ascii: "}")) else { return nil }
        guard try peek() == ASCII.quote else { throw malformed(.unexpectedByte) }
        let key = try scanKey()
        try skipBlanks()
        guard try peek() == ASCII.colon else { throw malformed(.unexpectedByte) }
        position += 1
        return key
    }

    /// Whether the array has another element, which must then be read or skipped.
    package mutating func nextElement() throws(JSONError) -> Bool {
        invariant(depth > 0 && objects & 1 == 0, "JSONReader: nextElement outside an array")
        return try advance(closing: UInt8(ascii: "]"))
    }

    /// Skips one value of any type, checking it as strictly as one that is read.
    package mutating func skipValue() throws(JSONError) {
        switch try startValue() {
        case UInt8(ascii: "{"):
            try beginObject()
            while try nextKey() != nil { try skipValue() }
        case UInt8(ascii: "["):
            try beginArray()
            while try nextElement() { try skipValue() }
        case ASCII.quote:
            try skipString()
        case UInt8(ascii: "t"), UInt8(ascii: "f"):
            _ = try boolean()
        case UInt8(ascii: "n"):
            _ = try takeNull()
        default:
            _ = try scanNumber()
        }
    }

    /// Checks that nothing follows the root value. Call it last.
    package mutating func finish() throws(JSONError) {
        invariant(depth == 0, "JSONReader: finish at depth \(depth)")
        try skipBlanks()
        guard position == bytes.count else { throw malformed(.trailingBytes) }
    }

    /// Skips to the next value and notes its start; its first byte.
    mutating func startValue() throws(JSONError) -> UInt8 {
        try skipBlanks()
        valueStart = position
        return try peek()
    }

    func peek() throws(JSONError) -> UInt8 {
        guard position < bytes.count else { throw malformed(.unexpectedEnd) }
        return bytes[position]
    }

    private mutating func begin(_ type: JSONType, _ opening: UInt8) throws(JSONError) {
        guard try startValue() == opening else { throw mismatch(type) }
        guard depth < JSONReader.depthMax else { throw malformed(.tooDeep) }
        position += 1
        depth += 1
        isFirst = true
    }

    /// Moves past the comma to the next element, or past the closing byte: then false.
    private mutating func advance(closing: UInt8) throws(JSONError) -> Bool {
        try skipBlanks()
        var byte = try peek()
        if !isFirst, byte == ASCII.comma {
            position += 1
            try skipBlanks()
            byte = try peek()
            guard byte != closing || dialect == .configuration else {
                throw malformed(.unexpectedByte)
            }
        } else if !isFirst, byte != closing {
            throw malformed(.unexpectedByte)
        }
        isFirst = false
        guard byte == closing else { return true }
        position += 1
        depth -= 1
        objects >>= 1
        return false
    }

    @inline(__always) mutating func skipBlanks() throws(JSONError) {
        if position < bytes.count, bytes[position] > ASCII.space, bytes[position] != ASCII.slash {
            return
        }
        try skipSomeBlanks()
    }

    private mutating func skipSomeBlanks() throws(JSONError) {
        while position < bytes.count {
            switch bytes[position] {
            case ASCII.space, ASCII.lineFeed, ASCII.carriageReturn, ASCII.tab:
                position += 1
            case ASCII.slash where dialect == .configuration:
                try skipComment()
            default:
                return
            }
        }
    }

    /// `//` to the end of the line.
    private mutating func skipComment() throws(JSONError) {
        guard position + 1 < bytes.count, bytes[position + 1] == ASCII.slash else {
            throw malformed(.unexpectedByte)
        }
        while position < bytes.count, bytes[position] != ASCII.lineFeed { position += 1 }
    }
}
