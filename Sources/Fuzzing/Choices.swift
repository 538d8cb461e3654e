import Primitives

/// An input read as a list of decisions, for targets whose bytes no mutation would get past a
/// checksum or a signature. Behind its end every decision is zero, so that a short input is a
/// simple case and any prefix of an input is one.
struct Choices {
    private var rest: ArraySlice<UInt8>

    init(_ input: [UInt8]) { rest = input[...] }

    var isEmpty: Bool { rest.isEmpty }

    mutating func byte() -> UInt8 { rest.popFirst() ?? 0 }

    /// Below `bound`, which is 1…256.
    mutating func number(below bound: Int) -> Int { Int(byte()) % bound }

    mutating func number16() -> Int { Int(byte()) << 8 | Int(byte()) }

    mutating func number64() -> UInt64 {
        (0..<8).reduce(0) { number, _ in number << 8 | UInt64(byte()) }
    }

    /// True for one byte in four.
    mutating func seldom() -> Bool { byte() >= 192 }

    /// The next bytes, as many as there are.
    mutating func bytes(atMost count: Int) -> [UInt8] {
        let taken = rest.prefix(count)
        rest = rest.dropFirst(count)
        return Array(taken)
    }
}

extension [UInt8] {
    /// The bytes in pieces as a network might deliver them, a third of them single bytes. The same
    /// bytes are always cut in the same way.
    var pieces: [[UInt8]] {
        var random = PRNG(seed: UInt64(CRC32C.checksum(self)))
        var pieces: [[UInt8]] = []
        var start = 0
        while start < count {
            let longest = random.next(below: 3) == 0 ? 1 : count - start
            let length = random.next(in: 1...longest)
            pieces.append(Array(self[start..<start + length]))
            start += length
        }
        return pieces
    }

    /// Every byte a piece of its own.
    var singleBytes: [[UInt8]] { map { [$0] } }
}
