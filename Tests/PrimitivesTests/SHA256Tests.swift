import Primitives
import Testing

/// NIST's examples for FIPS 180-4, and the empty message.
@Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
        "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
    (
        "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmn"
            + "hijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
        "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"
    ),
    (
        String(repeating: "a", count: 1_000_000),
        "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
    ),
])
func sha256MatchesThePublishedVectors(message: String, expected: String) {
    #expect(Hex.encode(SHA256.digest([UInt8](message.utf8)).bytes) == expected)
}

/// Every length around the padding's edges, as one digest over the digests; the expected value is
/// from Python's hashlib.
@Test func sha256PadsEveryLength() {
    var all = SHA256()
    for count in 0..<200 { all.update(SHA256.digest([UInt8](0..<200)[..<count].map { $0 }).bytes) }
    #expect(
        Hex.encode(all.finish().bytes)
            == "ba7b0fcea7d10c06b855b43d2b4dce1e3e842fff6be0acefb0faf4f2dd05bb47")
}

@Test func sha256OfPartsIsTheDigestOfTheWhole() {
    let bytes = [UInt8](0..<200)
    let whole = SHA256.digest(bytes)
    for cut in stride(from: 0, through: bytes.count, by: 3) {
        var hash = SHA256()
        hash.update(bytes[..<cut])
        hash.update([])
        hash.update(bytes[cut...])
        #expect(hash.finish() == whole)
    }
}

@Test func sha256GoesOnAfterADigestWasTaken() {
    var hash = SHA256()
    hash.update([UInt8]("ab".utf8))
    #expect(hash.finish() == SHA256.digest([UInt8]("ab".utf8)))
    hash.update([UInt8]("c".utf8))
    #expect(hash.finish() == SHA256.digest([UInt8]("abc".utf8)))
}

@Test func first128IsTheBigEndianStartOfTheDigest() {
    #expect(
        SHA256.first128([UInt8]("abc".utf8)) == 0xba78_16bf_8f01_cfea_4141_40de_5dae_2223)
}

@Test func digestKeepsItsHalvesInOrder() {
    let digest = Digest256(high: 1, low: 2)
    #expect(
        digest.bytes == Array(repeating: 0, count: 15) + [1] + Array(repeating: 0, count: 15) + [2])
    #expect(digest != Digest256(high: 2, low: 1))
}
