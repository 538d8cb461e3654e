import Primitives

/// What a payment token makes the simulated provider do.
enum PaymentToken: Hashable {
    case succeeds
    case declines
    /// Succeeds after so long; the answer to `confirm` comes then.
    case succeedsLate(Milliseconds)
    /// Succeeds, and the answer to `confirm` is lost.
    case succeedsUnheard

    /// Any token that isn't special succeeds.
    init(_ text: String) {
        switch text {
        case "tok_declined": self = .declines
        case "tok_timeout": self = .succeedsLate(.seconds(30))
        case "tok_unknown": self = .succeedsUnheard
        default:
            let prefix = "tok_slow_"
            if text.hasPrefix(prefix), let span = Int64(text.dropFirst(prefix.count)),
                (0...86_400_000).contains(span)
            {
                self = .succeedsLate(Milliseconds(span))
            } else {
                self = .succeeds
            }
        }
    }
}
