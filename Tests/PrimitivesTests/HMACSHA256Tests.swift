import Primitives
import Testing

/// RFC 4231 §4, the SHA-256 column; case 5 is the first 128 bits only.
@Test(
    arguments: [
        (
            [UInt8](repeating: 0x0B, count: 20), [UInt8]("Hi There".utf8),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
        ),
        (
            [UInt8]("Jefe".utf8), [UInt8]("what do ya want for nothing?".utf8),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        ),
        (
            [UInt8](repeating: 0xAA, count: 20), [UInt8](repeating: 0xDD, count: 50),
            "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"
        ),
        (
            [UInt8](1...25), [UInt8](repeating: 0xCD, count: 50),
            "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"
        ),
        (
            [UInt8](repeating: 0x0C, count: 20), [UInt8]("Test With Truncation".utf8),
            "a3b6167473100ee06e0c796c2955552b"
        ),
        (
            [UInt8](repeating: 0xAA, count: 131),
            [UInt8]("Test Using Larger Than Block-Size Key - Hash Key First".utf8),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
        ),
        (
            [UInt8](repeating: 0xAA, count: 131),
            [UInt8](
                ("This is a test using a larger than block-size key and a larger than block-size "
                    + "data. The key needs to be hashed before being used by the HMAC algorithm.")
                    .utf8),
            "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"
        ),
    ] as [([UInt8], [UInt8], String)])
func hmacMatchesThePublishedVectors(key: [UInt8], message: [UInt8], expected: String) {
    let code = HMACSHA256.authenticate(message, key: key)
    #expect(code.count == 32)
    #expect(Hex.encode(code).hasPrefix(expected))
}

@Test func aKeyOfABlockIsUsedAsItIsAndOneByteMoreIsHashed() {
    let block = [UInt8](repeating: 7, count: 64)
    let longer = block + [7]
    #expect(
        HMACSHA256.authenticate([1], key: longer)
            == HMACSHA256.authenticate([1], key: SHA256.digest(longer).bytes))
    #expect(
        HMACSHA256.authenticate([1], key: block)
            != HMACSHA256.authenticate([1], key: SHA256.digest(block).bytes))
}

@Test func constantTimeComparisonSeesEveryDifference() {
    let code = [UInt8](0..<32)
    #expect(constantTimeEqual(code, code))
    #expect(constantTimeEqual([], []))
    #expect(!constantTimeEqual(code, Array(code.dropLast())))
    #expect(!constantTimeEqual(code, code + [0]))
    for bit in 0..<(32 * 8) {
        var other = code
        other[bit / 8] ^= 1 << UInt8(bit % 8)
        #expect(!constantTimeEqual(code, other))
    }
}
