/// A value that can be written as JSON.
package protocol JSONEncodable {
    /// Appends the value's JSON text.
    func appendJSON(to bytes: inout [UInt8])
}

/// Writes the members of one object. Braces, commas and colons are its own: what it writes is
/// well formed whatever the calls. Keys must differ; that is not checked.
///
/// ```
/// var bytes: [UInt8] = []
/// bytes.appendJSONObject { hold in
///     hold.field("hold_id", id)
///     hold.array("seat_ids") { seats in
///         for seat in ids { seats.element(seat) }
///     }
/// }
/// ```
package struct JSONObjectWriter {
    fileprivate(set) var bytes: [UInt8]

    /// A member. The name, like every `StaticString` name here, must need no escapes.
    package mutating func field(_ name: StaticString, _ value: some JSONEncodable) {
        startMember(name)
        value.appendJSON(to: &bytes)
    }

    /// A member whose name is data.
    package mutating func field(key: String, _ value: some JSONEncodable) {
        startMember(key: key)
        value.appendJSON(to: &bytes)
    }

    /// A member that is an object.
    package mutating func object(_ name: StaticString, _ write: (inout JSONObjectWriter) -> Void) {
        startMember(name)
        bytes.appendJSONObject(write)
    }

    /// A member that is an object and whose name is data.
    package mutating func object(key: String, _ write: (inout JSONObjectWriter) -> Void) {
        startMember(key: key)
        bytes.appendJSONObject(write)
    }

    /// A member that is an array.
    package mutating func array(_ name: StaticString, _ write: (inout JSONArrayWriter) -> Void) {
        startMember(name)
        bytes.appendJSONArray(write)
    }

    /// A member that is an array and whose name is data.
    package mutating func array(key: String, _ write: (inout JSONArrayWriter) -> Void) {
        startMember(key: key)
        bytes.appendJSONArray(write)
    }

    private mutating func startMember(_ name: StaticString) {
        bytes.appendJSONSeparator()
        bytes.append(ASCII.quote)
        bytes.append(name)
        bytes.append(ASCII.quote)
        bytes.append(ASCII.colon)
    }

    private mutating func startMember(key: String) {
        bytes.appendJSONSeparator()
        key.appendJSON(to: &bytes)
        bytes.append(ASCII.colon)
    }
}

/// Writes the elements of one array.
package struct JSONArrayWriter {
    fileprivate(set) var bytes: [UInt8]

    /// An element. Objects and arrays have calls of their own.
    package mutating func element(_ value: some JSONEncodable) {
        bytes.appendJSONSeparator()
        value.appendJSON(to: &bytes)
    }

    /// An element that is an object.
    package mutating func object(_ write: (inout JSONObjectWriter) -> Void) {
        bytes.appendJSONSeparator()
        bytes.appendJSONObject(write)
    }

    /// An element that is an array.
    package mutating func array(_ write: (inout JSONArrayWriter) -> Void) {
        bytes.appendJSONSeparator()
        bytes.appendJSONArray(write)
    }
}

extension [UInt8] {
    /// Appends a JSON object. The array itself travels into the writer and back, uncopied.
    package mutating func appendJSONObject(_ write: (inout JSONObjectWriter) -> Void) {
        append(UInt8(ascii: "{"))
        var writer = JSONObjectWriter(bytes: [])
        swap(&self, &writer.bytes)
        write(&writer)
        swap(&self, &writer.bytes)
        append(UInt8(ascii: "}"))
    }

    /// Appends a JSON array.
    package mutating func appendJSONArray(_ write: (inout JSONArrayWriter) -> Void) {
        append(UInt8(ascii: "["))
        var writer = JSONArrayWriter(bytes: [])
        swap(&self, &writer.bytes)
        write(&writer)
        swap(&self, &writer.bytes)
        append(UInt8(ascii: "]"))
    }

    /// A comma, unless the container has just been opened: no value ends in an opening brace, so
    /// the last byte tells.
    fileprivate mutating func appendJSONSeparator() {
        switch last {
        case UInt8(ascii: "{"), UInt8(ascii: "["): break
        default: append(ASCII.comma)
        }
    }
}
