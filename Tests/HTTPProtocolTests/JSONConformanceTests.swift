import HTTPProtocol
import Testing

/// RFC 8259, case by case: what is JSON and what is not.
struct JSONConformanceTests {
    func value(_ text: String, _ dialect: JSONDialect = .strict) throws(JSONError) -> JSONValue {
        try JSONValue(parsing: utf8(text), dialect: dialect)
    }

    func malformation(
        _ bytes: [UInt8], _ dialect: JSONDialect = .strict
    ) -> JSONError.Malformation? {
        do throws(JSONError) {
            _ = try JSONValue(parsing: bytes, dialect: dialect)
            return nil
        } catch {
            guard case .malformed(let malformation) = error.reason else { return nil }
            return malformation
        }
    }

    @Test(
        arguments: [
            ("null", .null), ("true", .boolean(true)), ("false", .boolean(false)),
            (" \t\r\n0\n", .integer(0)), ("-0", .integer(0)), ("-12", .integer(-12)),
            ("9223372036854775807", .integer(.max)), ("-9223372036854775808", .integer(.min)),
            ("9223372036854775808", .number("9223372036854775808")), ("0.5", .number("0.5")),
            ("-0.0", .number("-0.0")), ("1e3", .number("1e3")), ("1E-03", .number("1E-03")),
            ("0e0", .number("0e0")), ("10.01e+00", .number("10.01e+00")),
            ("1e999999999", .number("1e999999999")), ("\"\"", .string("")),
            ("[]", .array([])), ("{}", .object([])), ("[ ]", .array([])), ("{\n}", .object([])),
            ("[null,1,\"x\"]", .array([.null, .integer(1), .string("x")])),
            ("[[],[[]]]", .array([.array([]), .array([.array([])])])),
            ("{\"\":0}", .object([.init("", .integer(0))])),
            ("{\"b\":1,\"a\":2}", .object([.init("b", .integer(1)), .init("a", .integer(2))])),
        ] as [(String, JSONValue)])
    func isAccepted(text: String, expected: JSONValue) throws {
        #expect(try value(text) == expected)
    }

    @Test(
        arguments: [
            (#""a b""#, "a b"), (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"),
            (#""\u0041""#, "A"),
            (#""\u00e9\u00E9""#, "éé"), (#""\u20ac""#, "€"), (#""\ud83c\udfab""#, "🎫"),
            (#""\uD800\uDC00""#, "\u{10000}"), (#""\udbff\udfff""#, "\u{10FFFF}"),
            ("\"é€🎫\"", "é€🎫"),
            (#""\ufffe\uffff""#, "\u{FFFE}\u{FFFF}"), (#""\u0001""#, "\u{1}"),
            (#""\u007f""#, "\u{7F}"),
            ("\"\u{7F}\"", "\u{7F}"), ("\"\u{2028}\"", "\u{2028}"), (#""é\n""#, "é\n"),
            (#""\\u0041""#, "\\u0041"),
            (#""\\""#, "\\"), (#""//""#, "//"), ("\"\u{10FFFF}\"", "\u{10FFFF}"),
            ("\"{[,:]}\"", "{[,:]}"),
        ])
    func stringsAreDecoded(text: String, expected: String) throws {
        #expect(try value(text) == .string(expected))
        #expect(try value("{\(text):1}") == .object([.init(expected, .integer(1))]))
        var reader = JSONReader(utf8(text))
        try reader.skipValue()
        try reader.finish()
    }

    @Test(
        arguments: [
            ("", .unexpectedEnd), (" ", .unexpectedEnd), ("[", .unexpectedEnd),
            ("{", .unexpectedEnd),
            ("[1", .unexpectedEnd), ("[1,", .unexpectedEnd), ("{\"a\"", .unexpectedEnd),
            ("{\"a\":", .unexpectedEnd), ("{\"a\":1", .unexpectedEnd),
            ("{\"a\":1,", .unexpectedEnd),
            ("\"", .unexpectedEnd), ("\"a", .unexpectedEnd), ("\"a\\", .unexpectedEnd),
            ("\"a\\\"", .unexpectedEnd), ("tru", .unexpectedEnd), ("n", .unexpectedEnd),
            ("[1]]", .trailingBytes), ("1 2", .trailingBytes), ("{}{}", .trailingBytes),
            ("nullx", .trailingBytes), ("\"a\"\"b\"", .trailingBytes), ("1,", .trailingBytes),
            ("[]\u{0}", .trailingBytes), ("1//", .trailingBytes), ("0x1", .trailingBytes),
            ("x", .unexpectedByte), ("True", .unexpectedByte), ("trux", .unexpectedByte),
            ("NaN", .unexpectedByte), ("Infinity", .unexpectedByte), ("'a'", .unexpectedByte),
            ("undefined", .unexpectedByte), ("nul ", .unexpectedByte), ("]", .unexpectedByte),
            ("}", .unexpectedByte), (",", .unexpectedByte), (":", .unexpectedByte),
            ("[,]", .unexpectedByte), ("[1,,2]", .unexpectedByte), ("[1,]", .unexpectedByte),
            ("[1 2]", .unexpectedByte), ("[1;2]", .unexpectedByte), ("[1}", .unexpectedByte),
            ("{]", .unexpectedByte), ("{,}", .unexpectedByte), ("{a:1}", .unexpectedByte),
            ("{1:1}", .unexpectedByte), ("{\"a\" 1}", .unexpectedByte),
            ("{\"a\",1}", .unexpectedByte),
            ("{\"a\"::1}", .unexpectedByte), ("{\"a\":1,}", .unexpectedByte),
            ("{\"a\":}", .unexpectedByte),
            ("{\"a\":1 \"b\":2}", .unexpectedByte), ("{null:1}", .unexpectedByte),
            ("\u{FEFF}{}", .unexpectedByte), ("\u{A0}1", .unexpectedByte),
            ("\u{C}1", .unexpectedByte),
            ("[1\u{B}]", .unexpectedByte), ("+1", .unexpectedByte), (".5", .unexpectedByte),
            ("// c\n1", .unexpectedByte), ("/* c */1", .unexpectedByte), ("\u{0}", .unexpectedByte),
            ("01", .invalidNumber), ("-01", .invalidNumber), ("00", .invalidNumber),
            ("-", .invalidNumber),
            ("-a", .invalidNumber), ("--1", .invalidNumber), ("1.", .invalidNumber),
            ("1.e1", .invalidNumber),
            ("-.5", .invalidNumber), ("1e", .invalidNumber), ("1e+", .invalidNumber),
            ("1ee1", .invalidNumber), ("1.2.3", .trailingBytes), ("1e1.5", .trailingBytes),
            ("\"\u{0}\"", .controlCharacter), ("\"\n\"", .controlCharacter),
            ("\"\t\"", .controlCharacter),
            ("\"a\u{1F}\"", .controlCharacter), ("\"\\x41\"", .invalidEscape),
            ("\"\\'\"", .invalidEscape),
            ("\"\\U0041\"", .invalidEscape), ("\"\\\u{0}\"", .invalidEscape),
            ("\"\\\n\"", .invalidEscape),
            ("\"\\u\"", .invalidEscape), ("\"\\u004\"", .invalidEscape),
            ("\"\\u004g\"", .invalidEscape),
            ("\"\\u-041\"", .invalidEscape), ("\"\\u0000\"", .nul), ("\"a\\u0000b\"", .nul),
            ("\"\\ud800\"", .loneSurrogate), ("\"\\udc00\"", .loneSurrogate),
            ("\"\\ud800\\u0041\"", .loneSurrogate), ("\"\\ud800\\ud800\"", .loneSurrogate),
            ("\"\\udc00\\ud800\"", .loneSurrogate), ("\"\\ud800x\"", .loneSurrogate),
            ("\"\\ud800\\n\"", .loneSurrogate), ("\"\\ud800\\u12\"", .invalidEscape),
            ("\"\\é\"", .invalidEscape),
        ] as [(String, JSONError.Malformation)])
    func isRefused(text: String, expected: JSONError.Malformation) {
        #expect(malformation(utf8(text)) == expected)
    }

    @Test(
        arguments: [
            [0x80], [0xBF], [0xC0, 0xAF], [0xC1, 0xBF], [0xC3], [0xC3, 0x28], [0xE0, 0x80, 0xAF],
            [0xE2, 0x82], [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF], [0xF0, 0x80, 0x80, 0xAF],
            [0xF0, 0x9F, 0x8E], [0xF4, 0x90, 0x80, 0x80], [0xF8, 0x88, 0x80, 0x80, 0x80], [0xFE],
            [0xFF],
            [0x5C, 0x6E, 0xFF],
        ] as [[UInt8]])
    func invalidUTF8IsRefusedWhereverItStands(bytes: [UInt8]) {
        let quoted = [0x22] + bytes + [0x22]
        #expect(malformation(quoted) == .invalidUTF8)
        #expect(malformation([0x7B] + quoted + utf8(":1}")) == .invalidUTF8)
        #expect(throws: JSONError.self) {
            var reader = JSONReader(quoted)
            try reader.skipValue()
        }
        #expect(throws: JSONError.self) {
            var reader = JSONReader([0x7B] + quoted + utf8(":1}"))
            try reader.skipValue()
        }
    }

    @Test func depthIsBounded() throws {
        func nested(_ depth: Int, _ open: String, _ close: String) -> String {
            String(repeating: open, count: depth) + "1" + String(repeating: close, count: depth)
        }
        _ = try value(nested(32, "[", "]"))
        _ = try value(nested(32, "{\"a\":", "}"))
        #expect(malformation(utf8(nested(33, "[", "]"))) == .tooDeep)
        #expect(malformation(utf8(nested(33, "{\"a\":", "}"))) == .tooDeep)
        #expect(malformation(utf8(String(repeating: "[", count: 100_000))) == .tooDeep)
        var reader = JSONReader(utf8(nested(33, "[", "]")))
        #expect(throws: JSONError.self) { try reader.skipValue() }
        let wide = "[" + String(repeating: "[[]],", count: 1_000) + "1]"
        _ = try value(wide)
    }

    @Test(
        arguments: [
            ("// head\n{\"a\": 1, // one\n // two\n}//", "{\"a\":1}"), ("[1,2,]", "[1,2]"),
            ("[1,\n// x\n]", "[1]"), ("{\"a\":[{},],}", "{\"a\":[{}]}"), ("[// x\n]", "[]"),
            ("{\"a\"//x\n://y\n1}", "{\"a\":1}"), ("1 // no line end", "1"), ("\"//\"", "\"//\""),
        ])
    func configurationMayHaveCommentsAndTrailingCommas(text: String, strict: String) throws {
        #expect(try value(text, .configuration) == value(strict))
        #expect(malformation(utf8(text)) != nil || text == strict)
    }

    @Test(arguments: [
        "[,]", "{,}", "[1,,]", "/* x */ 1", "[1] / x", "# x\n1", "{a:1}", "[1//]", "01",
    ])
    func configurationIsStrictOtherwise(text: String) {
        #expect(malformation(utf8(text), .configuration) != nil)
    }

    @Test func aTreeHasEachKeyOnce() {
        #expect(throws: JSONError(path: "a.b", reason: .duplicate, offset: 16)) {
            try value(#"{"a":{"b":1,"b":2}}"#)
        }
        #expect(throws: JSONError(path: "b", reason: .duplicate, offset: 16)) {
            try value(#"{"b":1,"\u0062":2}"#)
        }
    }

    @Test func aTreeIsAskedForItsParts() throws {
        let tree = try value(#"{"a":[1,"x"],"b":null}"#)
        #expect(tree["a"]?[0]?.integer == 1)
        #expect(tree["a"]?[1]?.text == "x")
        #expect(tree["b"] == .null)
        #expect(tree["c"] == nil)
        #expect(tree["a"]?[2] == nil)
        #expect(tree["a"]?["x"] == nil)
        #expect(tree[0] == nil)
        #expect(tree["a"]?.text == nil)
        #expect(tree["a"]?[1]?.integer == nil)
    }
}
