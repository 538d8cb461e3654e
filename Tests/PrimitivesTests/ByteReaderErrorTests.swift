import Primitives
import Testing

@Test func everyIntegerCutShortIsTruncated() {
    func check<Value>(
        _ size: Int, _ read: (inout ByteReader) throws(ByteReaderError) -> Value
    ) {
        for count in 0..<size {
            #expect(throws: ByteReaderError.truncated(needed: size, remaining: count)) {
                var reader = ByteReader([UInt8](repeating: 1, count: count))
                _ = try read(&reader)
            }
        }
    }
    check(1) { reader throws(ByteReaderError) in try reader.u8() }
    check(2) { reader throws(ByteReaderError) in try reader.u16() }
    check(4) { reader throws(ByteReaderError) in try reader.u32() }
    check(8) { reader throws(ByteReaderError) in try reader.u64() }
    check(8) { reader throws(ByteReaderError) in try reader.i64() }
    check(16) { reader throws(ByteReaderError) in try reader.u128() }
}

@Test(
    arguments: [
        [0x80, 0x00], [0x81, 0x00], [0xFF, 0x80, 0x00],
        [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x02],
        [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00],
        [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x81, 0x00],
        [UInt8](repeating: 0x80, count: 100),
    ] as [[UInt8]])
func aVarintThatIsTooLongIsRefused(encoding: [UInt8]) {
    #expect(throws: ByteReaderError.overlongVarint) {
        var reader = ByteReader(encoding)
        _ = try reader.varint()
    }
}

@Test func aVarintCutShortIsTruncated() {
    for encoding in [[], [0x80], [0xFF, 0xFF]] as [[UInt8]] {
        #expect(throws: ByteReaderError.truncated(needed: 1, remaining: 0)) {
            var reader = ByteReader(encoding)
            _ = try reader.varint()
        }
    }
}

@Test func aLengthIsCheckedAgainstTheLimitBeforeTheBytes() throws {
    #expect(throws: ByteReaderError.lengthOverLimit(length: 4, limit: 3)) {
        var reader = ByteReader([4, 1, 2, 3, 4])
        _ = try reader.bytes(max: 3)
    }
    var writer = ByteWriter()
    writer.varint(.max)
    #expect(throws: ByteReaderError.lengthOverLimit(length: .max, limit: .max)) {
        var reader = ByteReader(writer.bytes)
        _ = try reader.slice(max: .max)
    }
    #expect(throws: ByteReaderError.lengthOverLimit(length: 1, limit: -1)) {
        var reader = ByteReader([1, 1])
        _ = try reader.bytes(max: -1)
    }
    var exact = ByteReader([3, 1, 2, 3])
    #expect(try exact.bytes(max: 3) == [1, 2, 3])
}

@Test func aLengthBeyondTheEndIsTruncated() {
    #expect(throws: ByteReaderError.truncated(needed: 4, remaining: 3)) {
        var reader = ByteReader([4, 1, 2, 3])
        _ = try reader.string(max: 10)
    }
    for count in [4, .max, -1] {
        #expect(throws: ByteReaderError.truncated(needed: count, remaining: 3)) {
            var reader = ByteReader([1, 2, 3])
            _ = try reader.raw(count: count)
        }
    }
}

/// A lone continuation, a cut sequence, an overlong "/", a surrogate, and a value above U+10FFFF
/// (RFC 3629 §3).
@Test(
    arguments: [
        [0x80], [0xE2, 0x82], [0xC0, 0xAF], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80],
    ] as [[UInt8]])
func textThatIsNotUTF8IsRefused(text: [UInt8]) {
    var writer = ByteWriter()
    writer.bytes(text)
    #expect(throws: ByteReaderError.invalidUTF8) {
        var reader = ByteReader(writer.bytes)
        _ = try reader.string(max: 10)
    }
}

@Test func aReaderSeesItsRangeOnly() throws {
    var reader = ByteReader([9, 1, 2, 9], range: 1..<3)
    #expect(reader.remaining == 2)
    #expect(reader.offset == 1)
    #expect(try reader.raw(count: 2) == [1, 2])
    #expect(reader.offset == 3)
    try reader.requireEnd()
    #expect(throws: ByteReaderError.truncated(needed: 1, remaining: 0)) { try reader.u8() }
}

@Test func aReaderWithinAReaderEndsWithItsMessage() throws {
    var outer = ByteReader([2, 7, 8, 9])
    var inner = try outer.reader(max: 2)
    #expect(try inner.u16() == 0x0807)
    #expect(throws: ByteReaderError.truncated(needed: 1, remaining: 0)) { try inner.u8() }
    #expect(try outer.u8() == 9)
    try outer.requireEnd()
}

@Test func noInputTraps() {
    var random = PRNG(seed: 11)
    var answers = 0
    for _ in 0..<5_000 {
        let count = random.next(in: 0...40)
        var reader = ByteReader((0..<count).map { _ in UInt8(random.next(below: 256)) })
        do {
            while reader.remaining > 0 {
                let before = reader.remaining
                try readAnything(&reader, choice: random.next(below: 10))
                #expect(reader.remaining <= before && reader.remaining >= 0)
                answers += 1
            }
        } catch {
            answers += 1
        }
    }
    #expect(answers > 5_000)
}

private func readAnything(_ reader: inout ByteReader, choice: UInt64) throws(ByteReaderError) {
    switch choice {
    case 0: _ = try reader.u8()
    case 1: _ = try reader.u16()
    case 2: _ = try reader.u32()
    case 3: _ = try reader.u64()
    case 4: _ = try reader.u128()
    case 5: _ = try reader.i64()
    case 6: _ = try reader.varint()
    case 7: _ = try reader.string(max: .max)
    case 8: _ = try reader.reader(max: 20)
    default: _ = try reader.bytes(max: 20)
    }
}

@Test(
    arguments: [
        (.truncated(needed: 8, remaining: 3), "8 bytes are needed where 3 are left"),
        (.overlongVarint, "a number is longer than it needs to be"),
        (.invalidUTF8, "a text is not UTF-8"),
        (.lengthOverLimit(length: 900, limit: 128), "a length of 900 is above 128"),
        (.trailingBytes(count: 2), "2 bytes are left over"),
    ] as [(ByteReaderError, String)])
func aReadersErrorIsASentence(_ error: ByteReaderError, _ words: String) {
    #expect(error.description == words)
}
