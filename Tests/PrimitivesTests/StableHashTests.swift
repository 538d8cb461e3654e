import Primitives
import Testing

private func hash(seed: UInt64 = 0, _ feed: (inout StableHash) -> Void) -> UInt64 {
    var hash = StableHash(seed: seed)
    feed(&hash)
    return hash.value
}

/// Pinned, from an independent calculation in Python: files and other nodes keep these.
@Test func stableHashNeverChanges() {
    #expect(hash { _ in } == 0xA706_DD2F_4D19_7E6F)
    #expect(hash { $0.combine(1 as UInt64) } == 0x44E5_B981_00C6_7FB0)
    #expect(hash(seed: 9) { $0.combine("Holdfast, row 7") } == 0x9D33_275A_F8C3_81F5)
}

@Test func stableHashSeesOrderCountAndSeed() {
    let hashes: [UInt64] = [
        hash { _ in },
        hash { $0.combine(0 as UInt64) },
        hash { hash in for _ in 0..<2 { hash.combine(0 as UInt64) } },
        hash(seed: 1) { $0.combine(0 as UInt64) },
        hash { hash in for word in [1, 2] as [UInt64] { hash.combine(word) } },
        hash { hash in for word in [2, 1] as [UInt64] { hash.combine(word) } },
        hash { hash in for text in ["ab", "c"] { hash.combine(text) } },
        hash { hash in for text in ["a", "bc"] { hash.combine(text) } },
    ]
    #expect(Set(hashes).count == hashes.count)
}

@Test func stableHashTellsFillingFromZeros() {
    let hashes = (0...40).map { count in
        hash { $0.combine([UInt8](repeating: 0, count: count)) }
    }
    #expect(Set(hashes).count == hashes.count)
}

@Test func stableHashSeesEveryByte() {
    let bytes = [UInt8](0..<21)
    let whole = hash { $0.combine(bytes) }
    for index in bytes.indices {
        var other = bytes
        other[index] ^= 0x80
        #expect(hash { $0.combine(other) } != whole)
    }
}

@Test func stableHashOfTextIsThatOfItsUTF8() {
    let text = "Größe 座席"
    #expect(hash { $0.combine(text) } == hash { $0.combine([UInt8](text.utf8)) })
    #expect(hash { $0.combine("\u{E9}") } != hash { $0.combine("e\u{301}") })
}

@Test func stableHashOfAWideWordIsThatOfItsHalves() {
    let wide: UInt128 = 5 << 64 | 6
    let halves = hash { hash in for word in [5, 6] as [UInt64] { hash.combine(word) } }
    #expect(hash { $0.combine(wide) } == halves)
}

@Test func stableHashSpreadsSmallNumbers() {
    var buckets = [Int](repeating: 0, count: 64)
    for key in 0..<(64 * 256) as Range<UInt64> {
        buckets[Int(hash { $0.combine(key) } % 64)] += 1
    }
    #expect(buckets.allSatisfy { (180...340).contains($0) }, "\(buckets)")
}
