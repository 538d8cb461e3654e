import Primitives

/// Waits between attempts: doubling from the least to the most, each shortened by up to half at
/// random, so that peers cut off together don't come back together.
struct Backoff {
    private let least: Milliseconds
    private let most: Milliseconds
    private var next: Milliseconds

    /// - Parameter least: at least 1 ms, and at most `most`.
    init(from least: Milliseconds, to most: Milliseconds) {
        invariant(
            least > .zero && least <= most,
            "a backoff from \(least.rawValue) ms to \(most.rawValue) ms")
        self.least = least
        self.most = most
        next = least
    }

    /// How long to wait before the next attempt.
    mutating func wait(_ random: inout PRNG) -> Milliseconds {
        let whole = Int(next.rawValue)
        next = min(next + next, most)
        return Milliseconds(Int64(random.next(in: (whole + 1) / 2...whole)))
    }

    /// The attempts succeeded: the next failure starts from the least wait again.
    mutating func reset() { next = least }
}
