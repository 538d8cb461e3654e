package import Inventory
package import Primitives

/// Commit requests that wait, within their patience, for their attempt to settle.
package struct PaymentWaiters: Sendable {
    private struct Waiting {
        var request: RequestID
        var attempt: AttemptID
        var until: MonotonicTime
    }

    /// In order of arrival, which is the order of patience's end.
    private var queue: [Waiting] = []
    private var requests: [AttemptID: [RequestID]] = [:]

    package init() {}

    package var count: Int { queue.count }

    /// A request begins to wait. `until` must not fall from call to call.
    package mutating func append(
        _ request: RequestID, attempt: AttemptID, until: MonotonicTime
    ) {
        queue.append(Waiting(request: request, attempt: attempt, until: until))
        requests[attempt, default: []].append(request)
    }

    /// The attempt has settled: these requests are to be answered, and wait no longer.
    package mutating func settle(_ attempt: AttemptID) -> [RequestID] {
        guard let settled = requests.removeValue(forKey: attempt) else { return [] }
        queue.removeAll { $0.attempt == attempt }
        return settled
    }

    /// Requests whose patience has ended.
    package mutating func expire(at now: MonotonicTime) -> [(RequestID, AttemptID)] {
        var expired: [(RequestID, AttemptID)] = []
        while let first = queue.first, first.until <= now {
            queue.removeFirst()
            requests[first.attempt]?.removeAll { $0 == first.request }
            if requests[first.attempt]?.isEmpty == true { requests[first.attempt] = nil }
            expired.append((first.request, first.attempt))
        }
        return expired
    }

    /// Leadership is gone.
    package mutating func abandon() -> [RequestID] {
        let all = queue.map(\.request)
        self = PaymentWaiters()
        return all
    }
}
