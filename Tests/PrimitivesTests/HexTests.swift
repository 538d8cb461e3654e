import Primitives
import Testing

@Test func everyByteComesBackFromHex() {
    let bytes = [UInt8](UInt8.min...UInt8.max)
    let text = Hex.encode(bytes)
    #expect(text.hasPrefix("000102") && text.hasSuffix("fdfeff"))
    #expect(text.utf8.count == 512)
    #expect(Hex.decode(text.utf8) == bytes)
    #expect(Hex.encode([]).isEmpty)
    #expect(Hex.decode("".utf8) == [])
}

@Test func everyOtherCharacterIsNotHex() {
    let digits = [UInt8]("0123456789abcdef".utf8)
    for character in UInt8.min...UInt8.max {
        let known = digits.contains(character)
        #expect((Hex.decode([character, 0x30]) != nil) == known)
        #expect((Hex.decode([0x30, character]) != nil) == known)
    }
}

@Test func hexOfAnOddLengthIsRefused() {
    #expect(Hex.decode("0".utf8) == nil)
    #expect(Hex.decode("abc".utf8) == nil)
}
