/// A 256-bit digest as two big-endian halves, so that it compares, hashes and stores without an
/// allocation.
package struct Digest256: Hashable, Sendable {
    /// Bytes 0…15.
    package var high: UInt128
    /// Bytes 16…31.
    package var low: UInt128

    package init(high: UInt128, low: UInt128) {
        self.high = high
        self.low = low
    }

    /// The 32 bytes in the order the standard prints them.
    package var bytes: [UInt8] {
        [UInt8](unsafeUninitializedCapacity: 32) { buffer, count in
            let target = UnsafeMutableRawBufferPointer(buffer)
            target.storeBytes(of: high.bigEndian, toByteOffset: 0, as: UInt128.self)
            target.storeBytes(of: low.bigEndian, toByteOffset: 16, as: UInt128.self)
            count = 32
        }
    }
}

/// SHA-256, incrementally (FIPS 180-4 §6.2).
package struct SHA256: Sendable {
    /// At first 32 bits of the fractional parts of the first 8 primes' square roots (§5.3.3).
    private var state = SIMD8<UInt32>(
        0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a,
        0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19)
    /// The start of a block that is not yet whole.
    private var pending = InlineArray<64, UInt8>(repeating: 0)
    /// Bytes given so far; the ones beyond the last whole block are in `pending`.
    private var byteCount: UInt64 = 0

    package init() {}

    /// Takes the next bytes of the message.
    package mutating func update(_ bytes: UnsafeRawBufferPointer) {
        guard let start = bytes.baseAddress else { return }
        var offset = 0
        var filled = Int(byteCount % 64)
        byteCount += UInt64(bytes.count)
        if filled > 0 {
            while filled < 64, offset < bytes.count {
                pending[filled] = bytes[offset]
                filled += 1
                offset += 1
            }
            guard filled == 64 else { return }
            compressPending()
        }
        while bytes.count - offset >= 64 {
            Self.compress(start + offset, into: &state)
            offset += 64
        }
        for (slot, index) in (offset..<bytes.count).enumerated() { pending[slot] = bytes[index] }
    }

    package mutating func update(_ bytes: [UInt8]) { bytes.withUnsafeBytes { update($0) } }

    package mutating func update(_ bytes: ArraySlice<UInt8>) {
        bytes.withUnsafeBytes { update($0) }
    }

    /// The digest of everything so far. The hash itself is left as it was, and may go on.
    package func finish() -> Digest256 {
        var last = self
        last.pad()
        var digest: (high: UInt128, low: UInt128) = (0, 0)
        for word in 0..<4 {
            digest.high = digest.high << 32 | UInt128(last.state[word])
            digest.low = digest.low << 32 | UInt128(last.state[word + 4])
        }
        return Digest256(high: digest.high, low: digest.low)
    }

    /// The digest of a whole message.
    package static func digest(_ bytes: [UInt8]) -> Digest256 {
        var hash = SHA256()
        hash.update(bytes)
        return hash.finish()
    }

    /// The first 16 bytes of the digest as one big-endian number: a fingerprint for tables.
    package static func first128(_ bytes: [UInt8]) -> UInt128 { digest(bytes).high }

    /// A one bit, zeros, and the message's length in bits, to the end of a block (§5.1.1).
    private mutating func pad() {
        var filled = Int(byteCount % 64)
        pending[filled] = 0x80
        filled += 1
        if filled > 56 {
            for slot in filled..<64 { pending[slot] = 0 }
            compressPending()
            filled = 0
        }
        for slot in filled..<56 { pending[slot] = 0 }
        let bitCount = byteCount &* 8
        for slot in 0..<8 {
            pending[56 + slot] = UInt8(truncatingIfNeeded: bitCount >> (56 - 8 * UInt64(slot)))
        }
        compressPending()
    }

    private mutating func compressPending() {
        let block = pending
        withUnsafeBytes(of: block) { bytes in
            if let start = bytes.baseAddress { Self.compress(start, into: &state) }
        }
    }

    /// One block of 64 bytes (§6.2.2). Eight rounds a step, in which the working variables change
    /// names instead of places.
    private static func compress(_ block: UnsafeRawPointer, into state: inout SIMD8<UInt32>) {
        var (a, b, c, d) = (state[0], state[1], state[2], state[3])
        var (e, f, g, h) = (state[4], state[5], state[6], state[7])
        withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 64) { words in
            expand(block, into: words)
            for t in stride(from: 0, to: 64, by: 8) {
                round(a, b, c, &d, e, f, g, &h, words[t])
                round(h, a, b, &c, d, e, f, &g, words[t &+ 1])
                round(g, h, a, &b, c, d, e, &f, words[t &+ 2])
                round(f, g, h, &a, b, c, d, &e, words[t &+ 3])
                round(e, f, g, &h, a, b, c, &d, words[t &+ 4])
                round(d, e, f, &g, h, a, b, &c, words[t &+ 5])
                round(c, d, e, &f, g, h, a, &b, words[t &+ 6])
                round(b, c, d, &e, f, g, h, &a, words[t &+ 7])
            }
        }
        state &+= SIMD8(a, b, c, d, e, f, g, h)
    }

    /// The block's message schedule, with each round's constant already added.
    @inline(__always) private static func expand(
        _ block: UnsafeRawPointer, into words: UnsafeMutableBufferPointer<UInt32>
    ) {
        for t in 0..<16 {
            let word = block.loadUnaligned(fromByteOffset: t &* 4, as: UInt32.self)
            words[t] = UInt32(bigEndian: word)
        }
        for t in 16..<64 {
            words[t] =
                smallSigma1(words[t &- 2]) &+ words[t &- 7]
                &+ smallSigma0(words[t &- 15]) &+ words[t &- 16]
        }
        roundConstants.withUnsafeBufferPointer { constants in
            for t in 0..<64 { words[t] &+= constants[t] }
        }
    }

    @inline(__always) private static func round(
        _ a: UInt32, _ b: UInt32, _ c: UInt32, _ d: inout UInt32,
        _ e: UInt32, _ f: UInt32, _ g: UInt32, _ h: inout UInt32, _ word: UInt32
    ) {
        h &+= bigSigma1(e) &+ ((e & f) ^ (~e & g)) &+ word
        d &+= h
        h &+= bigSigma0(a) &+ ((a & b) ^ (a & c) ^ (b & c))
    }

    // §4.1.2, (4.4) to (4.7).
    @inline(__always) private static func rotate(_ x: UInt32, _ bits: UInt32) -> UInt32 {
        x &>> bits | x &<< (32 &- bits)
    }
    @inline(__always) private static func bigSigma0(_ x: UInt32) -> UInt32 {
        rotate(x, 2) ^ rotate(x, 13) ^ rotate(x, 22)
    }
    @inline(__always) private static func bigSigma1(_ x: UInt32) -> UInt32 {
        rotate(x, 6) ^ rotate(x, 11) ^ rotate(x, 25)
    }
    @inline(__always) private static func smallSigma0(_ x: UInt32) -> UInt32 {
        rotate(x, 7) ^ rotate(x, 18) ^ x &>> 3
    }
    @inline(__always) private static func smallSigma1(_ x: UInt32) -> UInt32 {
        rotate(x, 17) ^ rotate(x, 19) ^ x &>> 10
    }

    /// The first 32 bits of the fractional parts of the cube roots of the first 64 primes (§4.2.2).
    private static let roundConstants: [UInt32] = [
        0x428a_2f98, 0x7137_4491, 0xb5c0_fbcf, 0xe9b5_dba5,
        0x3956_c25b, 0x59f1_11f1, 0x923f_82a4, 0xab1c_5ed5,
        0xd807_aa98, 0x1283_5b01, 0x2431_85be, 0x550c_7dc3,
        0x72be_5d74, 0x80de_b1fe, 0x9bdc_06a7, 0xc19b_f174,
        0xe49b_69c1, 0xefbe_4786, 0x0fc1_9dc6, 0x240c_a1cc,
        0x2de9_2c6f, 0x4a74_84aa, 0x5cb0_a9dc, 0x76f9_88da,
        0x983e_5152, 0xa831_c66d, 0xb003_27c8, 0xbf59_7fc7,
        0xc6e0_0bf3, 0xd5a7_9147, 0x06ca_6351, 0x1429_2967,
        0x27b7_0a85, 0x2e1b_2138, 0x4d2c_6dfc, 0x5338_0d13,
        0x650a_7354, 0x766a_0abb, 0x81c2_c92e, 0x9272_2c85,
        0xa2bf_e8a1, 0xa81a_664b, 0xc24b_8b70, 0xc76c_51a3,
        0xd192_e819, 0xd699_0624, 0xf40e_3585, 0x106a_a070,
        0x19a4_c116, 0x1e37_6c08, 0x2748_774c, 0x34b0_bcb5,
        0x391c_0cb3, 0x4ed8_aa4a, 0x5b9c_ca4f, 0x682e_6ff3,
        0x748f_82ee, 0x78a5_636f, 0x84c8_7814, 0x8cc7_0208,
        0x90be_fffa, 0xa450_6ceb, 0xbef9_a3f7, 0xc671_78f2,
    ]
}
