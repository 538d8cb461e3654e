package import Primitives

// Numbers from outside are bounded where they enter, so that arithmetic on them can't overflow.

extension Term {
    /// Nil above 2^63 - 1, which no cluster reaches.
    package init?(encoded value: UInt64) {
        guard value <= UInt64(Int64.max) else { return nil }
        self.init(value)
    }
}

extension LogIndex {
    /// Nil above 2^63 - 1, which no cluster reaches.
    package init?(encoded value: UInt64) {
        guard value <= UInt64(Int64.max) else { return nil }
        self.init(value)
    }
}

extension NodeID {
    /// Nil for zero, which names no node.
    package init?(encoded value: UInt16) {
        guard value > 0 else { return nil }
        self.init(value)
    }
}

extension WallTime {
    /// Nil outside 1970 to roughly the year 144,000: a clock that says so is not worth a sample.
    package init?(encoded value: Int64) {
        guard value >= 0, value < 1 << 52 else { return nil }
        self.init(value)
    }
}
