import Primitives

/// The timers of one event shard.
struct Timers: Sendable {
    private var heap = BinaryHeap<Due>()
    /// The newest hold's eviction, once due: it waits until another hold has come.
    private var postponed: Due?

    mutating func insert(_ due: Due) { heap.insert(due) }

    var earliest: Due? { heap.min }

    mutating func removeEarliest() { _ = heap.removeMin() }

    /// Whether anything may be due; a timer whose reason is gone counts.
    func isDue(at now: WallTime) -> Bool { heap.min.map { $0.time <= now } ?? false }

    mutating func postpone(_ due: Due) { postponed = due }

    /// To be called when a hold comes that is newer than the postponed one.
    mutating func resumePostponed() {
        if let due = postponed.take() { heap.insert(due) }
    }
}
