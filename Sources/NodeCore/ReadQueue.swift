package import Primitives
package import Raft

/// What is done once leadership has been confirmed after it was asked for.
package enum ConfirmedWork: Sendable {
    case read(RequestID, ReadOperation)
    /// A write that applied state refused: judged again, and refused only if it still must be.
    case judge(RequestID, WriteOperation)
    /// Calls that only a leader may make.
    case providerCall(ProviderCall)
}

/// Linearizable reads: each turn's reads share one read index; each waits until that is known, and
/// then until it is applied.
package struct ReadQueue: Sendable {
    private struct Batch {
        var id: ReadID
        var askedAt: MonotonicTime
        var work: [ConfirmedWork]
    }

    private struct Confirmed {
        var index: LogIndex
        var work: [ConfirmedWork]
    }

    private var gathered: [ConfirmedWork] = []
    private var asked: [Batch] = []
    private var confirmed: [Confirmed] = []
    private var lastID = ReadID(0)
    private var waiting = 0

    package init() {}

    /// Pieces of work anywhere on their way.
    package var count: Int { gathered.count + waiting }

    /// Queues work for the next read.
    package mutating func append(_ work: ConfirmedWork) {
        gathered.append(work)
    }

    /// Starts one read for all that gathered since the last call.
    package mutating func next(at now: MonotonicTime) -> ReadID? {
        guard !gathered.isEmpty else { return nil }
        lastID = ReadID(lastID.rawValue + 1)
        waiting += gathered.count
        asked.append(Batch(id: lastID, askedAt: now, work: gathered))
        gathered.removeAll(keepingCapacity: true)
        return lastID
    }

    /// - Returns: the work of a read that could not be confirmed.
    package mutating func resolve(_ outcome: ReadOutcome) -> [ConfirmedWork] {
        guard let slot = asked.firstIndex(where: { $0.id == outcome.id }) else { return [] }
        let batch = asked.remove(at: slot)
        guard let index = outcome.index else {
            waiting -= batch.work.count
            return batch.work
        }
        let place = confirmed.firstIndex { $0.index > index } ?? confirmed.endIndex
        confirmed.insert(Confirmed(index: index, work: batch.work), at: place)
        return []
    }

    /// The work whose index is applied.
    package mutating func ready(appliedThrough applied: LogIndex) -> [ConfirmedWork] {
        var work: [ConfirmedWork] = []
        while let first = confirmed.first, first.index <= applied {
            work.append(contentsOf: first.work)
            confirmed.removeFirst()
        }
        waiting -= work.count
        return work
    }

    /// The work of reads that were asked for before `time` and never answered.
    package mutating func expire(askedBefore time: MonotonicTime) -> [ConfirmedWork] {
        var work: [ConfirmedWork] = []
        while let first = asked.first, first.askedAt < time {
            work.append(contentsOf: first.work)
            asked.removeFirst()
        }
        waiting -= work.count
        return work
    }
}
