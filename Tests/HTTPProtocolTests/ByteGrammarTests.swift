import HTTPProtocol
import Testing

/// Every one of the 256 bytes, in every place of a head where a grammar says which may stand.
struct ByteGrammarTests {
    static let alphanumeric = utf8("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")
    /// RFC 9110 §5.6.2.
    static let token = Set(alphanumeric + utf8("!#$%&'*+-.^_`|~"))
    /// RFC 3986 §2.2 and §2.3, and the percent sign.
    static let uri = Set(alphanumeric + utf8("-._~!$&'()*+,;=:[]%"))
    /// RFC 9110 §5.5: visible characters, the upper half, space and tab.
    static let field = Set(Array(UInt8(0x20)...0x7E) + Array(0x80...0xFF) + [0x09])

    /// The bytes that are accepted between the two texts.
    func accepted(after start: String, before end: String) -> Set<UInt8> {
        Set(
            (UInt8.min...UInt8.max).filter { byte in
                let bytes = utf8(start) + [byte] + utf8(end)
                guard case .body = events(ofRequests: [bytes]).last else { return false }
                return true
            })
    }

    @Test func methodsAndNamesAreTokens() {
        #expect(accepted(after: "A", before: "Z / HTTP/1.1\r\nHost: a\r\n\r\n") == Self.token)
        let name = accepted(after: "GET / HTTP/1.1\r\nHost: a\r\nA", before: "Z: b\r\n\r\n")
        // A colon there ends the name: "Z: b" is then the value.
        #expect(name == Self.token.union(utf8(":")))
    }

    @Test func targetsHaveTheCharactersOfAURI() {
        #expect(
            accepted(after: "GET /a", before: "z HTTP/1.1\r\nHost: a\r\n\r\n")
                == Self.uri.union(utf8("/?@")))
    }

    @Test func hostsHaveTheCharactersOfAHost() {
        #expect(accepted(after: "GET / HTTP/1.1\r\nHost: a", before: "z\r\n\r\n") == Self.uri)
        #expect(
            accepted(after: "GET http://a", before: "z/ HTTP/1.1\r\nHost: a\r\n\r\n")
                == Self.uri.union(utf8("/?")))
    }

    /// At any distance from the value's start: eight bytes are looked at together.
    @Test(arguments: 0..<17) func valuesHaveNoControlCharacters(length: Int) {
        let start = "GET / HTTP/1.1\r\nHost: a\r\nX: " + String(repeating: "v", count: length)
        #expect(accepted(after: start, before: "\r\n\r\n") == Self.field)
        #expect(accepted(after: start, before: "0123456789\r\n\r\n") == Self.field)
    }

    @Test(arguments: 0..<17) func stringsHaveNoControlCharacters(length: Int) {
        for byte in UInt8.min...UInt8.max {
            let text = "\"" + String(repeating: "s", count: length)
            let end = utf8("0123456789\"")
            let bytes = utf8(text) + [byte] + end
            let value = try? JSONValue(parsing: bytes)
            switch byte {
            case 0x22, 0x5C, 0x00..<0x20, 0x80...0xFF: #expect(value == nil, "\(byte)")
            default: #expect(value?.text?.utf8.count == length + 11, "\(byte)")
            }
        }
    }
}
