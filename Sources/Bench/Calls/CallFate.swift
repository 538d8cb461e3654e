import Primitives

/// What one attempt of a call came to.
enum AttemptResult: Hashable, Sendable {
    case status(UInt16)
    /// No connection: nothing was sent.
    case unreachable
    /// Sent, and no answer came: whether it was done is not known.
    case lost
}

/// What to do about it. Every call of this program carries an idempotency key or is idempotent by
/// its nature, so it is repeated, with the same bytes, until there is a definite answer.
enum CallFate: Hashable, Sendable {
    /// The answer stands.
    case definite
    /// Ask the node that `Location` names.
    case redirected
    /// Ask again, and somebody else if there is a choice.
    case elsewhere
    /// Ask the same node again.
    case again

    init(_ result: AttemptResult) {
        switch result {
        case .status(307): self = .redirected
        // A leader that is overloaded says 503 too; after a round it is asked again.
        case .status(503): self = .elsewhere
        case .status(504), .status(429): self = .again
        case .status: self = .definite
        case .unreachable, .lost: self = .elsewhere
        }
    }

    /// How long to wait before the next attempt, when this was attempt number `attempt`, from 1:
    /// a redirect is followed at once unless nodes keep pointing at each other.
    func pause(afterAttempt attempt: Int) -> Milliseconds {
        switch self {
        case .definite: .zero
        case .redirected where attempt <= 2: .zero
        case .redirected, .elsewhere, .again:
            Milliseconds(min(Self.pauseMax, Self.pauseMin << min(Int64(attempt - 1), 16)))
        }
    }

    private static var pauseMin: Int64 { 5 }
    private static var pauseMax: Int64 { 100 }
}
