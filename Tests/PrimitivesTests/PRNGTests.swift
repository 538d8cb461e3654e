import Primitives
import Testing

/// The authors' C program, started at 1, 2, 3, 4.
@Test func xoshiroMatchesTheReference() {
    var random = PRNG(state: 1, 2, 3, 4)
    let expected: [UInt64] = [
        11520, 0, 1_509_978_240, 1_215_971_899_390_074_240, 1_216_172_134_540_287_360,
        607_988_272_756_665_600, 16_172_922_978_634_559_625, 8_476_171_486_693_032_832,
        10_595_114_339_597_558_777, 2_904_607_092_377_533_576,
    ]
    #expect(expected.map { _ in random.next() } == expected)
}

/// SplitMix64's published sequence for the seed 1234567.
@Test func mix64IsSplitMixsFinaliser() {
    let gamma: UInt64 = 0x9E37_79B9_7F4A_7C15
    let outputs = (1...5).map { mix64(1_234_567 &+ gamma &* $0) }
    #expect(
        outputs == [
            6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
            4_593_380_528_125_082_431, 16_408_922_859_458_223_821,
        ])
}

@Test func mix64ChangesHalfTheBitsForEachBitOfInput() {
    var random = PRNG(seed: 5)
    for bit in 0..<64 {
        var changed = 0
        for _ in 0..<256 {
            let word = random.next()
            changed += (mix64(word) ^ mix64(word ^ 1 << UInt64(bit))).nonzeroBitCount
        }
        #expect((30 * 256...34 * 256).contains(changed), "bit \(bit)")
    }
}

/// Pinned: a seed in a bug report must replay for ever.
@Test func aSeedGivesTheSameSequenceForEver() {
    var random = PRNG(seed: 42)
    #expect(
        (0..<4).map { _ in random.next() } == [
            0x1578_0B2E_0C2E_C716, 0x6104_D986_6D11_3A7E, 0xAE17_5332_39E4_99A1,
            0xECB8_AD47_03B3_60A1,
        ])
}

@Test func seedsGiveDifferentSequences() {
    let firsts = Set(
        (0..<1_000 as Range<UInt64>).map { seed in
            var random = PRNG(seed: seed)
            return random.next()
        })
    #expect(firsts.count == 1_000)
}

@Test func nextBelowStaysBelowAndReachesEverything() {
    var random = PRNG(seed: 2)
    for bound in [1, 2, 3, 7, 10] as [UInt64] {
        var counts = [Int](repeating: 0, count: Int(bound))
        for _ in 0..<(1_000 * Int(bound)) { counts[Int(random.next(below: bound))] += 1 }
        #expect(counts.allSatisfy { (850...1_150).contains($0) }, "\(bound): \(counts)")
    }
    for _ in 0..<1_000 { #expect(random.next(below: .max) < .max) }
}

/// With three quarters of all words allowed, a reduction without rejection would give every third
/// result twice as often as the others.
@Test func nextBelowIsUnbiasedForHugeBounds() {
    var random = PRNG(seed: 3)
    let bound: UInt64 = 3 << 62
    var thirds = [0, 0, 0]
    for _ in 0..<30_000 { thirds[Int(random.next(below: bound) % 3)] += 1 }
    #expect(thirds.allSatisfy { (9_600...10_400).contains($0) }, "\(thirds)")
}

@Test func nextInRangeIncludesBothEnds() {
    var random = PRNG(seed: 4)
    let drawn = Set((0..<200).map { _ in random.next(in: -2...2) })
    #expect(drawn == [-2, -1, 0, 1, 2])
    #expect(random.next(in: 9...9) == 9)
    #expect(random.next(in: .min ... .min) == .min)
}

@Test func nextInTheWidestRangeHasBothSigns() {
    var random = PRNG(seed: 6)
    let drawn = (0..<100).map { _ in random.next(in: .min ... .max) }
    #expect(drawn.contains { $0 < 0 } && drawn.contains { $0 > 0 })
}
