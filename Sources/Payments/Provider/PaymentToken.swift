import Primitives

/// What a payment token makes the simulated provider do.
enum PaymentToken: Hashable {
    case succeeds
    case declines
    /// Succeeds after so long; the answer to `confirm` comes then.
    case succeedsLate(Milliseconds)
    /// Succeeds, and nobody is told: the answer to `confirm` is lost, and there is no webhook.
    case succeedsUnheard

    private static let delayMax = Milliseconds.seconds(86_400)

    /// Any token that isn't special succeeds; so does one that asks for more than a day.
    init(_ text: String) {
        switch text {
        case "tok_declined": self = .declines
        case "tok_timeout": self = .succeedsLate(.seconds(30))
        case "tok_unknown": self = .succeedsUnheard
        default: self = Self.delay(text).map { .succeedsLate($0) } ?? .succeeds
        }
    }

    /// The delay of `tok_slow_<ms>`.
    private static func delay(_ text: String) -> Milliseconds? {
        let prefix = "tok_slow_"
        guard text.hasPrefix(prefix), let span = Int64(text.dropFirst(prefix.count)),
            (0...delayMax.rawValue).contains(span)
        else { return nil }
        return Milliseconds(span)
    }
}
