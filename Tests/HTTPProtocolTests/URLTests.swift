import HTTPProtocol
import Testing

/// Paths and queries, decoded strictly.
struct URLTests {
    func segments(_ path: String) throws -> [String] {
        let segments = PathSegments(utf8(path)[...])
        return try (0..<segments.count).map { try segments.text($0) }
    }

    @Test(
        arguments: [
            ("/", [""]), ("/events", ["events"]), ("/events/", ["events", ""]),
            ("/a//b", ["a", "", "b"]), ("/a%2Fb/c", ["a/b", "c"]), ("/a%2fb", ["a/b"]),
            ("/..%2F../%2e", ["../..", "."]), ("/caf%C3%A9", ["café"]), ("/a+b", ["a+b"]),
            ("/%25", ["%"]), ("/%F0%9F%8E%AB", ["🎫"]), ("*", ["*"]),
            ("/a/./b/..", ["a", ".", "b", ".."]),
        ])
    func aPathIsCutBeforeItIsDecoded(path: String, expected: [String]) throws {
        #expect(try segments(path) == expected)
    }

    static let badTexts: [(String, PercentCodingError)] = [
        ("%", .badEscape), ("%4", .badEscape), ("a%", .badEscape), ("%zz", .badEscape),
        ("%4g", .badEscape), ("%%41", .badEscape), ("%+1", .badEscape), ("% 1", .badEscape),
        ("%00", .nul), ("a%00b", .nul), ("%FF", .invalidUTF8), ("%C3", .invalidUTF8),
        ("%C0%AF", .invalidUTF8), ("%ED%A0%80", .invalidUTF8), ("%E2%82", .invalidUTF8),
        ("%F4%90%80%80", .invalidUTF8), ("%80", .invalidUTF8), ("%F8%88%80%80%80", .invalidUTF8),
    ]

    @Test(arguments: badTexts)
    func badEscapesAndBadUTF8AreErrors(text: String, error: PercentCodingError) throws {
        let path = PathSegments(utf8("/ok/" + text)[...])
        #expect(try path.text(0) == "ok")
        #expect(throws: error) { try path.text(1) }
        #expect(!path.segment(1, is: "events"))
        #expect(throws: QueryError(parameter: "q", reason: .coding(error))) {
            try QueryParameters(utf8("a=1&q=" + text)[...])
        }
        #expect(throws: QueryError(parameter: text, reason: .coding(error))) {
            try QueryParameters(utf8(text + "=1")[...])
        }
    }

    @Test func literalSegmentsMatchOnceDecoded() {
        let path = PathSegments(utf8("/events/%65vents/Events/event")[...])
        #expect(path.segment(0, is: "events"))
        #expect(path.segment(1, is: "events"))
        #expect(!path.segment(2, is: "events"))
        #expect(!path.segment(3, is: "events"))
    }

    @Test(
        arguments: [
            (nil, []), ("", []), ("a", [["a", ""]]), ("a=", [["a", ""]]), ("a=1", [["a", "1"]]),
            ("=1", [["", "1"]]), ("a=1&b=2", [["a", "1"], ["b", "2"]]),
            ("a=1&&b=2&", [["a", "1"], ["b", "2"]]), ("a=b=c", [["a", "b=c"]]),
            ("q=x+y%2Bz", [["q", "x y+z"]]), ("a%3Db=c%26d", [["a=b", "c&d"]]),
            ("q=%E2%82%AC", [["q", "€"]]), ("a=1&a=2", [["a", "1"], ["a", "2"]]),
        ] as [(String?, [[String]])])
    func aQueryIsCutBeforeItIsDecoded(text: String?, expected: [[String]]) throws {
        let query = try QueryParameters(text.map { utf8($0)[...] })
        #expect(query.parameters.map { [$0.name, $0.value] } == expected)
    }

    @Test func aValueIsAskedForByName() throws {
        let query = try QueryParameters(utf8("limit=5&cursor=&q=a&q=b")[...])
        #expect(try query.value("limit") == "5")
        #expect(try query.value("cursor") == "")
        #expect(try query.value("from") == nil)
        let error = QueryError(parameter: "q", reason: .repeated)
        #expect(throws: error) { try query.value("q") }
        #expect(error.message == "is given more than once")
    }

    @Test(
        arguments: [
            ("hold_1", "hold_1"), ("a/b c", "a%2Fb%20c"), ("é", "%C3%A9"), ("A-z0.9_~", "A-z0.9_~"),
            ("%+&=?#", "%25%2B%26%3D%3F%23"), ("", ""), ("\r\n", "%0D%0A"),
        ])
    func encodingLeavesOnlyUnreservedCharacters(text: String, expected: String) throws {
        #expect(percentEncoded(text) == expected)
        #expect(try segments("/" + percentEncoded(text)) == [text])
        let query = try QueryParameters(utf8("q=" + percentEncoded(text))[...])
        #expect(try query.value("q") == text)
    }
}
