import HTTPProtocol
import Testing

/// The place that an error names, whatever stands before it.
struct JSONPathTests {
    /// The path of the error that reading the text as a tree ends in.
    func path(_ text: String, _ dialect: JSONDialect = .strict) -> String? {
        do throws(JSONError) {
            _ = try JSONValue(parsing: utf8(text), dialect: dialect)
            return nil
        } catch {
            return error.path
        }
    }

    @Test(
        arguments: [
            ("x", ""), ("[x", "[0]"), ("[1,[2,x", "[1][1]"), ("{\"a\":x", "a"),
            ("{\"a\":1,\"b\":{\"c\":x", "b.c"), ("[{\"a\":[1,2,{\"b\":x", "[0].a[2].b"),
            ("{\"a\":{\"x\":1},\"b\":[[],[{}],x", "b[2]"), ("{\"a\":1,x", ""),
            ("{\"a\":{\"b\":1,}", "a"),
            ("{\"a\":\"}],{[\\\"\",\"b\":[\"]\",x", "b[1]"), ("{\"a\\u0062\\\"\":x", "ab\""),
            ("{\"a\":\"\u{1}", "a"), ("{\"a\":[\"\\q\"", "a[0]"), ("{\"a\":{\"b\":1}}x", ""),
            ("{\"a\":1,\"a\":2}", "a"), ("{\"a\":[{\"b\":1,\"b\":2}]}", "a[0].b"), ("{\"a\":", "a"),
            ("{\"a\"", "a"), ("{\"", ""), ("", ""), ("{\"\":x", ""), ("[\"abc", "[0]"),
        ])
    func isNamed(text: String, expected: String) {
        #expect(path(text) == expected)
    }

    @Test func commentsAreNotCounted() {
        #expect(path("// {[\n{\"a\": // [,\n [1, // x,\"\n x", .configuration) == "a[1]")
    }

    @Test func requiredFieldsOfInnerObjectsAreNamed() {
        #expect(throws: JSONError(path: "s[1].id", reason: .missing, offset: 17)) {
            var reader = JSONReader(utf8(#"{"s":[{"id":1},{}]}"#))
            try reader.beginObject()
            while try reader.nextKey() != nil {
                try reader.beginArray()
                while try reader.nextElement() {
                    var id: Int64?
                    try reader.beginObject()
                    while try reader.nextKey() != nil { try reader.read(into: &id) }
                    _ = try reader.required(id, "id")
                }
            }
        }
    }

    @Test func theLastValuesPathIsKnownToTheCaller() throws {
        var reader = JSONReader(utf8(#"{"a":{"b":["x","y"]}}"#))
        try reader.beginObject()
        _ = try reader.nextKey()
        try reader.beginObject()
        _ = try reader.nextKey()
        try reader.beginArray()
        _ = try reader.nextElement()
        _ = try reader.string()
        _ = try reader.nextElement()
        #expect(try reader.string() == "y")
        #expect(reader.lastValuePath == "a.b[1]")
    }

    @Test func aFieldOfTheCallersShapeMayComeOnce() {
        #expect(throws: JSONError(path: "a.b", reason: .duplicate, offset: 17)) {
            var reader = JSONReader(utf8(#"{"a":{"b":[],"b":[]}}"#))
            var field: [Int]?
            try reader.beginObject()
            _ = try reader.nextKey()
            try reader.beginObject()
            while try reader.nextKey() != nil {
                try reader.refuseDuplicate(field)
                try reader.skipValue()
                field = []
            }
        }
    }
}
