/// Spreads every bit of a word over all the others; one-to-one, and zero stays zero. The finaliser
/// of SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014).
@inlinable package func mix64(_ word: UInt64) -> UInt64 {
    var z = word
    z = (z ^ z &>> 30) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ z &>> 27) &* 0x94D0_49BB_1331_11EB
    return z ^ z &>> 31
}

/// 2^64 divided by the golden ratio, made odd: an increment that visits every word.
@inlinable var goldenGamma: UInt64 { 0x9E37_79B9_7F4A_7C15 }

/// The generator behind timeouts and simulations: xoshiro256** (Blackman and Vigna, 2018). One
/// seed gives one sequence on every platform, which the standard library's generators and range
/// reductions don't promise. Not for secrets: those come from the system.
package struct PRNG: Sendable {
    private var s0: UInt64
    private var s1: UInt64
    private var s2: UInt64
    private var s3: UInt64

    /// Any seed will do: it is stretched to the whole state by SplitMix64, as the authors advise.
    package init(seed: UInt64) {
        self.init(
            state: mix64(seed &+ goldenGamma), mix64(seed &+ 2 &* goldenGamma),
            mix64(seed &+ 3 &* goldenGamma), mix64(seed &+ 4 &* goldenGamma))
    }

    /// The generator at a known state, of which at least one word isn't zero.
    package init(state s0: UInt64, _ s1: UInt64, _ s2: UInt64, _ s3: UInt64) {
        invariant(s0 | s1 | s2 | s3 != 0, "xoshiro256** never leaves the all-zero state")
        (self.s0, self.s1, self.s2, self.s3) = (s0, s1, s2, s3)
    }

    /// The next 64 uniform bits.
    package mutating func next() -> UInt64 {
        let result = Self.rotate(s1 &* 5, 7) &* 9
        let shifted = s1 &<< 17
        s2 ^= s0
        s3 ^= s1
        s1 ^= s2
        s0 ^= s3
        s2 ^= shifted
        s3 = Self.rotate(s3, 45)
        return result
    }

    /// A number in 0..<`bound`, each equally likely; `bound` must not be zero. Multiplies instead
    /// of dividing, and draws again in the few cases that would favour some results (Lemire, "Fast
    /// random integer generation in an interval", 2019).
    package mutating func next(below bound: UInt64) -> UInt64 {
        invariant(bound > 0, "there is no number below 0")
        var product = next().multipliedFullWidth(by: bound)
        if product.low < bound {
            let surplus = (0 &- bound) % bound
            while product.low < surplus { product = next().multipliedFullWidth(by: bound) }
        }
        return product.high
    }

    /// A number of the range, each equally likely.
    package mutating func next(in range: ClosedRange<Int>) -> Int {
        let width = UInt64(bitPattern: Int64(range.upperBound &- range.lowerBound))
        let offset = width == .max ? next() : next(below: width + 1)
        return range.lowerBound &+ Int(truncatingIfNeeded: offset)
    }

    private static func rotate(_ word: UInt64, _ bits: UInt64) -> UInt64 {
        word &<< bits | word &>> (64 &- bits)
    }
}
