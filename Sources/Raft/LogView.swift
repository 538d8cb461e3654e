import Primitives

/// The log as Raft sees it: the term of every entry, and the newest entries themselves. It runs
/// ahead of the disk; `WriteLedger` knows how far.
struct LogView: Sendable {
    /// Just before the oldest entry kept.
    let base: LogPosition
    private(set) var last: LogPosition
    /// Of all entries after `base`, by rising index.
    private var runs: [TermRun]
    private(set) var tail: EntryTail

    init(_ restored: RestoredLog) {
        base = restored.base
        last = restored.last
        runs = restored.termRuns
        tail = EntryTail(restored.tail, end: restored.last.index.next)
        invariant(isConsistent(restored), "INV-07: inconsistent log: \(self), \(restored)")
    }

    private func isConsistent(_ restored: RestoredLog) -> Bool {
        let rising = zip(runs, runs.dropFirst()).allSatisfy {
            $0.first < $1.first && $0.term < $1.term
        }
        let firstRun = runs.isEmpty ? base.index == last.index : runs[0].first == base.index.next
        let tailFits = restored.tail.enumerated().allSatisfy { offset, entry in
            entry.index == tail.first.advanced(by: offset) && term(at: entry.index) == entry.term
        }
        return rising && firstRun && tailFits && term(at: last.index) == last.term
            && restored.hardState.term >= last.term
            && (base.index...last.index).contains(restored.committed)
    }

    /// The term of the entry at `index`; nil when the log doesn't reach it or was cut above it.
    func term(at index: LogIndex) -> Term? {
        if index == last.index { return last.term }
        guard index > base.index else { return index == base.index ? base.term : nil }
        guard index < last.index else { return nil }
        return runs[run(of: index)].term
    }

    /// Whether the logs agree up to here (Log Matching).
    func holds(_ position: LogPosition) -> Bool { term(at: position.index) == position.term }

    /// The newest position at or below `limit.index` whose term is at most `limit.term`: a whole
    /// term is skipped at a time (Raft paper §5.3, end). `base` when there is none.
    func newest(atMost limit: LogPosition) -> LogPosition {
        var index = min(limit.index, last.index)
        while index > base.index {
            let run = runs[run(of: index)]
            if run.term <= limit.term { return LogPosition(term: run.term, index: index) }
            index = run.first.previous
        }
        return base
    }

    mutating func append(_ entry: Entry) {
        invariant(
            entry.index == last.index.next && entry.term >= last.term,
            "INV-06: \(entry.position) after \(last)")
        if runs.isEmpty || entry.term > last.term {
            runs.append(TermRun(term: entry.term, first: entry.index))
        }
        last = entry.position
        tail.append(entry)
    }

    /// Removes the entries from `index` on, all of which are above `base`.
    mutating func truncate(from index: LogIndex) {
        guard let term = term(at: index.previous), index <= last.index else {
            invariantFailure("INV-02: truncation from \(index) of \(base)...\(last)")
        }
        while let run = runs.last, run.first >= index { runs.removeLast() }
        last = LogPosition(term: term, index: index.previous)
        tail.truncate(from: index)
    }

    /// Gives up entries at or below `limit` while those in memory exceed `bytesMax`.
    mutating func release(through limit: LogIndex, bytesMax: Int) {
        while tail.bytes > bytesMax, tail.first <= limit, tail.first < tail.end {
            tail.dropFirst()
        }
    }

    /// Runs are few (one per term), and most questions are about the newest.
    private func run(of index: LogIndex) -> Int {
        if let newest = runs.last, newest.first <= index { return runs.count - 1 }
        var (low, high) = (0, runs.count - 1)
        while high - low > 1 {
            let middle = (low + high) / 2
            if runs[middle].first <= index { low = middle } else { high = middle }
        }
        return low
    }
}
