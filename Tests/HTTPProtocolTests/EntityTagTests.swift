import HTTPProtocol
import Testing

/// `ETag` and `If-None-Match`.
struct EntityTagTests {
    @Test(
        arguments: [
            (["\"abc\""], true), (["W/\"abc\""], true), (["*"], true), (["\"x\", \"abc\""], true),
            (["\"x\"", "\"abc\""], true), (["\"x\",W/\"abc\" , \"y\""], true),
            ([", \"abc\""], true),
            (["\"a,b\", \"abc\""], true), (["\"\\\", \"abc\""], true), (["\"x\"\"abc\""], true),
            ([], false), ([""], false), (["abc"], false), (["\"ABC\""], false), (["\"ab\""], false),
            (["\"abcd\""], false), (["w/\"abc\""], false), (["W\"abc\""], false),
            (["\"abc"], false),
            (["*, \"abc\""], false), (["junk, \"abc\""], false), (["\"a bc\""], false),
        ] as [([String], Bool)])
    func ifNoneMatchComparesWeakly(values: [String], isNamed: Bool) throws {
        for strength in [EntityTag.Strength.strong, .weak] {
            let tag = try #require(EntityTag("abc", strength))
            #expect(tag.isNamed(ifNoneMatch: values.map { utf8($0)[...] }) == isNamed)
        }
    }

    @Test func tagsAreQuoted() throws {
        #expect(try #require(EntityTag("r-17")).headerValue == "\"r-17\"")
        #expect(try #require(EntityTag("r-17", .weak)).headerValue == "W/\"r-17\"")
        #expect(try #require(EntityTag("")).headerValue == "\"\"")
    }

    @Test(arguments: ["a b", "a\"b", "a\r\n", "\0", "\u{7F}"])
    func otherTextIsNoTag(text: String) {
        #expect(EntityTag(text) == nil)
    }
}
