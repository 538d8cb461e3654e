import Primitives

/// From 128-bit keys to 32-bit values: open addressing with linear probing, and backward-shift
/// deletion instead of tombstones (Knuth, volume 3, 6.4, algorithm R). It is split into segments
/// that grow one at a time, so that no single insertion moves a table of millions.
struct IDTable: Sendable {
    private static let segmentBits: UInt64 = 6
    private var segments = [Segment](repeating: Segment(), count: 1 << segmentBits)

    subscript(key: UInt128) -> UInt32? {
        let hash = Self.hash(key)
        return segments[Self.segment(hash)].find(key, hash)
    }

    /// The key must not be in the table.
    mutating func insert(_ key: UInt128, _ value: UInt32) {
        let hash = Self.hash(key)
        segments[Self.segment(hash)].insert(key, hash, value)
    }

    /// Does nothing when the key isn't in the table.
    mutating func remove(_ key: UInt128) {
        let hash = Self.hash(key)
        segments[Self.segment(hash)].remove(key, hash)
    }

    /// Keys are random or digests already: folding is enough.
    private static func hash(_ key: UInt128) -> UInt64 {
        let folded = UInt64(truncatingIfNeeded: key) ^ UInt64(truncatingIfNeeded: key >> 64)
        return folded &* 0x9E37_79B9_7F4A_7C15
    }

    private static func segment(_ hash: UInt64) -> Int {
        Int(truncatingIfNeeded: hash &>> (64 &- segmentBits))
    }

    private struct Segment: Sendable {
        private static let vacant = UInt32.max
        /// Equal in length, a power of two, or both empty; at most half of the places are taken.
        private var keys: [UInt128] = []
        private var values: [UInt32] = []
        private var count = 0

        func find(_ key: UInt128, _ hash: UInt64) -> UInt32? {
            guard count > 0 else { return nil }
            let place = place(of: key, hash)
            return values[place] == Self.vacant ? nil : values[place]
        }

        mutating func insert(_ key: UInt128, _ hash: UInt64, _ value: UInt32) {
            invariant(value != Self.vacant, "the value marks a vacant place")
            if count * 2 >= keys.count { grow() }
            let place = place(of: key, hash)
            invariant(values[place] == Self.vacant, "key \(key) is in the table")
            keys[place] = key
            values[place] = value
            count += 1
        }

        mutating func remove(_ key: UInt128, _ hash: UInt64) {
            guard count > 0 else { return }
            var hole = place(of: key, hash)
            guard values[hole] != Self.vacant else { return }
            count -= 1
            let mask = keys.count - 1
            var next = (hole + 1) & mask
            while values[next] != Self.vacant {
                let home = home(IDTable.hash(keys[next]))
                // It may fill the hole unless its home lies behind the hole.
                if (next - home) & mask >= (next - hole) & mask {
                    keys[hole] = keys[next]
                    values[hole] = values[next]
                    hole = next
                }
                next = (next + 1) & mask
            }
            values[hole] = Self.vacant
        }

        private func home(_ hash: UInt64) -> Int {
            Int(truncatingIfNeeded: hash &>> 20) & (keys.count - 1)
        }

        /// Where the key is, or the vacant place where it would be.
        private func place(of key: UInt128, _ hash: UInt64) -> Int {
            var place = home(hash)
            while values[place] != Self.vacant, keys[place] != key {
                place = (place + 1) & (keys.count - 1)
            }
            return place
        }

        private mutating func grow() {
            let (oldKeys, oldValues) = (keys, values)
            let capacity = max(8, oldKeys.count * 2)
            keys = [UInt128](repeating: 0, count: capacity)
            values = [UInt32](repeating: Self.vacant, count: capacity)
            for (key, value) in zip(oldKeys, oldValues) where value != Self.vacant {
                let place = place(of: key, IDTable.hash(key))
                keys[place] = key
                values[place] = value
            }
        }
    }
}
