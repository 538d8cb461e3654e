package import Primitives

/// Inputs near to others, from a seed: what a fuzzer does, without its view of the code.
package struct Mutator: Sendable {
    private var random: PRNG
    private let inputs: [[UInt8]]
    private let bytesMax: Int

    /// Inputs near to these, which must be some.
    package init(_ inputs: [[UInt8]], bytesMax: Int, random: PRNG) {
        invariant(!inputs.isEmpty, "nothing to mutate")
        self.inputs = inputs
        self.bytesMax = bytesMax
        self.random = random
    }

    /// The next input: one of the given ones, changed in one to four places.
    package mutating func next() -> [UInt8] {
        var input = anyInput()
        for _ in 0..<random.next(in: 1...4) { change(&input) }
        return Array(input.prefix(bytesMax))
    }

    private mutating func anyInput() -> [UInt8] { inputs[random.next(in: 0...inputs.count - 1)] }

    private mutating func anyByte() -> UInt8 {
        // Bytes at the borders of what integers hold find more than others do.
        let borders: [UInt8] = [0, 1, 0x7F, 0x80, 0xFE, 0xFF]
        return random.next(below: 3) == 0
            ? borders[random.next(in: 0...borders.count - 1)]
            : UInt8(truncatingIfNeeded: random.next())
    }

    private mutating func change(_ input: inout [UInt8]) {
        let place = random.next(in: 0...input.count)
        let length = random.next(in: 0...min(8, input.count - place))
        switch random.next(below: 7) {
        case 0 where place < input.count: input[place] = anyByte()
        case 1 where place < input.count: input[place] ^= 1 << UInt8(random.next(below: 8))
        case 2: input.insert(anyByte(), at: place)
        case 3: input.removeSubrange(place..<place + length)
        case 4: input.insert(contentsOf: input[place..<place + length], at: place)
        case 5: input.removeSubrange(place...)
        default:
            let other = anyInput()
            let start = random.next(in: 0...other.count)
            let part = other[start..<start + random.next(in: 0...min(40, other.count - start))]
            input.insert(contentsOf: part, at: place)
        }
    }
}
