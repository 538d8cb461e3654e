package import Primitives
package import Raft

/// What is done once leadership has been confirmed after it was asked for.
package enum ConfirmedWork: Sendable {
    case read(RequestID, ReadOperation)
    /// A write that applied state refused: judged again, and refused only if it still must be.
    case judge(RequestID, WriteOperation)
    /// A call that only a leader may make.
    case providerCall(ProviderCallID)
}

/// Linearizable reads: each turn's reads share one read index; each waits until that is known, and
/// then until it is applied. What they learn on the way is how fresh this node's state is.
package struct ReadQueue: Sendable {
    private struct Batch {
        var id: ReadID
        var askedAt: MonotonicTime
        var work: [ConfirmedWork]
        /// Known once the leader has answered.
        var index = LogIndex.zero
    }

    private var gathered: [ConfirmedWork] = []
    /// By rising time.
    private var asked: [Batch] = []
    /// Confirmed, by rising index.
    private var confirmed: [Batch] = []
    private var lastID = ReadID(0)
    private var lastAskedAt: MonotonicTime?
    private var waiting = 0
    /// This node's state is at least what the leader's was then; nil: it has never been compared.
    package private(set) var freshAsOf: MonotonicTime?

    package init() {}

    /// Pieces of work anywhere on their way.
    package var count: Int { gathered.count + waiting }

    /// Queues work for the next read.
    package mutating func append(_ work: ConfirmedWork) { gathered.append(work) }

    /// Starts one read for all that gathered since the last call; or for nobody, when none has
    /// been started for `interval`, to learn how fresh this node is.
    package mutating func next(at now: MonotonicTime, every interval: Milliseconds) -> ReadID? {
        let isDue = lastAskedAt.map { now.milliseconds(since: $0) >= interval } ?? true
        guard isDue || !gathered.isEmpty else { return nil }
        lastAskedAt = now
        lastID = ReadID(lastID.rawValue + 1)
        waiting += gathered.count
        asked.append(Batch(id: lastID, askedAt: now, work: gathered))
        gathered.removeAll(keepingCapacity: true)
        return lastID
    }

    /// There is a leader who may tell how fresh this node is.
    package mutating func measureSoon() { lastAskedAt = nil }

    /// Reads whose answer is still to come: another leader has to be asked for them again.
    package var unanswered: [ReadID] { asked.map(\.id) }

    /// - Returns: the work of a read that could not be confirmed.
    package mutating func resolve(_ outcome: ReadOutcome) -> [ConfirmedWork] {
        guard let slot = asked.firstIndex(where: { $0.id == outcome.id }) else { return [] }
        var batch = asked.remove(at: slot)
        guard let index = outcome.index else {
            waiting -= batch.work.count
            return batch.work
        }
        batch.index = index
        let place = confirmed.lastIndex { $0.index <= index }.map { $0 + 1 } ?? 0
        confirmed.insert(batch, at: place)
        return []
    }

    /// The work of the next read whose index is applied; nil when there is none.
    package mutating func popReady(appliedThrough applied: LogIndex) -> [ConfirmedWork]? {
        guard let first = confirmed.first, first.index <= applied else { return nil }
        confirmed.removeFirst()
        waiting -= first.work.count
        freshAsOf = max(freshAsOf ?? first.askedAt, first.askedAt)
        return first.work
    }

    /// The work of reads that were asked for before `time` and could not be answered since.
    package mutating func expire(askedBefore time: MonotonicTime) -> [ConfirmedWork] {
        var work: [ConfirmedWork] = []
        while let first = asked.first, first.askedAt < time {
            work += first.work
            asked.removeFirst()
        }
        if confirmed.contains(where: { $0.askedAt < time }) {
            for batch in confirmed where batch.askedAt < time { work += batch.work }
            confirmed.removeAll { $0.askedAt < time }
        }
        waiting -= work.count
        return work
    }
}
