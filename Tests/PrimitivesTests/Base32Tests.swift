import Primitives
import Testing

private let alphabet = [UInt8]("0123456789abcdefghjkmnpqrstvwxyz".utf8)

@Test func everyCharacterHasItsPlace() {
    for (value, character) in alphabet.enumerated() {
        let text = Base32.encode([UInt8(value << 3)])
        #expect(text.utf8.first == character)
        #expect(Base32.decode(text.utf8) == [UInt8(value << 3)])
    }
}

@Test(arguments: [
    ("", ""), ("f", "cr"), ("fo", "csqg"), ("foo", "csqpy"), ("foob", "csqpyrg"),
    ("fooba", "csqpyrk1"), ("foobar", "csqpyrk1e8"),
])
func bytesMatchRFC4648sVectorsInThisAlphabet(plain: String, encoded: String) {
    #expect(Base32.encode([UInt8](plain.utf8)) == encoded)
    #expect(Base32.decode(encoded.utf8) == [UInt8](plain.utf8))
}

@Test func bytesOfEveryLengthComeBack() {
    var random = PRNG(seed: 12)
    for count in 0..<50 {
        let bytes = (0..<count).map { _ in UInt8(random.next(below: 256)) }
        #expect(Base32.decode(Base32.encode(bytes).utf8) == bytes)
    }
}

@Test func textOfAWrongLengthIsRefused() {
    for count in 0...32 {
        let text = [UInt8](repeating: UInt8(ascii: "0"), count: count)
        let isLength = [0, 2, 4, 5, 7].contains(count % 8)
        #expect((Base32.decode(text) != nil) == isLength, "\(count) characters")
    }
}

@Test func bitsBeyondTheLastByteMustBeZero() {
    #expect(Base32.decode("cr".utf8) != nil)
    #expect(Base32.decode("cs".utf8) == nil)
    #expect(Base32.decode("csqpz".utf8) == nil)
}

@Test func everyOtherCharacterIsRefused() {
    for character in UInt8.min...UInt8.max {
        let known = alphabet.contains(character)
        #expect((Base32.decode([character, 0x30]) != nil) == known)
        let number = [UInt8](repeating: 0x30, count: 25) + [character]
        #expect((Base32.decodeUInt128(number) != nil) == known)
    }
}

@Test(
    arguments: [
        (0, "00000000000000000000000000"), (31, "0000000000000000000000000z"),
        (32, "00000000000000000000000010"), (.max, "7zzzzzzzzzzzzzzzzzzzzzzzzz"),
    ] as [(UInt128, String)])
func aWideValueIsANumberOf26Digits(value: UInt128, text: String) {
    #expect(Base32.encode(value) == text)
    #expect(Base32.decodeUInt128(text.utf8) == value)
    var appended = [UInt8]("id=".utf8)
    Base32.append(value, to: &appended)
    #expect(String(decoding: appended, as: UTF8.self) == "id=" + text)
}

@Test func wideValuesComeBackAndSortAsTheirTexts() {
    var random = PRNG(seed: 13)
    var previous: (value: UInt128, text: String) = (0, Base32.encode(0 as UInt128))
    for _ in 0..<500 {
        let value =
            (UInt128(random.next()) << 64 | UInt128(random.next()))
            >> UInt128(random.next(below: 128))
        let text = Base32.encode(value)
        #expect(Base32.decodeUInt128(text.utf8) == value)
        #expect((value < previous.value) == (text < previous.text))
        previous = (value, text)
    }
}

@Test func aWideValueOfAWrongLengthOrBeyond128BitsIsRefused() {
    #expect(Base32.decodeUInt128("".utf8) == nil)
    #expect(Base32.decodeUInt128("0000000000000000000000000".utf8) == nil)
    #expect(Base32.decodeUInt128("000000000000000000000000000".utf8) == nil)
    #expect(Base32.decodeUInt128("80000000000000000000000000".utf8) == nil)
    #expect(Base32.decodeUInt128("zzzzzzzzzzzzzzzzzzzzzzzzzz".utf8) == nil)
}
