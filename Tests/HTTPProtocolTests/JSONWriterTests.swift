import HTTPProtocol
import Primitives
import Testing

/// Writing JSON, and reading it back.
struct JSONWriterTests {
    func json(_ write: (inout [UInt8]) -> Void) -> String {
        var bytes: [UInt8] = []
        write(&bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test func commasStandBetweenMembersAndElementsOnly() {
        let text = json { bytes in
            bytes.appendJSONObject { hold in
                hold.field("hold_id", "hold_1")
                hold.array("seat_ids") { seats in
                    for seat in ["A-1", "A-2"] { seats.element(seat) }
                }
                hold.array("none") { _ in }
                hold.object("inner") { inner in
                    inner.object("empty") { _ in }
                    inner.array("nested") { nested in
                        nested.array { $0.element(1) }
                        nested.object { $0.field("a", true) }
                        nested.element(false)
                    }
                }
                hold.field("amount", 12_345)
            }
        }
        #expect(
            text == #"{"hold_id":"hold_1","seat_ids":["A-1","A-2"],"none":[],"#
                + #""inner":{"empty":{},"nested":[[1],{"a":true},false]},"amount":12345}"#)
    }

    @Test func aWriterAppends() {
        let text = json { bytes in
            bytes = utf8("[")
            bytes.appendJSONArray { _ in }
            bytes.appendJSONObject { $0.field("a", 1) }
        }
        #expect(text == #"[[]{"a":1}"#)
    }

    @Test func namesThatAreDataAreEscaped() {
        let text = json { bytes in
            bytes.appendJSONObject { sections in
                sections.field(key: "a\"b", 1)
                sections.object(key: "\n") { $0.field("x", 2) }
                sections.array(key: "é") { $0.element(3) }
            }
        }
        #expect(text == #"{"a\"b":1,"\n":{"x":2},"é":[3]}"#)
    }

    @Test(
        arguments: [
            ("", "\"\""), ("plain", "\"plain\""), ("a\"b\\c", #""a\"b\\c""#),
            ("\n\r\t", #""\n\r\t""#),
            ("\u{0}\u{8}\u{B}\u{C}\u{1F}", #""\u0000\u0008\u000b\u000c\u001f""#),
            ("\u{7F}/é€🎫\u{2028}", "\"\u{7F}/é€🎫\u{2028}\""), ("{", "\"{\""), ("[", "\"[\""),
            (
                "a long text, without an escape, that needs the heap",
                "\"a long text, without an escape, that needs the heap\""
            ),
        ])
    func onlyWhatMustBeIsEscaped(text: String, expected: String) {
        #expect(json { text.appendJSON(to: &$0) } == expected)
    }

    @Test func valuesHaveTheirText() {
        #expect(json { Int64.min.appendJSON(to: &$0) } == "-9223372036854775808")
        #expect(json { Int64.max.appendJSON(to: &$0) } == "9223372036854775807")
        #expect(json { UInt64.max.appendJSON(to: &$0) } == "18446744073709551615")
        #expect(json { 0.appendJSON(to: &$0) } == "0")
        #expect(json { (-10).appendJSON(to: &$0) } == "-10")
        #expect(json { String?.none.appendJSON(to: &$0) } == "null")
        #expect(json { String?.some("x").appendJSON(to: &$0) } == "\"x\"")
        #expect(json { JSONFragment(utf8("{\"a\":[]}")).appendJSON(to: &$0) } == "{\"a\":[]}")
    }

    @Test func aBraceThatEndsATextIsNoOpening() {
        let text = json { bytes in
            bytes.appendJSONArray { array in
                array.element("{")
                array.element(JSONFragment(utf8("[]")))
                array.element("[")
                array.element(1)
            }
        }
        #expect(text == #"["{",[],"[",1]"#)
    }

    /// Every value that can be read is written as a text that reads the same.
    @Test func randomTreesSurviveTheRoundTrip() throws {
        var random = PRNG(seed: 8_259)
        for _ in 0..<500 {
            let tree = randomTree(&random, depth: 0)
            var bytes: [UInt8] = []
            tree.appendJSON(to: &bytes)
            #expect(try JSONValue(parsing: bytes) == tree)
        }
    }
}

/// A tree of at most four levels whose texts mix ASCII, escapes and all planes of Unicode.
func randomTree(_ random: inout PRNG, depth: Int) -> JSONValue {
    switch random.next(below: depth < 4 ? 7 : 5) {
    case 0: return .null
    case 1: return .boolean(random.next(below: 2) == 0)
    case 2: return .integer(Int64(bitPattern: random.next()))
    case 3: return .number("\(random.next(below: 1_000)).\(random.next(below: 1_000))e-1")
    case 4: return .string(randomText(&random))
    case 5:
        return .array(
            (0..<random.next(below: 5)).map { _ in randomTree(&random, depth: depth + 1) })
    default:
        return .object(
            (0..<random.next(below: 5)).map { index in
                .init("\(index)" + randomText(&random), randomTree(&random, depth: depth + 1))
            })
    }
}

private func randomText(_ random: inout PRNG) -> String {
    var text = ""
    for _ in 0..<random.next(below: 20) {
        let bound: UInt64 = [0x80, 0x800, 0x1_0000, 0x11_0000][Int(random.next(below: 4))]
        // No NUL, which is refused on the way back.
        if let scalar = Unicode.Scalar(UInt32(random.next(below: bound - 1)) + 1) {
            text.unicodeScalars.append(scalar)
        }
    }
    return text
}
