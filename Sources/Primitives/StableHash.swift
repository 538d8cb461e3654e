/// A 64-bit hash of a sequence of words and byte strings that is the same in every process, on
/// every platform and for ever: nodes compare digests made of it, and files keep them. It is
/// neither keyed nor cryptographic.
///
/// Each word goes through one bijective step, so two sequences that differ in a single word never
/// collide.
@usableFromInline package struct StableHash: Sendable {
    @usableFromInline var state: UInt64

    /// Different seeds give unrelated hashes: one for each kind of thing that is hashed.
    @inlinable package init(seed: UInt64 = 0) { state = mix64(seed &+ goldenGamma) }

    /// The hash of everything so far.
    @inlinable package var value: UInt64 { mix64(state &+ goldenGamma) }

    /// Takes the next word into the hash.
    @inlinable package mutating func combine(_ word: UInt64) {
        state = mix64((state ^ word) &+ goldenGamma)
    }

    /// The high half, then the low half.
    @inlinable package mutating func combine(_ word: UInt128) {
        combine(UInt64(truncatingIfNeeded: word >> 64))
        combine(UInt64(truncatingIfNeeded: word))
    }

    /// The count, then the bytes as little-endian words, the last one filled up with zeros: so
    /// "ab", "c" and "a", "bc" differ.
    @inlinable package mutating func combine(_ bytes: UnsafeRawBufferPointer) {
        combine(UInt64(bytes.count))
        var offset = 0
        while bytes.count - offset >= 8 {
            let word = bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            combine(UInt64(littleEndian: word))
            offset += 8
        }
        guard offset < bytes.count else { return }
        var tail: UInt64 = 0
        for index in (offset..<bytes.count).reversed() { tail = tail << 8 | UInt64(bytes[index]) }
        combine(tail)
    }

    @inlinable package mutating func combine(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { combine($0) }
    }

    /// The text's UTF-8 bytes, exactly as they are: equivalent spellings hash differently.
    @inlinable package mutating func combine(_ text: String) {
        var text = text
        text.withUTF8 { combine(UnsafeRawBufferPointer($0)) }
    }
}
