import SystemIO
import Testing

@Suite struct SecureRandomTests {
    @Test func numbersDoNotRepeat() {
        var random = SecureRandom()
        var seen: Set<UInt128> = []
        for _ in 0..<1_000 { seen.insert(random.nextUInt128()) }
        var words: Set<UInt64> = []
        for _ in 0..<1_000 { words.insert(random.nextUInt64()) }
        #expect(seen.count == 1_000)
        #expect(words.count == 1_000)
    }

    @Test func everyByteOfABufferIsDrawn() {
        #expect(SecureRandom.bytes(count: 0) == [])
        // Drawn thirty times, each place has been other than zero: a miss has odds of 2^-240.
        var union = [UInt8](repeating: 0, count: 1_000)
        for _ in 0..<30 {
            for (place, byte) in SecureRandom.bytes(count: 1_000).enumerated() {
                union[place] |= byte
            }
        }
        #expect(!union.contains(0))
    }
}
