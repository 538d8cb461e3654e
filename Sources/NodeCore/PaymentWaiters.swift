package import Inventory
package import Primitives

/// Commit requests that wait, within their patience, for their attempt to settle.
package struct PaymentWaiters: Sendable {
    private struct Waiting {
        var request: RequestID
        var attempt: AttemptID
        var until: MonotonicTime
    }

    /// In order of arrival, which is the order of patience's end; those that settled are still in.
    private var queue = Queue<Waiting>()
    private var requests: [AttemptID: [RequestID]] = [:]
    package private(set) var count = 0

    package init() {}

    /// Deadlines must not fall from call to call.
    package mutating func append(
        _ request: RequestID, attempt: AttemptID, until: MonotonicTime
    ) {
        queue.append(Waiting(request: request, attempt: attempt, until: until))
        requests[attempt, default: []].append(request)
        count += 1
    }

    /// The attempt has settled: these requests are to be answered, and wait no longer.
    package mutating func settle(_ attempt: AttemptID) -> [RequestID] {
        guard count > 0, let settled = requests.removeValue(forKey: attempt) else { return [] }
        count -= settled.count
        return settled
    }

    /// Requests whose patience has ended.
    package mutating func expire(at now: MonotonicTime) -> [(RequestID, AttemptID)] {
        var expired: [(RequestID, AttemptID)] = []
        while let first = queue.first, first.until <= now {
            _ = queue.popFirst()
            guard let waiting = requests[first.attempt],
                let place = waiting.firstIndex(of: first.request)
            else { continue }
            requests[first.attempt]?.remove(at: place)
            if waiting.count == 1 { requests[first.attempt] = nil }
            count -= 1
            expired.append((first.request, first.attempt))
        }
        return expired
    }
}
