import Primitives

/// The longest time without a successful write while somebody wanted one: what buyers feel of a
/// dead leader. Time in which nobody asks, and the tail of a sale in which nearly every answer is
/// a refusal, do not count.
struct GapMeter: Sendable {
    private enum Phase {
        /// Nobody waits. → waiting
        case idle
        /// Somebody has waited since `since`, or since the last success. → idle, closed
        case waiting(since: MonotonicTime)
        /// The measurement has ended.
        case closed
    }

    private var phase = Phase.idle
    private var askersWaiting = 0
    private(set) var longest = Nanoseconds.zero

    /// Somebody asks for a write that depends on the cluster alone.
    mutating func ask(at now: MonotonicTime) {
        askersWaiting += 1
        if case .idle = phase { phase = .waiting(since: now) }
    }

    /// Such a write was answered, whatever the answer.
    mutating func answer(at now: MonotonicTime) {
        invariant(askersWaiting > 0, "an answer without a question")
        askersWaiting -= 1
        guard askersWaiting == 0, case .waiting = phase else { return }
        end(at: now)
        phase = .idle
    }

    /// Any write succeeded, one that waits for others included.
    mutating func success(at now: MonotonicTime) {
        guard case .waiting = phase else { return }
        end(at: now)
        phase = .waiting(since: now)
    }

    /// Ends the measurement.
    mutating func close(at now: MonotonicTime) {
        end(at: now)
        phase = .closed
    }

    private mutating func end(at now: MonotonicTime) {
        guard case .waiting(let since) = phase else { return }
        longest = max(longest, Nanoseconds(from: since, to: now))
    }
}
